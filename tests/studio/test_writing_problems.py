"""Problems of files, said at the fields that made them."""

import pytest

from webapp.episodes.problems import BundleProblem
from webapp.studio.writing_problems import place

PAIRS = (
    ("notes-0-was", "0"),
    ("notes-0-gone", "yes"),
    ("notes-1-was", "1"),
    ("notes-1-text", "Kept"),
    ("resources-0-title", ""),
    ("resources-1-title", "A book"),
    ("aliases-0-path", "old"),
)


@pytest.mark.parametrize(
    ("file", "key", "field"),
    [
        ("index.md", "title", "f-title"),
        ("index.md", "episode.type", "f-kind"),
        ("index.md", "question.text", "f-question"),
        ("index.md", "question.sign_off", "f-question-sign-off"),
        ("index.md", "topics.2", "f-topics"),
        ("index.md", "notes.1.text", "notes-1-text"),
        ("index.md", "resources.1.checked", "resources-1-checked"),
        ("index.md", "resources.9.checked", "f-resources"),
        ("index.md", "aliases.1", "aliases-0-path"),
        ("index.md", "parts.1.id", "f-parts"),
        ("index.md", "corrections.1.part", "f-parts"),
        ("index.md", "", "f-short"),
        ("chapters.json", "", "f-chapters"),
        ("transcript.en.vtt", "", "f-files"),
    ],
)
def test_a_problem_is_placed_at_its_field(file: str, key: str, field: str):
    problem = BundleProblem(f"episodes/walls/{file}", 3, key, "expected something else")

    ((where, words),) = place([problem, problem], PAIRS)

    assert where == field
    assert words.endswith("expected something else")
