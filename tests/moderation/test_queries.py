"""The queue: oldest day first, one page after another, nothing skipped."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from tests import factories
from webapp import storage
from webapp.moderation import names, queries
from webapp.questions import workflow
from webapp.questions.forms import CONSENT
from webapp.storage.sealing import Keyring

DAY = date(2026, 11, 1)


def read_queue(session: Session, keyring: Keyring, **more: str) -> queries.QueuePage:
    where = {"lane": "ordinary", "state": "new"} | more
    return queries.list_queue(session, keyring, role="owner", **where)


def test_queue_shows_the_oldest_day_first(session: Session, keyring: Keyring):
    for days in (2, 0, 1):
        storage.write(factories.add_question, received_on=DAY - timedelta(days=days))

    rows = read_queue(session, keyring).rows

    assert [row.received_on for row in rows] == [DAY - timedelta(days=days) for days in (2, 1, 0)]


def test_queue_pages_through_every_question_once(session: Session, keyring: Keyring):
    ids = {storage.write(factories.add_question) for _ in range(2 * queries.PAGE_SIZE + 1)}
    seen, after = [], ""
    for size in (queries.PAGE_SIZE, queries.PAGE_SIZE, 1):
        page = read_queue(session, keyring, after=after)
        assert len(page.rows) == size
        seen += [row.id for row in page.rows]
        after = page.after

    assert after == ""
    assert set(seen) == ids
    assert len(seen) == len(ids)


def test_queue_keeps_lanes_and_states_apart(session: Session, keyring: Keyring):
    for lane in workflow.LANES:
        storage.write(factories.add_question, lane=lane)

    for lane in workflow.LANES:
        page = read_queue(session, keyring, lane=lane)
        assert [row.lane for row in page.rows] == [lane]
        assert {key: count for key, _, count in page.lanes} == dict.fromkeys(workflow.LANES, 1)


@pytest.mark.parametrize("after", ["", "x", "~~", "2026-11-01~x~y", "2026-11-01~1~nonsense"])
def test_a_key_that_is_none_begins_at_the_beginning(session: Session, keyring: Keyring, after: str):
    storage.write(factories.add_question)

    assert len(read_queue(session, keyring, after=after).rows) == 1


def test_every_state_lane_consent_and_act_has_its_words():
    assert set(names.STATE_NAMES) == set(workflow.STATES)
    assert set(names.LANE_NAMES) == set(workflow.LANES)
    assert set(names.CONSENT_NAMES) == set(CONSENT)
    assert {f"to {state}" for state in workflow.STATES} < set(names.ACTION_NAMES)
