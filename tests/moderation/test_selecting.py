"""The queue's statements go straight along an index, or begin with the table that has few rows."""

from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests import factories
from tests.moderation.queue import MO, read_queue
from webapp import storage
from webapp.moderation import labels
from webapp.moderation.filters import read_filters
from webapp.moderation.searching import find_ways
from webapp.moderation.selecting import find_named, select_page
from webapp.storage.sealing import Keyring


@pytest.fixture(autouse=True)
def questions(session: Session) -> None:
    """Two that wait, under a topic and about an episode."""
    episode = storage.write(lambda writing: factories.add_episode(writing).id)
    for _ in range(2):
        question = storage.write(factories.add_question, about_id=episode)
        storage.write(
            labels.set_topics, question_id=question, seen_version=1, actor=MO, slugs=["walls"]
        )


def plan_of(session: Session, keyring: Keyring, asked: dict[str, str], after: str) -> str:
    """Return how an engine would go about a page, were its tables large."""
    session.rollback()
    filters = read_filters(asked)
    named = find_named(session, filters, 1)
    wanted = find_ways(session, keyring, filters.words, "en-GB") if filters.words else None
    done: list[tuple[str, Any]] = []

    def note(_connection, _cursor, statement, parameters, *_rest):
        done.append((statement, parameters))

    engine = session.get_bind()
    connection = session.connection()
    event.listen(engine, "before_cursor_execute", note)
    session.execute(select_page(filters, named, wanted, after=after, limit=26)).all()
    event.remove(engine, "before_cursor_execute", note)
    statement, parameters = done[-1]
    if engine.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return "\n".join(row.detail for row in rows)
    for way in ("seqscan", "bitmapscan", "hashjoin", "mergejoin", "sort"):  # good for a few rows
        connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
    return "\n".join(connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars())


def is_sorted_afterwards(plan: str) -> bool:
    return "TEMP B-TREE" in plan or "Sort  (" in plan


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ({}, "ix_questions_queue"),
        ({"order": "newest"}, "ix_questions_queue"),
        ({"order": "soonest"}, "ix_questions_leaving"),
        ({"lane": "urgent", "state": "declined", "consent": "private"}, "ix_questions_queue"),
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_page_of_the_queue_is_a_straight_walk(
    session: Session, keyring: Keyring, asked: dict[str, str], index: str, *, is_first: bool
):
    key = "2026-11-01~5~00000000-0000-0000-0000-000000000001"
    plan = plan_of(session, keyring, asked, "" if is_first else key)

    assert index in plan
    assert not is_sorted_afterwards(plan)


@pytest.mark.parametrize("order", ["oldest", "newest"])
def test_a_search_walks_along_its_rarest_word(session: Session, keyring: Keyring, order: str):
    plan = plan_of(session, keyring, {"q": "flatmate wall", "order": order}, "")

    assert not is_sorted_afterwards(plan)
    assert "ix_questions" not in plan


@pytest.mark.parametrize(
    ("asked", "small"),
    [
        ({"topic": "walls"}, "question_topics"),
        ({"topic": "walls", "lane": "ordinary", "state": "new"}, "question_topics"),
        ({"topic": "walls", "q": "flatmate", "order": "newest"}, "question_topics"),
        ({"mine": "1", "lane": "ordinary", "state": "new"}, "question_claims"),
        ({"about": "thin-walls", "lane": "ordinary", "state": "new"}, "ix_questions_about_id"),
        ({"reply": "1", "lane": "ordinary", "state": "new"}, "ix_questions_replied"),
        ({"snoozed": "1", "lane": "ordinary", "state": "new"}, "ix_questions_snoozed_until"),
    ],
)
def test_what_hangs_on_few_questions_never_goes_through_the_whole_queue(
    session: Session, keyring: Keyring, asked: dict[str, str], small: str
):
    plan = plan_of(session, keyring, asked, "")

    assert small in plan
    assert "ix_questions_queue" not in plan
    assert "SCAN questions\n" not in f"{plan}\n"
    assert len(read_queue(session, keyring, **asked).rows) in {0, 2}
