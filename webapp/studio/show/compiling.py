"""The show's files as models, read as an import reads them, and what is wrong with them in words.

Pure: no database, no clock.
"""

from collections.abc import Mapping, Sequence

from webapp.episodes.expectations import validate
from webapp.episodes.front_matter import read_marked, split
from webapp.episodes.marked_yaml import MarkedYaml, load
from webapp.episodes.problems import BundleProblem, BundleRefused
from webapp.studio.rows import FormRow, Pairs
from webapp.studio.show.fields import Field, Item, Sheet
from webapp.studio.show.filling import rows_of
from webapp.studio.show.inks import is_colour, nearest_ink
from webapp.studio.source.colours import LEAST_CONTRAST, contrast
from webapp.studio.source.files import Person
from webapp.studio.source.schema import HelpFile, PersonFile, ShowFile, TopicsFile
from webapp.writing import WritingRefused, render_text

Problems = Mapping[str, Sequence[str]]  # sentences by the place of a field; "" where it has none

_EXPECTED = "expected "


def read_show(text: str) -> ShowFile:
    """Return show.yaml as a model. Raises BundleRefused with everything that is wrong."""
    show = validate(ShowFile, load(text, file="show.yaml"), file="show.yaml")
    _try_text(show.about, "show.yaml", "about")
    return show


def read_topics(text: str) -> TopicsFile:
    """Return topics.yaml as a model. Raises BundleRefused with everything that is wrong."""
    marked = load(text, file="topics.yaml")
    lines = {("topics", *path): line for path, line in marked.lines.items()}
    under_a_key = MarkedYaml({"topics": marked.value}, lines)
    return validate(TopicsFile, under_a_key, file="topics.yaml")


def read_help(text: str) -> HelpFile:
    """Return help.yaml as a model. Raises BundleRefused with everything that is wrong."""
    return validate(HelpFile, load(text, file="help.yaml"), file="help.yaml")


def read_person(slug: str, text: str) -> Person:
    """Return a person's file as a model. Raises BundleRefused with everything that is wrong."""
    file = f"people/{slug}.md"
    head, _marked = read_marked(PersonFile, text, file=file)
    bio = split(text)[1]
    _try_text(bio, file, "bio")
    return Person(slug, head, bio)


def problems_at(sheet: Sheet, pairs: Pairs, refused: BundleRefused) -> Problems:
    """Return what is wrong in words, at the places of the form's fields and lists."""
    found: dict[str, list[str]] = {}
    for problem in refused.problems:
        place, row = _place(sheet.items, FormRow("", pairs), problem.key.split("."))
        found.setdefault(place, []).append(_sentence(problem, row))
    return found


def _place(items: Sequence[Item], row: FormRow, path: Sequence[str]) -> tuple[str, FormRow]:
    """Return the place of a key's field, and the row in which it is; "" for a key with none."""
    before = f"{row.place}-" if row.place else ""
    for item in items:
        steps = item.name.split(".")
        if path[: len(steps)] != steps:
            continue
        rest = path[len(steps) :]
        if isinstance(item, Field) or not rest:
            return f"{before}{item.name}", row
        rows = [one for one in rows_of(row.pairs, item.name, row) if not one.is_gone]
        number = int(rest[0]) if rest[0].isdecimal() else 0
        if number not in range(1, len(rows) + 1):
            return f"{before}{item.name}", row
        at = rows[number - 1]
        return _place(item.fields, at, ["value"] if item.plain else rest[1:])
    # A mapping that is not there as a whole, or an item of a list: its first field.
    inside = (item for item in items if path == item.name.split(".")[: len(path)])
    first = next(inside, None)
    return (f"{before}{first.name}" if first else "", row)


def _sentence(problem: BundleProblem, row: FormRow) -> str:
    """Return a problem as a sentence for whoever fills in the form."""
    words = problem.expected.removesuffix("; the key is missing")
    if words.startswith(_EXPECTED):
        words = f"Write {words.removeprefix(_EXPECTED)}"
    field, ink = row.get("field"), row.get("ink")
    are_colours = problem.key.endswith(".ink") and is_colour(field) and is_colour(ink)
    if are_colours and contrast(field, ink) < LEAST_CONTRAST:
        words += f". The nearest that can be read is {nearest_ink(field, ink)}"
    return f"{words}."


def _try_text(text: str, file: str, key: str) -> None:
    """Raise BundleRefused for a text in Markdown that cannot be rendered."""
    try:
        render_text(text)
    except WritingRefused as refused:
        raise BundleRefused([BundleProblem(file, 0, key, str(refused))]) from refused
