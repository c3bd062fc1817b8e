"""A history that somebody tampered with: the doctor says what was done, to which act, since when.

And never a word of anybody.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, event, insert, select, text, update
from sqlalchemy.orm import Session

from tests import factories
from tests.history import changeable_history
from tests.operations.rotating import an_instance, dispose
from tests.operations.test_doctor import wrong
from webapp import clock, create_app, storage
from webapp.operations.chores import CHORES
from webapp.operations.examining import history
from webapp.operations.rotation import rotate
from webapp.questions.models import Question
from webapp.questions.services import move, withdraw
from webapp.settings import Settings
from webapp.storage.chain import verify
from webapp.storage.history import Act, Actor, HistoryLink

SAM = Actor("Sam", "moderator", 7)
MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
BEHIND = "The history was changed behind Postbag’s back: "
SECOND = select(HistoryLink.act_id).where(HistoryLink.position == 2).scalar_subquery()


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    with an_instance(request, tmp_path / "instance") as settings:
        yield settings


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    with app.app_context():
        yield app
    dispose(app)


@pytest.fixture
def decided(app: Flask) -> UUID:
    """A question on which three acts were done on a Monday."""
    with time_machine.travel(MONDAY, tick=False):
        question_id = storage.write(factories.add_question)
        for version, state in enumerate(("shortlisted", "new", "declined"), start=1):
            decide(question_id, state, version)
        storage.write(_keep_for_years)
    return question_id


def decide(question_id: UUID, to: str, version: int, **more: object) -> None:
    storage.write(move, question_id=question_id, to=to, seen_version=version, actor=SAM, **more)


def behind(*statements: object) -> None:
    """Do something to the database as whoever has it may."""

    def tamper(writing: Session) -> None:
        with changeable_history(writing):
            for statement in statements:
                writing.execute(statement)

    storage.write(tamper)


def _keep_for_years(session: Session) -> None:
    """Have nothing come due, whenever this test is run."""
    session.execute(
        update(Question).values(texts_until=None, kept_until=MONDAY.date().replace(2999))
    )


def test_nothing_is_wrong_with_a_history_as_it_was_written(decided: UUID, settings: Settings):
    assert wrong(settings) == []


def test_an_act_that_was_changed_is_told_with_its_place_and_day(decided: UUID, settings: Settings):
    behind(update(Act).where(Act.id == SECOND).values(actor="Kim", reason="a secret"))

    [words] = wrong(settings)
    assert words == (
        f"{BEHIND}1 act is not as Postbag wrote it: number 2, of 2 March 2026, about a question. "
        f"{history.WHAT_TO_DO}"
    )


def test_an_act_that_was_taken_out_is_told_and_what_it_leaves(decided: UUID, settings: Settings):
    behind(delete(Act).where(Act.id == SECOND))

    taken, left = wrong(settings)
    assert taken.startswith(f"{BEHIND}1 act was taken out: number 2, after 2 March 2026. ")
    assert left.startswith(f"1 question is not where its history leads: {decided}. ")


def test_a_newest_act_that_was_taken_out_with_its_link_is_told(decided: UUID, settings: Settings):
    last = select(HistoryLink.act_id).where(HistoryLink.position == 3).scalar_subquery()
    behind(delete(Act).where(Act.id == last), delete(HistoryLink).where(HistoryLink.position == 3))

    [left] = wrong(settings)
    assert left.startswith(f"1 question is not where its history leads: {decided}. ")


@pytest.mark.parametrize("changes", [{"state": "new"}, {"version": 9}])
def test_a_question_that_was_changed_without_an_act_is_told(
    decided: UUID, settings: Settings, changes: dict[str, object]
):
    behind(update(Question).values(changes))

    assert any(f"its history leads: {decided}. " in words for words in wrong(settings))


def test_an_act_that_was_written_in_is_told(decided: UUID, settings: Settings):
    session = storage.read()
    like = session.scalars(select(Act).limit(1)).one()
    columns = {column.key: getattr(like, column.key) for column in Act.__table__.columns}
    session.rollback()
    behind(
        insert(Act).values(
            columns | {"id": uuid4(), "subject": "rule", "on": MONDAY.date(), "at": MONDAY}
        )
    )

    [words] = wrong(settings)
    assert words.startswith(
        f"{BEHIND}1 act was written in without the keys: of 2 March 2026, about a rule. "
    )


def test_what_cannot_even_be_read_is_told(decided: UUID, settings: Settings):
    behind(text("UPDATE history SET detail = '{'" if "sqlite" in settings.database else "SELECT 1"))
    if "sqlite" not in settings.database:  # PostgreSQL takes no JSON that is none
        return

    assert history.UNREADABLE in wrong(settings)


def test_only_the_first_of_many_are_named(decided: UUID, settings: Settings):
    for version in range(4, 9):
        decide(decided, "new" if version % 2 == 0 else "spam", version)
    behind(update(Act).values(reason="covered"))

    [words] = wrong(settings)
    assert f"{BEHIND}8 acts are not as Postbag wrote them: number 1, " in words
    assert "; number 3, of 2 March 2026, about a question; and others. " in words


def test_a_key_without_which_acts_cannot_be_checked_is_named(decided: UUID, settings: Settings):
    rotate(lambda _done, _total: None)
    assert wrong(settings) == []
    (settings.keys_path / "seal-1.key").rename(settings.keys_path / "kept-elsewhere")

    assert "3 acts of the history cannot be checked without seal-1.key. Put it back." in wrong(
        settings
    )


def test_what_an_asker_did_is_linked_by_the_daily_work(app: Flask, settings: Settings):
    [chore] = [chore for chore in CHORES if chore.name == "history"]
    ago = timedelta(days=4)
    with time_machine.travel(clock.now() - ago, tick=False):
        for _ in range(2):
            storage.write(withdraw, question_id=storage.write(factories.add_question))

    [words] = wrong(settings)
    assert words.startswith("2 acts of askers, of more than 2 days ago, wait for a place")

    assert list(chore.run(clock.today())) == [{"linked": 2}]
    assert list(chore.run(clock.today())) == []
    storage.read().rollback()
    assert wrong(settings) == []
    assert list(verify(storage.read(), storage.current_keyring())) == []


def test_questions_are_compared_with_their_history_page_by_page(
    decided: UUID, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(history, "PAGE", 2)
    more = [storage.write(factories.add_question) for _ in range(6)]
    assert wrong(settings) == []

    behind(update(Question).where(Question.id.in_(more)).values(version=2))

    [words] = wrong(settings)
    assert words.startswith("6 questions are not where their history leads: ")
    assert " and others. " in words


def test_a_question_that_is_decided_meanwhile_is_no_finding(decided: UUID):
    engine, left = storage.db.engine, ["new", "spam", "new", "declined"]

    def decide_in_between(*about: object) -> None:
        if "questions.version" in str(about[2]) and left and not busy:
            busy.append(True)
            decide(decided, left.pop(0), 8 - len(left) - 1)
            busy.clear()

    busy: list[bool] = []
    event.listen(engine, "after_cursor_execute", decide_in_between)
    try:
        with Session(engine) as session:
            assert list(history.examine_questions(session)) == []
    finally:
        event.remove(engine, "after_cursor_execute", decide_in_between)
    assert len(left) < 4
