"""What a line may say: each is looked at before anything of the file is taken in. Pure.

Whoever has the keys of a house can seal a file in which anything stands. What is let through here
is taken in, shown by the desk, and exported again.
"""

from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger

from webapp.exceptions import Refused
from webapp.moderation.labels import LONGEST as LONGEST_LABEL
from webapp.moderation.models import Rundown, RundownItem
from webapp.moderation.names import CONSENT_NAMES
from webapp.questions import workflow
from webapp.questions.models import (
    DailyFigure,
    DeclineReason,
    Question,
    QuestionNote,
    QuestionText,
    SpentNonce,
)
from webapp.storage.base import Base
from webapp.storage.history import Act
from webapp.transfer.mailbag import records
from webapp.transfer.mailbag.format import ALTERED, NEWER
from webapp.transfer.mailbag.records import Record, kind_of

LONGEST_NAME = 500  # characters of what is indexed; a database's index holds 2,700 bytes
DEEPEST = 8  # things in things; what Postbag writes has two
_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, OverflowError)
_KNOWN = {"state": workflow.STATES, "lane": workflow.LANES, "consent": CONSENT_NAMES}


def refuse_unfit(kind: str, record: Any) -> None:
    """Return if a line's record can be taken in. Raises Refused."""
    try:
        fits = _SHAPES[kind](record)
    except _UNREADABLE:
        fits = False
    if not fits:
        raise Refused(ALTERED)


def _question(record: Mapping[str, Any]) -> bool:
    row = record["row"]
    return (
        _row(Question, row, but=records.OF_QUESTION)
        and _each(row["lane_reasons"], _is_text)
        and all(record[name] is None or _is_text(record[name]) for name in records.EPISODES)
        and _each(record["texts"], lambda each: _row(QuestionText, each, but=records.OF_TEXT))
        and _each(record["notes"], lambda each: _row(QuestionNote, each, but=records.OF_TEXT))
        and _each(record["topics"], _is_text)
        and _each(record["labels"], _is_label)
        and _each(record["places"], lambda each: _row(RundownItem, each, but=records.OF_PLACE))
        and _each(record["acts"], lambda each: _act(each, "question", row["id"]))
    )


def _rundown(record: Mapping[str, Any]) -> bool:
    row = record["row"]
    return _row(Rundown, row) and _each(
        record["acts"], lambda each: _act(each, "rundown", row["id"])
    )


def _lone_act(record: Record) -> bool:
    """Return whether an act fits that is on what the file does not bring."""
    subject_id = record["subject_id"]
    if record["subject"] == "question":
        return _act(record, "question", str(UUID(subject_id)))
    # a guid, as long as a feed may have it: a number of this house takes its place
    return _is_text(subject_id) and _act(record | {"subject_id": ""}, "episode", "")


def _act(record: Mapping[str, Any], subject: str, subject_id: str) -> bool:
    """Return whether an act fits, and is on that subject."""
    is_on_it = (record["subject"], record["subject_id"]) == (subject, subject_id)
    return is_on_it and _row(Act, record, but=records.OF_ACT) and _detail(**record)


def _detail(*, action: str, detail: Mapping[str, Any], **_others: Any) -> bool:
    """Return whether what is told of an act can be given the names that it has here."""
    if action == "set labels":
        return all(_each(names, _is_label) for names in detail.values())
    if action == "named episode":
        return all(guid is None or _is_text(guid) for guid in detail.values())
    guid = detail.get("episode")
    return guid is None or _is_text(guid)


def _row(model: type[Base], row: Mapping[str, Any], *, but: frozenset[str] = frozenset()) -> bool:
    """Return whether a row has all that it must have. Raises Refused for what is not known."""
    columns = {each.key: each for each in model.__table__.columns if each.key not in but}
    if row.keys() - columns.keys():
        raise Refused(NEWER)
    needed = {name for name, column in columns.items() if _is_needed(column)}
    return needed <= row.keys() and all(_fits(columns[name], row[name]) for name in row)


def _is_needed(column: Any) -> bool:
    return bool(column.primary_key or not (column.nullable or column.default))


def _fits(column: Any, value: Any) -> bool:
    """Return whether a column may have a value. Raises Refused for a state that is not known."""
    if value is None:
        return bool(column.nullable)
    if column.table.name == Question.__tablename__ and value not in _KNOWN.get(column.key, [value]):
        raise Refused(NEWER)
    if isinstance(column.type, BigInteger):
        return _is_number(value, bits=63)
    is_name = column.primary_key or column.table.name == Act.__tablename__
    if is_name and isinstance(value, str) and len(value) > LONGEST_NAME:
        return False
    return _KINDS[kind_of(column.type)](value)


def _is_number(value: Any, *, bits: int = 31) -> bool:
    return type(value) is int and 0 <= value < 2**bits


def _is_text(value: Any) -> bool:
    """Return whether a value is a text that every database takes. Raises UnicodeEncodeError."""
    return isinstance(value, str) and b"\0" not in value.encode()


def _is_label(value: Any) -> bool:
    return _is_text(value) and 0 < len(value) <= LONGEST_LABEL


def _is_id(value: Any) -> bool:
    return bool(str(UUID(value)) == value)


def _is_bytes(value: Any) -> bool:
    return isinstance(b64decode(value, validate=True), bytes)


def _is_day(value: Any) -> bool:
    return bool(date.fromisoformat(value).isoformat() == value)


def _is_moment(value: Any) -> bool:
    moment = datetime.fromisoformat(value)
    return moment.tzinfo is not None and moment.astimezone(UTC) is not None


def _is_plain(value: Any, *, deepest: int = DEEPEST) -> bool:
    """Return whether a value is one that every database takes as JSON, and not too deep."""
    if isinstance(value, dict | list):
        inside = [*value, *value.values()] if isinstance(value, dict) else value
        return deepest > 0 and all(_is_plain(each, deepest=deepest - 1) for each in inside)
    return _is_text(value) if isinstance(value, str) else not isinstance(value, float)


def _each(values: Any, fits: Callable[[Any], bool]) -> bool:
    return isinstance(values, list) and all(map(fits, values))


_KINDS: Mapping[type, Callable[[Any], bool]] = {
    UUID: _is_id,
    date: _is_day,
    datetime: _is_moment,
    bytes: _is_bytes,
    bool: lambda value: isinstance(value, bool),
    int: _is_number,
    str: _is_text,
    object: _is_plain,
}
_SHAPES: Mapping[str, Callable[[Any], bool]] = {
    "about": lambda record: isinstance(record, dict),
    "label": _is_label,
    "reason": lambda record: _row(DeclineReason, record),
    "figure": lambda record: _row(DailyFigure, record),
    "rundown": _rundown,
    "question": _question,
    "act": _lone_act,
    "nonce": lambda record: _row(SpentNonce, record),
}
