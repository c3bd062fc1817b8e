"""Changing rundowns: what is in them, and in which order."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from webapp import clock
from webapp.exceptions import Refused
from webapp.moderation.models import Rundown, RundownItem
from webapp.moderation.rundowns.changing import (
    begin,
    expect,
    give_place,
    move_out,
    note,
    number,
    refuse_closed,
    refuse_others,
)
from webapp.moderation.rundowns.queries import HELD, find_place, list_places
from webapp.questions import services as questions
from webapp.questions.models import Question
from webapp.questions.queries import find_last_move, get_question
from webapp.questions.services import Moved
from webapp.storage import take_turn
from webapp.storage.history import Actor, Step, record

ELSEWHERE = "It is in another rundown. Take it out there first."
KEPT = "It has been recorded, so it keeps its place. Undo that first, on the question's own page."


def make_rundown(
    session: Session, *, title: str, recording_on: date | None, pace: int, actor: Actor
) -> UUID:
    """Make an empty rundown, and return its id. Raises Refused."""
    take_turn(session)
    refuse_others(actor)
    rundown = Rundown(
        id=uuid4(),
        title=title,
        recording_on=recording_on,
        pace=pace,
        made_at=clock.now(),
        is_closed=False,
        version=1,
    )
    session.add(rundown)
    session.flush()
    record(
        session,
        actor=actor,
        action="made rundown",
        subject="rundown",
        subject_id=rundown.id,
        step=Step(to_version=1),
    )
    return rundown.id


def change_rundown(
    session: Session,
    *,
    rundown_id: UUID,
    seen_version: int,
    title: str,
    recording_on: date | None,
    pace: int,
    actor: Actor,
) -> None:
    """Change title, day or pace. Already so is a success. Raises NotFound, Refused, Conflict."""
    rundown = begin(session, rundown_id, actor)
    wanted = {"title": title, "recording_on": recording_on, "pace": pace}
    if wanted == {name: getattr(rundown, name) for name in wanted}:
        return
    refuse_closed(rundown)
    expect(rundown, seen_version)
    for name, value in wanted.items():
        setattr(rundown, name, value)
    note(session, rundown, actor)


def close(
    session: Session, *, rundown_id: UUID, seen_version: int, actor: Actor, clear: bool
) -> int:
    """Close a rundown; `clear` makes what was not recorded ready again. Returns how many.

    Already closed is a success. Raises NotFound, Refused, Conflict.
    """
    rundown = begin(session, rundown_id, actor)
    if rundown.is_closed:
        return 0
    expect(rundown, seen_version)
    left = _list_unrecorded(session, rundown) if clear else []
    batch = uuid4()
    for place, question in left:
        move_out(session, place, question, question.version, actor, batch=batch)
    rundown.is_closed = True
    note(session, rundown, actor, action="closed rundown")
    return len(left)


def reopen(session: Session, *, rundown_id: UUID, seen_version: int, actor: Actor) -> None:
    """Open a closed rundown again. Already open is a success."""
    rundown = begin(session, rundown_id, actor)
    if not rundown.is_closed:
        return
    expect(rundown, seen_version)
    rundown.is_closed = False
    note(session, rundown, actor, action="opened rundown")


def put_in(
    session: Session, *, rundown_id: UUID, question_id: UUID, seen_version: int, actor: Actor
) -> Moved:
    """Put a ready question at the end of a rundown. Already in it is a success.

    Raises NotFound, Refused, or Conflict when the question has changed.
    """
    rundown = begin(session, rundown_id, actor)
    question, place = get_question(session, question_id), find_place(session, question_id)
    if place and question.state in HELD:
        if place.rundown_id != rundown_id:
            raise Refused(ELSEWHERE)
        return Moved(find_last_move(session, question_id, to="scheduled"), already=True)
    refuse_closed(rundown)
    moved = questions.move(
        session,
        question_id=question_id,
        to="scheduled",
        seen_version=seen_version,
        actor=actor,
        detail={"rundown": str(rundown_id)},
    )
    give_place(session, rundown, question_id, at=None)
    note(session, rundown, actor, put_in=str(question_id))
    return moved


def take_out(
    session: Session, *, rundown_id: UUID, question_id: UUID, seen_version: int, actor: Actor
) -> Moved:
    """Take a question out of a rundown, which makes it ready again. Already out is a success.

    One that was taken back by its asker only loses its place. A closed rundown lets go too.
    Raises NotFound, Refused for what has been recorded, or Conflict when the question has changed.
    """
    rundown = begin(session, rundown_id, actor)
    question, place = get_question(session, question_id), find_place(session, question_id)
    if place is None or place.rundown_id != rundown_id:
        return Moved(find_last_move(session, question_id, to="ready"), already=True)
    if question.state in {"recorded", "answered"}:
        raise Refused(KEPT)
    if question.state == "scheduled":
        moved = move_out(session, place, question, seen_version, actor)
    else:
        session.delete(place)
        moved = Moved(None)
    note(session, rundown, actor, took_out=str(question_id))
    return moved


def set_order(
    session: Session, *, rundown_id: UUID, seen_version: int, order: Sequence[UUID], actor: Actor
) -> None:
    """Put a rundown's questions into an order. Already so is a success.

    What is no longer in it is passed over. Raises NotFound, Refused, Conflict.
    """
    rundown = begin(session, rundown_id, actor)
    places = list_places(session, rundown_id)
    wanted = merge_order([place.question_id for place in places], order)
    if wanted == [place.question_id for place in places]:
        return
    refuse_closed(rundown)
    expect(rundown, seen_version)
    by_id = {place.question_id: place for place in places}
    number([by_id[question_id] for question_id in wanted])
    note(session, rundown, actor)


def merge_order(there: Sequence[UUID], wanted: Sequence[UUID]) -> list[UUID]:
    """Return what is there in the order that is wanted; what that does not name keeps the end."""
    known = [one for one in dict.fromkeys(wanted) if one in set(there)]
    return known + [one for one in there if one not in set(known)]


def _list_unrecorded(session: Session, rundown: Rundown) -> list[tuple[RundownItem, Question]]:
    pairs = (
        (place, get_question(session, place.question_id))
        for place in list_places(session, rundown.id)
    )
    return [pair for pair in pairs if pair[1].state == "scheduled"]
