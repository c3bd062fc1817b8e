"""Reading the log: what was done at the desk, newest first, narrowed by whatever is asked.

Within a day, what staff did stands in the order of its moments; what askers did has none and
comes after it, in the order of random ids.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from webapp.moderation.details import Names, names_for
from webapp.moderation.log.details import in_words, subject_in_words
from webapp.moderation.names import ACTION_NAMES, STATE_NAMES
from webapp.moderation.undo_rules import can_undo, undoable_versions
from webapp.questions.models import Question
from webapp.questions.reasons import list_reasons
from webapp.storage.history import Act

PAGE_SIZE = 50
SUBJECTS = ("question", "rundown", "episode", "person", "rule", "log", "mailbag", "show")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which acts are asked for; what is empty narrows nothing.

    `subject_id` is the whole id of what it was done to, or how it begins.
    """

    actor: str = ""
    action: str = ""
    subject: str = ""
    subject_id: str = ""
    since: date | None = None
    until: date | None = None
    batch: UUID | None = None

    def told(self) -> dict[str, str]:
        """Return what narrows, by name."""
        return {name: str(value) for name, value in asdict(self).items() if value}


@dataclass(frozen=True, slots=True)
class Place:
    """An act's place in the log: by it, the next page goes on whatever is added meanwhile."""

    on: date
    at: datetime | None
    id: UUID

    def __str__(self) -> str:
        return f"{self.on}~{self.at.isoformat() if self.at else ''}~{self.id}"


@dataclass(frozen=True, slots=True)
class LogLine:
    """One act. `at` is None for what an asker did; `asked_on` is None where no question is left."""

    id: UUID
    on: date
    at: datetime | None
    actor: str
    role: str
    words: str
    subject: str
    subject_id: str
    subject_words: str
    asked_on: date | None
    from_state: str
    to_state: str
    reason: str
    details: tuple[str, ...]
    batch: UUID | None
    takes_back: bool
    can_undo: bool


@dataclass(frozen=True, slots=True)
class LogPage:
    """A page of the log, and the place after which the next one begins, or ""."""

    lines: tuple[LogLine, ...]
    after: str


def list_log(
    session: Session, wanted: Wanted, *, after: str, role: str, undo_seconds: int
) -> LogPage:
    """Return a page of what is asked for, from a place on, as a role sees it."""
    place = read_place(after)
    acts = session.scalars(select_acts(Act, wanted, after=place).limit(PAGE_SIZE + 1)).all()
    shown = acts[:PAGE_SIZE]
    asked = _questions(session, shown)
    undoable = _undoable(session, asked)
    reasons = {reason.code: reason.name for reason in list_reasons(session)}
    names = names_for(session, list(shown))
    return LogPage(
        lines=tuple(
            _line(
                act,
                names,
                asked_on=asked[act.subject_id].received_on if act.subject_id in asked else None,
                reason=reasons.get(act.reason, act.reason),
                undoable=act.to_version in undoable.get(act.subject_id, ())
                and can_undo(act, act.to_version, role, undo_seconds=undo_seconds),
            )
            for act in shown
        ),
        after=str(place_of(shown[-1])) if len(acts) > PAGE_SIZE else "",
    )


def select_acts(columns: Any, wanted: Wanted, *, after: Place | None) -> Select[Any]:
    """Return the selection of the acts that are asked for, newest first, after a place."""
    query = select(columns).where(*_narrowed(wanted))
    if after is not None:
        query = query.where(Act.on <= after.on, _is_after(after))
    return query.order_by(Act.on.desc(), Act.at.desc().nulls_last(), Act.id.desc())


def count_acts(session: Session, wanted: Wanted) -> int:
    """Return how many acts are asked for. Goes over all of them."""
    return session.scalar(select(func.count()).select_from(Act).where(*_narrowed(wanted))) or 0


def place_of(act: Act) -> Place:
    """Return where an act stands."""
    return Place(act.on, act.at, act.id)


def read_place(key: str) -> Place | None:
    """Return the place that a key names, or None for what is no key."""
    try:
        on, at, act_id = key.split("~")
        moment = datetime.fromisoformat(at) if at else None
        if moment and moment.tzinfo is None:
            return None
        in_utc = moment.astimezone(UTC) if moment else None
        return Place(date.fromisoformat(on), in_utc, UUID(act_id))
    except (ValueError, OverflowError):  # a moment of the year 0, or of 10000
        return None


def _narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    equal = {
        Act.actor: wanted.actor,
        Act.action: wanted.action,
        Act.subject: wanted.subject,
        Act.batch: wanted.batch,
    }
    conditions: list[ColumnElement[bool]] = [
        column == value for column, value in equal.items() if value
    ]
    if wanted.subject_id:
        conditions += _about(wanted.subject_id)
    if wanted.since:
        conditions.append(Act.on >= wanted.since)
    if wanted.until:
        conditions.append(Act.on <= wanted.until)
    return conditions


def _about(subject_id: str) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that what was done was done to an id, or to one that begins so.

    Every subject is named, and all ids lie between two: so an index leads to them.
    """
    of_any = Act.subject.in_(SUBJECTS)
    if len(subject_id) == len(str(UUID(int=0))):
        return of_any, Act.subject_id == subject_id
    begins = Act.subject_id.startswith(subject_id, autoescape=True)
    return of_any, Act.subject_id >= subject_id, Act.subject_id < f"{subject_id}g", begins


def _is_after(place: Place) -> ColumnElement[bool]:
    """Return the condition that an act of the same day, or an earlier one, comes after a place."""
    if place.at is None:
        same_day = and_(Act.at.is_(None), Act.id < place.id)
    else:
        same_moment = and_(Act.at == place.at, Act.id < place.id)
        same_day = or_(Act.at < place.at, Act.at.is_(None), same_moment)
    return or_(Act.on < place.on, same_day)


def _questions(session: Session, acts: Sequence[Act]) -> Mapping[str, Any]:
    """Return the questions that acts were done to, as far as they are left, by id."""
    ids = {act.question_id for act in acts if act.subject == "question"}
    columns = (Question.id, Question.received_on, Question.version)
    found = session.execute(select(*columns).where(Question.id.in_(ids)))
    return {str(row.id): row for row in found}


def _undoable(session: Session, asked: Mapping[str, Any]) -> Mapping[str, frozenset[int]]:
    """Return the versions of each question at which acts can be undone."""
    done = select(Act).where(Act.subject == "question", Act.subject_id.in_(asked))
    on: dict[str, list[Act]] = {one: [] for one in asked}
    for act in session.scalars(done.order_by(Act.to_version.desc(), Act.at.desc().nulls_last())):
        on[act.subject_id].append(act)
    return {one: undoable_versions(acts, asked[one].version) for one, acts in on.items()}


def _line(act: Act, names: Names, *, asked_on: date | None, reason: str, undoable: bool) -> LogLine:
    has_moved = act.from_state != act.to_state
    return LogLine(
        id=act.id,
        on=act.on,
        at=act.at,
        actor=act.actor,
        role=act.role,
        words=ACTION_NAMES.get(act.action, act.action),
        subject=act.subject,
        subject_id=act.subject_id,
        subject_words=subject_in_words(act),
        asked_on=asked_on,
        from_state=STATE_NAMES.get(act.from_state, "") if has_moved else "",
        to_state=STATE_NAMES.get(act.to_state, "") if has_moved else "",
        reason=reason,
        details=in_words(act, names),
        batch=act.batch,
        takes_back=act.reverses is not None,
        can_undo=undoable,
    )
