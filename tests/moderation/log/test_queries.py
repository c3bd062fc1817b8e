"""Reading the log: newest first, page by page, narrowed."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests import factories
from tests.moderation.log.acting import ASKER, ED, SAM, act, add_many, at
from webapp import storage
from webapp.moderation.log import queries
from webapp.moderation.log.queries import LogPage, Wanted, count_acts, list_log
from webapp.questions.services import move
from webapp.storage.history import Act, Step

EVERYTHING = Wanted()


def log(
    session: Session, wanted: Wanted = EVERYTHING, after: str = "", role: str = "editor"
) -> LogPage:
    session.rollback()
    return list_log(session, wanted, after=after, role=role, undo_seconds=0)


def ids(session: Session, **wanted: object) -> list[UUID]:
    return [line.id for line in log(session, Wanted(**wanted)).lines]


def test_the_newest_stands_first_and_what_askers_did_after_the_others_of_its_day(session: Session):
    monday, asked = act(at(2)), [act(at(2), ASKER), act(at(2), ASKER)]
    early, late = act(at(3, 8)), act(at(3, 9))

    assert ids(session) == [late, early, monday, *sorted(asked, reverse=True)]


def test_a_line_tells_who_did_what_from_where_to_where_and_why(session: Session):
    question_id = storage.write(factories.add_question)
    act(
        at(3, 9, 5),
        ED,
        action="to declined",
        subject_id=question_id,
        step=Step("new", "declined", 1, 2),
        reason="covered",
        detail={"lead": f"{question_id}"},
    )

    [line] = log(session).lines
    assert (line.actor, line.role, line.words) == ("Ed", "editor", "declined it")
    assert (line.on, line.at) == (date(2026, 3, 3), at(3, 9, 5))
    assert (line.from_state, line.to_state) == ("New", "Declined")
    assert line.reason == "Answered already"
    assert line.details == (f"with {str(question_id)[:8]}",)
    assert line.asked_on is not None


def test_an_act_that_changed_no_state_tells_of_none(session: Session):
    act(at(3), step=Step("new", "new", 1, 1))

    [line] = log(session).lines
    assert (line.from_state, line.to_state) == ("", "")
    assert line.asked_on is None  # that question is gone


def test_an_askers_act_has_its_day_alone(session: Session):
    act(at(3), ASKER)

    [line] = log(session).lines
    assert (line.on, line.at) == (date(2026, 3, 3), None)


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_every_act_is_met_once_whatever_is_added_while_paging(
    session: Session, monkeypatch: pytest.MonkeyPatch, size: int
):
    monkeypatch.setattr(queries, "PAGE_SIZE", size)
    there = {
        act(at(day, hour), actor) for day in (2, 3) for hour in (8, 9) for actor in (SAM, ASKER)
    }
    there |= {act(at(2, 8)) for _ in range(3)}  # at one moment
    met: list[UUID] = []
    page = log(session)
    while True:
        met += [line.id for line in page.lines]
        act(at(4))
        if not page.after:
            break
        page = log(session, after=page.after)

    assert len(met) == len(set(met))
    assert set(met) == there


@pytest.mark.parametrize(
    "after",
    [
        "",
        "nonsense",
        "~~",
        "2026-03-03~2026-03-03T10:00~x",
        f"2026-03-03~2026-03-03T10:00~{UUID(int=0)}",
        f"2026-03-03~0001-01-01T00:00:00+23:59~{UUID(int=0)}",
        f"2026-03-03~9999-12-31T23:59:59-23:59~{UUID(int=0)}",
    ],
)
def test_a_place_that_is_none_is_the_beginning(session: Session, after: str):
    act(at(3))

    assert len(log(session, after=after).lines) == 1


def test_the_log_is_narrowed_by_person_act_subject_day_and_batch(session: Session):
    batch, rundown = uuid4(), uuid4()
    sams = act(at(2), action="to spam")
    eds = act(at(3), ED, batch=batch)
    other = act(at(4), ED, subject="rundown", subject_id=rundown, action="made rundown")

    assert ids(session, actor="Sam") == [sams]
    assert ids(session, action="noted") == [eds]
    assert ids(session, subject="rundown") == [other]
    assert ids(session, subject_id=f"{rundown}") == [other]
    assert ids(session, subject_id=f"{rundown}"[:8]) == [other]
    assert ids(session, subject_id=f"{rundown}"[:13]) == [other]
    assert ids(session, subject_id="%" * 8) == []
    assert ids(session, batch=batch) == [eds]
    assert ids(session, since=date(2026, 3, 3)) == [other, eds]
    assert ids(session, until=date(2026, 3, 3)) == [eds, sams]
    assert ids(session, actor="Ed", until=date(2026, 3, 3)) == [eds]
    assert count_acts(session, Wanted(actor="Ed")) == 2
    assert count_acts(session, EVERYTHING) == 3


def test_only_the_newest_act_on_a_question_is_offered_for_undo(session: Session):
    question_id = storage.write(factories.add_question)
    for version, state in enumerate(("shortlisted", "spam"), start=1):
        storage.write(move, question_id=question_id, to=state, seen_version=version, actor=SAM)
    act(at(2))

    assert [line.can_undo for line in log(session).lines] == [True, False, False]


@pytest.mark.parametrize("length", [8, 36])
def test_what_was_done_to_one_thing_is_found_without_going_over_the_log(
    session: Session, length: int
):
    storage.write(add_many, 3_000)
    rundown = uuid4()
    act(at(3), subject="rundown", subject_id=rundown)
    wanted = Wanted(subject_id=str(rundown)[:length])
    found = queries.select_acts(Act.id, wanted, after=None).order_by(None)
    said = "EXPLAIN QUERY PLAN " if storage.db.engine.dialect.name == "sqlite" else "EXPLAIN "
    session.rollback()
    if said == "EXPLAIN ":
        session.execute(text("ANALYZE history"))

    plan = session.execute(
        text(
            said
            + str(found.compile(storage.db.engine, compile_kwargs={"literal_binds": True})).replace(
                "%%", "%"
            )
        )
    )

    assert "ix_history_subject_subject_id_to_version" in str(plan.all())
