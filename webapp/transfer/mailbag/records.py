"""What stands in a line of the file, and how rows become that and rows again. Pure.

Rows that have numbers of their own in each house are named otherwise: an episode by its guid, a
topic by its slug, a label by its name. Members of staff stay behind, so no number of one goes
along; what they did keeps their names. Sealed values go along as they are sealed.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.types import TypeDecorator, TypeEngine

from webapp.exceptions import Refused
from webapp.storage.base import Base
from webapp.transfer.mailbag.format import ALTERED, NEWER

Record = dict[str, Any]

# Columns that do not go along: numbers of this house, and what is worked out anew.
OF_QUESTION = frozenset(
    {"about_id", "answered_by_id", "planned_for_id", "is_compared", "is_looked_through"}
)
OF_TEXT = frozenset({"question_id", "author_id"})
OF_PLACE = frozenset({"question_id"})
OF_ACT = frozenset({"actor_id"})
EPISODES = ("about", "answered_by", "planned_for")  # of a question, by their guids

_READ: Mapping[type, Callable[[Any], Any]] = {
    UUID: UUID,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
    bytes: b64decode,
}


@dataclass(frozen=True, slots=True)
class Names:
    """What numbers in history's details are called in the file; on the way in, the reverse."""

    episodes: Mapping[Any, Any]
    labels: Mapping[Any, Any]


def line_of(kind: str, record: object) -> bytes:
    """Return a line of the file."""
    return json.dumps([kind, record], separators=(",", ":")).encode()


def read_line(line: bytes) -> tuple[str, Any]:
    """Return what kind of thing a line is about, and its record. Raises Refused."""
    try:
        kind, record = json.loads(line)
    except (ValueError, TypeError, RecursionError):
        raise Refused(ALTERED) from None
    return str(kind), record


def told(row: Base, *, but: Iterable[str] = ()) -> Record:
    """Return the columns of a row as a line has them."""
    names = [column.key for column in row.__table__.columns if column.key not in but]
    return {name: _written(getattr(row, name)) for name in names}


def read(model: type[Base], record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that a line has of a row. Raises Refused for one that is not known."""
    columns = model.__table__.columns
    if set(record) - {column.key for column in columns}:
        raise Refused(NEWER)
    return {name: _read(kind_of(columns[name].type), value) for name, value in record.items()}


def rename(action: str, detail: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """Return an act's detail with other names for what has a number; what is gone has none.

    Whom something was taken over from is left out: that is a number of somebody who stays behind.
    """
    if action == "took over":
        return {}
    if action == "set labels":
        return {
            name: sorted(names.labels[each] for each in value if each in names.labels)
            for name, value in detail.items()
        }
    if action == "named episode":
        return {name: names.episodes.get(value) for name, value in detail.items()}
    if "episode" in detail:
        return {**detail, "episode": names.episodes.get(detail["episode"])}
    return dict(detail)


def kind_of(column_type: TypeEngine[Any]) -> type[Any]:
    """Return what Python has in columns of a type; our own moments are kept as the engine's."""
    kept_as = column_type.impl_instance if isinstance(column_type, TypeDecorator) else column_type
    return kept_as.python_type


def _written(value: object) -> object:
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _read(kind: type, value: Any) -> Any:
    return value if value is None or kind not in _READ else _READ[kind](value)
