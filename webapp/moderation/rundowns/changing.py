"""What every change of a rundown is made of: who may, its version, its history, its places."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.exceptions import Conflict, Refused
from webapp.moderation.models import Rundown, RundownItem
from webapp.moderation.rundowns.queries import find_place, get_rundown, list_places
from webapp.questions import services as questions
from webapp.questions import workflow
from webapp.questions.models import Question
from webapp.questions.services import Moved
from webapp.storage import take_turn
from webapp.storage.history import Actor, Step, record

CHANGED = "The rundown has changed since you looked."
CLOSED = "This rundown is closed. Open it again to change it."
EDITORS = "An editor decides what is in a rundown, and in which order."


def begin(session: Session, rundown_id: UUID, actor: Actor) -> Rundown:
    """Wait for the turn, and return a rundown that an editor may change. Raises Refused."""
    take_turn(session)
    refuse_others(actor)
    return get_rundown(session, rundown_id)


def refuse_others(actor: Actor) -> None:
    """Raise Refused unless somebody may change rundowns."""
    if not workflow.allows(actor.role, "editor"):
        raise Refused(EDITORS)


def refuse_closed(rundown: Rundown) -> None:
    """Raise Refused where nothing is to be changed any more."""
    if rundown.is_closed:
        raise Refused(CLOSED)


def expect(rundown: Rundown, seen_version: int) -> None:
    """Raise Conflict unless a rundown is as somebody saw it."""
    if rundown.version != seen_version:
        raise Conflict(CHANGED)


def note(
    session: Session,
    rundown: Rundown,
    actor: Actor,
    *,
    action: str = "changed rundown",
    **detail: str,
) -> None:
    """Give a changed rundown its next version, with its history row."""
    rundown.version += 1
    session.flush()
    record(
        session,
        actor=actor,
        action=action,
        subject="rundown",
        subject_id=rundown.id,
        step=Step(from_version=rundown.version - 1, to_version=rundown.version),
        detail=detail,
    )


def move_out(
    session: Session,
    place: RundownItem,
    question: Question,
    seen_version: int,
    actor: Actor,
    *,
    batch: UUID | None = None,
) -> Moved:
    """Make a question ready again and give its place up; raises what `move` does."""
    moved = questions.move(
        session,
        question_id=question.id,
        to="ready",
        seen_version=seen_version,
        actor=actor,
        detail={"rundown": str(place.rundown_id), "place": place.position},
        batch=batch,
    )
    session.delete(place)
    session.flush()
    return moved


def give_place(session: Session, rundown: Rundown, question_id: UUID, *, at: int | None) -> None:
    """Give a question a place, the last one or `at`; one that it has left already goes first."""
    if stale := find_place(session, question_id):
        session.delete(stale)
        session.flush()
    places = list(list_places(session, rundown.id))
    new = RundownItem(question_id=question_id, rundown_id=rundown.id, position=0, time_code=None)
    session.add(new)
    places.insert(len(places) if at is None else at - 1, new)
    number(places)
    session.flush()


def number(places: Sequence[RundownItem]) -> None:
    """Write an order down."""
    for position, place in enumerate(places, start=1):
        place.position = position
