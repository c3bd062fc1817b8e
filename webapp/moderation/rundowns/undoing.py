"""Taking back what was done with a question in a rundown: its place goes, or returns."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.exceptions import Refused
from webapp.moderation.models import Rundown
from webapp.moderation.rundowns.changing import give_place, note
from webapp.moderation.rundowns.queries import find_place, get_rundown
from webapp.questions import services as questions
from webapp.questions.services import Moved
from webapp.storage import take_turn
from webapp.storage.history import Act, Actor

NO_PLACE = "The rundown that it was in is closed. Open that again, or put it into another one."


def undo_place(
    session: Session, *, act: Act, seen_version: int, actor: Actor, batch: UUID | None = None
) -> Moved:
    """Take back an act that moved a question between ready, scheduled and recorded.

    Raises what `move` does, and Refused where there is no place to return to.
    """
    take_turn(session)
    moved = questions.move(
        session,
        question_id=act.question_id,
        to=act.from_state,
        seen_version=seen_version,
        actor=actor,
        reverses=act.id,
        batch=batch,
    )
    if not moved.already:
        _follow(session, act, actor)
    return moved


def _follow(session: Session, act: Act, actor: Actor) -> None:
    """Do to the question's place what became of the question."""
    place = find_place(session, act.question_id)
    if act.from_state == "ready" and place:
        rundown = get_rundown(session, place.rundown_id)
        session.delete(place)
        note(session, rundown, actor, took_out=str(act.question_id))
    elif act.to_state == "ready":
        _return(session, act, actor)
    elif place:
        was_recorded = act.from_state == "recorded"  # and is again
        place.time_code = _told(session, act).get("time code") if was_recorded else None
        session.flush()


def _return(session: Session, act: Act, actor: Actor) -> None:
    told = _told(session, act)
    rundown = session.get(Rundown, UUID(told["rundown"])) if "rundown" in told else None
    if rundown is None or rundown.is_closed:
        raise Refused(NO_PLACE)
    give_place(session, rundown, act.question_id, at=told.get("place"))
    note(session, rundown, actor, put_in=str(act.question_id))


def _told(session: Session, act: Act) -> Mapping[str, Any]:
    """Return the detail of an act; of one that took another back, that of the other."""
    if act.detail or act.reverses is None:
        return act.detail
    undone = session.get(Act, act.reverses)
    return _told(session, undone) if undone else {}
