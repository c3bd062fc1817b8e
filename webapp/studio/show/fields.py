"""What a form on a file of the show is made of: fields, lists of rows, and how each is written.

A field's name is the path of its key in the file: `ask.lead` is `lead` under `ask`. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Union

from ruamel.yaml.scalarstring import LiteralScalarString

from webapp.episodes.question_block import dump, keepable
from webapp.episodes.question_block import load as load_yaml

LINE, TEXT, LINES, CHOICE = "line", "text", "lines", "choice"
TRUTH, NUMBER, DAY, COLOUR = "truth", "number", "day", "colour"
ON = "true"


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a file. What `keeps_empty` stands in the file even where nothing is typed.

    `choices` are of a value and its words; `rows` is the height of a text's field.
    """

    name: str
    label: str
    kind: str = LINE
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    keeps_empty: bool = False
    rows: int = 3


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of the file, with the fields of each row; `one` is what people call a row.

    A row is known again by the field `by`, and named by the field `title`. Of a `plain` list the
    items are texts, and each row has the field `value` alone. Rows of a list that `folds` are
    closed until somebody opens them.
    """

    name: str
    label: str
    one: str
    fields: tuple["Item", ...]
    by: str
    title: str
    help: str = ""
    plain: bool = False
    folds: bool = False


Item = Union[Field, ListOf]  # noqa: UP007 - names a class below it


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form on one file of the show, or on a part of it.

    `groups` are mappings of the file that go whole once nothing is in any of their fields;
    `previews` names the pages on which a change can be looked at before it is saved.
    """

    name: str
    title: str
    file: str
    lead: str
    items: tuple[Item, ...]
    previews: tuple[tuple[str, str], ...] = ()
    groups: tuple[str, ...] = ()

    def find(self, name: str) -> Item | None:
        """Return the field or the list of a name, or None."""
        return next((item for item in self.items if item.name == name), None)


def look_up(values: Mapping[str, object], name: str) -> object:
    """Return the value at a path of keys, None where there is none."""
    value: object = values
    for key in name.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def shown(field: Field, value: object) -> str:
    """Return a value of a file as its field shows it, and as a browser sends it back."""
    if field.kind == LINES:
        return "\n".join(str(item) for item in value) if isinstance(value, list) else ""
    if value is None or isinstance(value, (list, dict)):
        return ""
    if field.kind == TRUTH:
        return ON if str(value).lower() == "true" else ""
    text = keepable(str(value))
    return text if field.kind == TEXT else " ".join(text.split("\n"))


def written(field: Field, typed: str) -> object:
    """Return what a file is to say for what was typed; None takes the key out of it."""
    if field.kind == TRUTH:
        return typed == ON
    if field.kind == LINES:
        return [line.strip() for line in typed.split("\n") if line.strip()]
    text = typed if field.kind == TEXT else typed.strip()
    if not text.strip():
        return "" if field.keeps_empty else None
    if field.kind == NUMBER and text.isascii() and text.isdecimal():
        return int(text)
    if field.kind == DAY:
        return _day(text)
    return _block(text) if "\n" in text else text


def _day(text: str) -> object:
    """Return a day, which a file has without quotation marks; what is none stays a text."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return day if str(day) == text else text


def _block(text: str) -> str:
    """Return a text of several lines so that a file has it in lines, where YAML can say that."""
    block = LiteralScalarString(text)
    return block if load_yaml(dump({"text": block}))["text"] == text else text
