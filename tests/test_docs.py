"""What the documents say of the code is true."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.transfer.conftest import problems_of
from tests.transfer.made_media import jpeg, mp4
from webapp.cli import main
from webapp.episodes.expectations import Written, keys_of, model_within
from webapp.episodes.front_matter import FrontMatter
from webapp.settings import PREFIX, Settings
from webapp.studio.source.schema import HelpFile, PersonFile, ShowFile, TopicEntry
from webapp.transfer.bundle import read_bundle

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted(
    [
        ROOT / "README.md",
        ROOT / "CHANGELOG.md",
        *ROOT.glob("*/README.md"),
        *ROOT.glob("docs/**/*.md"),
    ]
)
PATH = re.compile(r"`((?:tests|webapp|deploy|docs|seeds|templates)/[\w./-]*)`")
TESTS = re.compile(r"tests/[\w/]+\.py")

BUNDLE = ROOT / "docs" / "bundle.md"
EPISODE = "episodes/getting-to-yes"
FILES = {  # what each section of the document describes, and where its example goes
    "show.yaml": (ShowFile, "show.yaml"),
    "topics.yaml": (TopicEntry, "topics.yaml"),
    "help.yaml": (HelpFile, "help.yaml"),
    "people/<slug>.md": (PersonFile, "people/dot-farrow.md"),
    "episodes/<slug>/index.md": (FrontMatter, f"{EPISODE}/index.md"),
}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_documents_name_only_files_and_commands_that_there_are(document: Path):
    text = document.read_text(encoding="utf-8")

    for name in PATH.findall(text):
        assert (ROOT / name).exists(), name
    for command in re.findall(r"`postbag ([\w-]+)", text):
        assert command in main.commands
    for link in re.findall(r"\]\(([^)#:]+)\)", re.sub(r"`[^`\n]*`", "", text)):
        assert (document.parent / link).exists(), link


def test_every_setting_is_documented_and_no_other():
    text = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    documented = set(re.findall(rf"^\| `{PREFIX}(\w+)`", text, re.MULTILINE))

    assert documented == {name.upper() for name in Settings.model_fields}


def test_each_sum_of_the_capacity_is_right():
    text = (ROOT / "docs" / "capacity.md").read_text(encoding="utf-8")
    sums = re.findall(r"(\d[\d.,]*(?: [÷×+−] \d[\d.,]*)+) = (\d[\d.,]*\d|\d)", text)

    assert len(sums) > 25
    for sum_, result in sums:
        value, told = worked_out(sum_), float(result.replace(",", ""))
        places = len(result.partition(".")[2])
        assert abs(value - told) <= 0.5 * 10**-places + 1e-9, f"{sum_} is {value}, not {result}"


TAKEN = {  # rows of the capacity, and those of the benchmarks that their figures are taken from
    "a file from nginx, which is what a baked page is": ["nginx: the page as a file"],
    "a page that Postbag keeps": ["an episode’s page, kept"],
    "a page made anew": [
        "not kept, and not finished beforehand either",
        "not kept: an episode’s page",
    ],
    "a question accepted": ["SQLite: `/ask/send`", "PostgreSQL: `/ask/send`"],
}


def test_the_capacity_counts_with_what_the_benchmarks_have_measured():
    text = (ROOT / "docs" / "capacity.md").read_text(encoding="utf-8")
    measured = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    told = {row: figures_of(text, row) for row in TAKEN}

    for row, sources in TAKEN.items():
        found = [figures_of(measured, source)[0] for source in sources]
        assert told[row] == [float(f"{figure:.3g}") for figure in found], row
    divided_by = {
        float(number.replace(",", ""))
        for number in re.findall(r"÷ ([\d,]+) = [\d.]+ (?:cores|s of one core)", text)
    }
    assert divided_by == {figures[0] for figures in told.values()}


def figures_of(text: str, row: str) -> list[float]:
    """Return how many a second a row of a table says, from the left."""
    [line] = [line for line in text.splitlines() if line.startswith(f"| {row} |")]
    return [float(figure.replace(",", "")) for figure in re.findall(r"([\d,]+)/s", line)]


def worked_out(sum_: str) -> float:
    """Return a sum as it is written: × and ÷ first, each from the left."""
    total, sign = 0.0, 1
    for part in re.split(r" ([+−]) ", sum_.replace(",", "")):
        if part in "+−":
            sign = 1 if part == "+" else -1
            continue
        first, *rest = re.split(r" ([×÷]) ", part)
        value = float(first)
        for operator, number in zip(rest[::2], rest[1::2], strict=True):
            value = value * float(number) if operator == "×" else value / float(number)
        total += sign * value
    return total


def test_make_lists_every_target():
    source = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = set(re.search(r"^\.PHONY: (.*)$", source, re.MULTILINE)[1].split())

    assert set(re.findall(r"^([a-z]+):.*##", source, re.MULTILINE)) == phony


def test_every_promise_names_tests_that_there_are():
    text = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    promises = [line for line in text.splitlines() if line.count("|") == 4 and "tests/" in line]

    assert len(promises) == text.split("\n## ")[1].count("\n| ") - 1  # all but the table's head
    for promise in promises:
        for name in TESTS.findall(promise.split("|")[3]):
            assert "def test_" in (ROOT / name).read_text(encoding="utf-8"), name


def test_every_line_of_what_a_compromise_gives_away_names_tests_that_there_are():
    text = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    lines = text.split("\n## What a compromise gives away\n")[1].split("\n## ")[0].splitlines()
    told = [line for line in lines if line.startswith("- ")]

    assert len(told) > 20
    for line in told:
        named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", line)
        assert named, line
        for file, test in named:
            assert f"\ndef {test}(" in (ROOT / file).read_text(encoding="utf-8"), test


def test_the_privacy_page_names_tests_that_there_are_under_each_of_its_headings():
    page = (ROOT / "templates/episodes/_how_we_keep.html").read_text(encoding="utf-8")
    promises = page.split("<h3")[1:]

    assert len(promises) > 5
    for promise in promises:
        names = TESTS.findall(promise)
        assert names, promise
        assert all((ROOT / name).is_file() for name in names), names


def section(name: str) -> str:
    """Return what docs/bundle.md says of a file."""
    text = BUNDLE.read_text(encoding="utf-8")
    return text.split(f"\n## `{name}`\n")[1].split("\n## `")[0]  # an example has headings too


def keys_within(model: type[Written], above: str = "") -> Iterator[tuple[str, bool]]:
    """Yield every key of a file, with dots between it and those above, and if it is needed."""
    for key, field in keys_of(model).items():
        yield f"{above}{key}", model.model_fields[field].is_required()
        if inner := model_within(model, key):
            yield from keys_within(inner, f"{above}{key}.")


@pytest.mark.parametrize("name", FILES)
def test_every_key_of_a_bundle_is_documented_and_no_other(name: str):
    rows = re.findall(r"^\| `([\w.]+)` \| (yes)? ?\|", section(name), re.MULTILINE)

    assert {key: needed == "yes" for key, needed in rows} == dict(keys_within(FILES[name][0]))


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The bundle whose files are the examples of docs/bundle.md, with made media."""
    files = {place: example_in(section(name)) for name, (_, place) in FILES.items()}
    beside = BUNDLE.read_text(encoding="utf-8").split("\n### A transcript\n")[1]
    files[f"{EPISODE}/transcript.en.vtt"] = example_in(beside)
    files[f"{EPISODE}/chapters.json"] = example_in(beside.split("\n### `chapters.json`\n")[1])
    for place, text in files.items():
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(text, encoding="utf-8")
    (tmp_path / EPISODE / "poster.jpg").write_bytes(jpeg())
    (tmp_path / EPISODE / "video.mp4").write_bytes(mp4())
    return tmp_path


def example_in(text: str) -> str:
    """Return the first block of code in a text."""
    return re.search(r"^```\w+\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)[1]


def test_the_examples_are_a_whole_bundle(example: Path):
    bundle = read_bundle(example)

    assert bundle.show.podcast.update_frequency.rrule == "FREQ=WEEKLY;BYDAY=TU,FR"
    assert [topic.slug for topic in bundle.topics.topics] == ["communication", "sex"]
    assert [country.code for country in bundle.help.countries] == ["GB", ""]
    assert [person.head.name for person in bundle.people] == ["Dot Farrow"]
    [episode] = bundle.episodes
    assert [part.id for part in episode.expansion.parts] == ["one", "two"]
    assert "doc-noteref" in episode.expansion.short_answer_html
    assert 'class="checklist"' in episode.expansion.parts[0].html
    assert [cue.voice for cue in episode.cues] == ["Dot Farrow"]
    assert [chapter.title for chapter in episode.chapters] == ["The letter", "Find out"]


def test_mistakes_are_named_as_the_document_says(example: Path):
    for place, right, wrong in (
        (f"{EPISODE}/index.md", "checked: 2026-11-01", "checked: last week"),
        ("show.yaml", "timezone: ", "timezome: "),
    ):
        text = (example / place).read_text(encoding="utf-8")
        (example / place).write_text(text.replace(right, wrong), encoding="utf-8")

    said = BUNDLE.read_text(encoding="utf-8").split("\n## How it is refused\n")[1]
    assert problems_of(example) == example_in(said).splitlines()
