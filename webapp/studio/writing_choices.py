"""Fields that two people changed, side by side, and what somebody chose for each. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.moderation.diffing import Change, diff
from webapp.studio.rows import Pairs, read_rows
from webapp.studio.source.chapter_fields import CHAPTERS
from webapp.studio.source.fields import PARTS, QUESTION
from webapp.studio.source.merging import HERE, ORDER, PART, SHORT, THERE, Conflict
from webapp.studio.source.pieces import Entry, value_of
from webapp.studio.source.typed import lines, one_line, said
from webapp.studio.unsaved import CHOICE
from webapp.studio.writing import Differs
from webapp.studio.writing_problems import LABELS

BOTH = "both"
CHOICES = ((THERE, "Mine"), (HERE, "The one that is saved"))
ALL_CHOICES = (*CHOICES, (BOTH, "Both, one behind the other, to edit below"))
WHOLE_FIELDS = {
    SHORT: LABELS["short"],
    ORDER: "The order of the parts",
    PARTS: "When the video gets to which part",
    "episode": "Season, number, kind, length",
    QUESTION: LABELS["question_text"],
    CHAPTERS: LABELS["chapters"],
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two people changed: what is saved and what was typed, word by word.

    `name` is that of its choices, `choice` the one that was made.
    """

    name: str
    label: str
    here: str
    there: str
    changes: tuple[Change, ...]
    choices: tuple[tuple[str, str], ...]
    choice: str


def choices_in(pairs: Pairs) -> dict[str, str]:
    """Return what somebody chose for the fields that two people changed, by field."""
    return {name.removeprefix(CHOICE): value for name, value in pairs if name.startswith(CHOICE)}


def list_differences(differs: Differs, choices: Mapping[str, str]) -> tuple[Difference, ...]:
    """Return the fields that two people changed; what was put together counts as one's own."""
    return tuple(
        Difference(
            name=f"{CHOICE}{each.field}",
            label=_label(each),
            here=_shown(each, each.here),
            there=_shown(each, each.there),
            changes=diff(_shown(each, each.here), _shown(each, each.there)),
            choices=ALL_CHOICES if _field_of(each) and each.here and each.there else CHOICES,
            choice=THERE if choices.get(each.field) == BOTH else choices.get(each.field, ""),
        )
        for each in differs.conflicts
    )


def put_both(pairs: Pairs, differs: Differs, choices: Mapping[str, str]) -> Pairs:
    """Return a form with what is saved behind what was typed, wherever both were chosen."""
    for each in differs.conflicts:
        field = _field_in(pairs, each) if choices.get(each.field) == BOTH else ""
        pairs = [
            (name, f"{said(value)}\n\n{_text_of(each)}" if field and name == field else value)
            for name, value in pairs
        ]
    return pairs


def _field_of(conflict: Conflict) -> bool:
    """Return whether two versions of a field can be put behind each other."""
    return conflict.field == SHORT or conflict.field.startswith(PART)


def _field_in(pairs: Pairs, conflict: Conflict) -> str:
    if conflict.field == SHORT:
        return "short"
    name = conflict.field.removeprefix(PART)
    rows = (row for row in read_rows(pairs, PARTS) if row.get("id") == name and not row.is_gone)
    return next((f"{row.place}-text" for row in rows), "")


def _text_of(conflict: Conflict) -> str:
    """Return what is saved of a field; of a part, what stands behind its heading."""
    text = said(conflict.here)
    return said(text.partition("\n")[2]) if conflict.field.startswith(PART) else text


def _shown(conflict: Conflict, text: str) -> str:
    """Return one side of a field as it was typed; a list of rows as its file has it."""
    if conflict.field in WHOLE_FIELDS or conflict.field.startswith(PART):
        return said(text)
    value = value_of(Entry(conflict.field, text)) if text else ""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "\n".join(value)
    return said(value if isinstance(value, str) else text)


def _label(conflict: Conflict) -> str:
    name = conflict.field
    if name.startswith(PART):
        first = said(conflict.there or conflict.here).partition("\n")[0]
        return f"Part: {one_line(first.lstrip('#').partition('{#')[0])}"
    key = name.partition(".")[0]
    return WHOLE_FIELDS.get(name) or LABELS.get(key) or one_line(lines(key)).capitalize()
