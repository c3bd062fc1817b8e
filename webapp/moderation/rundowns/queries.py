"""Reading rundowns: all of them, one with its questions, and what could go into one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from webapp.exceptions import NotFound
from webapp.moderation.clusters import for_all
from webapp.moderation.labels import list_of
from webapp.moderation.models import Rundown, RundownItem
from webapp.moderation.rows import open_or_say
from webapp.moderation.rundowns.balance import Mix, mixes
from webapp.moderation.rundowns.items import Around, Item, make_item
from webapp.moderation.rundowns.reading import choose, seconds_for
from webapp.questions.models import Question
from webapp.questions.workflow import LANES
from webapp.storage.history import Act
from webapp.storage.sealing import Keyring

# A question that has gone back to the shortlist by itself has left its place for others.
HELD = ("scheduled", "recorded", "answered", "withdrawn", "erased")
OFFERED = 50


@dataclass(frozen=True, slots=True)
class RundownRow:
    """A rundown in the list of them, with how many questions it has and how many are recorded."""

    id: UUID
    title: str
    recording_on: date | None
    is_closed: bool
    questions: int
    recorded: int


@dataclass(frozen=True, slots=True)
class Ready:
    """A question that could go into a rundown, with what would be read of it."""

    id: UUID
    version: int
    received_on: date
    text: str
    sign_off: str
    seconds: int
    closed_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RundownPage:
    """A rundown with its questions in order; `seconds` is what reading all of them takes.

    `ready` are the oldest questions that could go into it, `has_more` if there are others.
    """

    id: UUID
    title: str
    recording_on: date | None
    pace: int
    is_closed: bool
    version: int
    items: tuple[Item, ...]
    seconds: int
    mixes: tuple[Mix, ...]
    ready: tuple[Ready, ...] = ()
    has_more: bool = False


def list_rundowns(session: Session) -> Sequence[RundownRow]:
    """Return all rundowns, the newest recording day first, in one statement."""
    recorded = func.sum(case((Question.state.in_(("recorded", "answered")), 1), else_=0))
    rows = session.execute(
        select(Rundown, func.count(Question.id), func.coalesce(recorded, 0))
        .outerjoin(RundownItem, RundownItem.rundown_id == Rundown.id)
        .outerjoin(Question, (Question.id == RundownItem.question_id) & Question.state.in_(HELD))
        .group_by(Rundown.id)
        .order_by(Rundown.recording_on.desc().nulls_last(), Rundown.made_at.desc(), Rundown.id)
    )
    return [
        RundownRow(one.id, one.title, one.recording_on, one.is_closed, count, done)
        for one, count, done in rows
    ]


def list_open(session: Session) -> Sequence[Rundown]:
    """Return the rundowns that questions may go into, the next recording day first."""
    order = (Rundown.recording_on.asc().nulls_last(), Rundown.made_at, Rundown.id)
    return session.scalars(select(Rundown).where(~Rundown.is_closed).order_by(*order)).all()


def get_rundown(session: Session, rundown_id: UUID) -> Rundown:
    """Return a rundown as it stands. Raises NotFound."""
    rundown = session.get(Rundown, rundown_id, populate_existing=True)
    if rundown is None:
        raise NotFound
    return rundown


def find_place(session: Session, question_id: UUID) -> RundownItem | None:
    """Return the place that a question has in a rundown."""
    return session.get(RundownItem, question_id, populate_existing=True)


def list_places(session: Session, rundown_id: UUID) -> Sequence[RundownItem]:
    """Return the places of a rundown in order."""
    return session.scalars(
        select(RundownItem)
        .where(RundownItem.rundown_id == rundown_id)
        .order_by(RundownItem.position, RundownItem.question_id)
    ).all()


def get_rundown_page(
    session: Session,
    keyring: Keyring,
    rundown_id: UUID,
    *,
    offers: bool = False,
    opted_out: frozenset[str] = frozenset(),
) -> RundownPage:
    """Return a rundown with its questions; `offers` adds those that could go into it.

    `opted_out` is what whoever looks at it does not want to read. Raises NotFound.
    """
    rundown = get_rundown(session, rundown_id)
    rows = session.execute(_questions_in(rundown_id)).all()
    waiting = _list_ready(session) if offers else []
    asked_for = [*(question for _, question in rows), *waiting[:OFFERED]]
    around = _around(session, [question.id for question in asked_for], opted_out)
    items = tuple(
        make_item(keyring, place, question, around, number=number, pace=rundown.pace)
        for number, (place, question) in enumerate(rows, start=1)
    )
    return RundownPage(
        id=rundown.id,
        title=rundown.title,
        recording_on=rundown.recording_on,
        pace=rundown.pace,
        is_closed=rundown.is_closed,
        version=rundown.version,
        items=items,
        seconds=sum(item.seconds for item in items),
        mixes=mixes(items),
        ready=tuple(_ready(keyring, one, around, rundown.pace) for one in waiting[:OFFERED]),
        has_more=len(waiting) > OFFERED,
    )


def _questions_in(rundown_id: UUID) -> Select[RundownItem, Question]:
    return (
        select(RundownItem, Question)
        .join(Question, Question.id == RundownItem.question_id)
        .where(RundownItem.rundown_id == rundown_id, Question.state.in_(HELD))
        .order_by(RundownItem.position, RundownItem.question_id)
    )


def _around(session: Session, ids: Sequence[UUID], opted_out: frozenset[str]) -> Around:
    followers = (
        select(Question.lead_id, func.count())
        .where(Question.lead_id.in_(ids), Question.state.in_(("merged", "answered")))
        .group_by(Question.lead_id)
    )
    others = {lead: count for lead, count in session.execute(followers) if lead is not None}
    return Around(
        tags=list_of(session, ids),
        others=others,
        unchecked=_find_unchecked(session, ids),
        opted_out=opted_out,
    )


def _find_unchecked(session: Session, ids: Sequence[UUID]) -> frozenset[UUID]:
    """Return the questions whose texts were written after their checklist was last ticked."""
    acts = (
        select(Act.subject_id, Act.action, Act.detail)
        .where(
            Act.subject == "question",
            Act.subject_id.in_([str(one) for one in ids]),
            Act.action.in_(("wrote texts", "to ready")),
        )
        .order_by(Act.to_version)
    )
    checked = {
        subject: action == "to ready" or bool(detail.get("checked"))
        for subject, action, detail in session.execute(acts)
    }
    return frozenset(UUID(subject) for subject, is_checked in checked.items() if not is_checked)


def _list_ready(session: Session) -> Sequence[Question]:
    """Return the oldest questions that are ready, one more than are offered."""
    return session.scalars(
        select(Question)
        .where(Question.lane.in_(LANES), Question.state == "ready")
        .order_by(Question.received_on, Question.sort_key, Question.id)
        .limit(OFFERED + 1)
    ).all()


def _ready(keyring: Keyring, question: Question, around: Around, pace: int) -> Ready:
    sign_off = open_or_say(keyring, question, "sign_off_sealed")
    reading = choose(
        consent=question.consent,
        original=open_or_say(keyring, question, "text_sealed"),
        air_text=open_or_say(keyring, question, "air_text_sealed"),
        web_text=open_or_say(keyring, question, "web_text_sealed"),
    )
    text = for_all(1 + around.others.get(question.id, 0), reading.text)
    return Ready(
        id=question.id,
        version=question.version,
        received_on=question.received_on,
        text=text,
        sign_off=sign_off,
        seconds=seconds_for(text, sign_off, pace=pace),
        closed_for=around.closed_for(question),
    )
