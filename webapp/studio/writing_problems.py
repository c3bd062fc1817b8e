"""What is wrong with an episode's files, said at the fields of the form that made them. Pure."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from webapp.episodes.problems import BundleProblem
from webapp.studio.rows import Pairs, read_rows
from webapp.studio.source.chapter_fields import CHAPTERS
from webapp.studio.source.fields import ALIAS_ROWS, ASKED, CHAPTER_ROWS, INDEX, SINGLE
from webapp.studio.source.list_fields import ALIASES, LISTS, places_of

Problem = tuple[str, str]  # the id of a field, or of a part of the form, and what is wrong there

LABELS: Mapping[str, str] = MappingProxyType(
    {
        "title": "Title",
        "slug": "Address",
        "summary": "Summary",
        "season": "Season",
        "number": "Number",
        "kind": "Kind",
        "duration": "Length",
        "explicit": "For adults",
        "topics": "Topics",
        "question_text": "The question",
        "question_sign_off": "Sign-off",
        "question_asked": "Month",
        "question_edited": "Edited",
        "short": "Short answer",
        "parts": "Parts",
        "notes": "Content notes",
        "contributors": "Who is heard",
        "resources": "Resources",
        "media": "Video and sound",
        "chapters": "Chapters",
        "aliases": "Old addresses",
        "corrections": "Corrections",
    }
)

_ITEM = re.compile(r"([a-z]+)\.(\d+)(?:\.([a-z_]+))?")


def place(problems: Iterable[BundleProblem], pairs: Pairs) -> tuple[Problem, ...]:
    """Return each problem at the field that it is about, once, in sentences."""
    return tuple(dict.fromkeys(_place(problem, pairs) for problem in problems))


def _place(problem: BundleProblem, pairs: Pairs) -> Problem:
    name = problem.file.rpartition("/")[2]
    if name == CHAPTERS:
        return f"f-{CHAPTER_ROWS}", f"{LABELS[CHAPTER_ROWS]}: {problem.expected}"
    if name != INDEX:
        line = f", line {problem.line}" if problem.line else ""
        return "f-files", f"{name}{line}: {problem.expected}"
    if not problem.key:
        return "f-short", f"Text: {problem.expected}"
    for field, (key, inner, _kind) in {**SINGLE, **ASKED}.items():
        if problem.key == (f"{key}.{inner}" if inner else key):
            return _id_of(field), f"{LABELS[field]}: {problem.expected}"
    return _place_in_list(problem, pairs)


def _place_in_list(problem: BundleProblem, pairs: Pairs) -> Problem:
    found = _ITEM.fullmatch(problem.key)
    group = found[1] if found else problem.key.partition(".")[0]
    label = LABELS.get(group, group)
    group_id = f"f-{group}" if group in LABELS and group != "corrections" else "f-parts"
    kinds = {**LISTS, ALIAS_ROWS: ALIASES}.get(group)
    if found is None or kinds is None:
        return group_id, f"{label}: {problem.expected}"
    number, field = int(found[2]), found[3] or next(iter(kinds))
    places = places_of(read_rows(pairs, group), kinds)
    words = f"{label}, {number}: {problem.expected}"
    if number > len(places):
        return group_id, words
    return f"{places[number - 1]}-{field}", words


def _id_of(field: str) -> str:
    return "f-question" if field == "question_text" else f"f-{field.replace('_', '-')}"
