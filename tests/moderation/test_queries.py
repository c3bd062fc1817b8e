"""The queue: oldest day first, one page after another, nothing skipped."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests import factories
from tests.moderation.queue import MO, add_questions, ids_of, read_queue, walk
from tests.staff.members import PASSWORD
from webapp import clock, storage
from webapp.moderation import claims, labels, names, queries, services
from webapp.questions import thread, workflow
from webapp.questions.forms import CONSENT
from webapp.questions.models import Question, QuestionLikeness
from webapp.questions.services import move
from webapp.staff.services import add_member
from webapp.storage.history import Actor
from webapp.storage.sealing import Keyring

DAY = date(2026, 11, 1)


def test_queue_shows_the_oldest_day_first(session: Session, keyring: Keyring):
    for days in (2, 0, 1):
        storage.write(factories.add_question, received_on=DAY - timedelta(days=days))

    rows = read_queue(session, keyring).rows

    assert [row.received_on for row in rows] == [DAY - timedelta(days=days) for days in (2, 1, 0)]


@pytest.mark.parametrize("order", ["oldest", "newest", "soonest"])
def test_every_order_pages_through_every_question_once(
    session: Session, keyring: Keyring, order: str
):
    days = [DAY - timedelta(days=days) for days in range(5)]
    ids = {one for day in days for one in add_questions(11, received_on=day)}

    found = walk(session, keyring, order=order)

    assert len(found) == len(ids) == 55
    assert set(found) == ids


def test_the_newest_first_is_the_oldest_first_backwards(session: Session, keyring: Keyring):
    for days in range(3):
        add_questions(10, received_on=DAY - timedelta(days=days))

    assert walk(session, keyring, order="newest") == walk(session, keyring)[::-1]


def test_the_soonest_to_go_is_what_is_erased_first(session: Session, keyring: Keyring):
    late, early, middle = (add_questions(1, received_on=DAY)[0] for _ in range(3))
    for question, days in ((early, 1), (middle, 2), (late, 3)):
        storage.write(_keep_until, question=question, day=DAY + timedelta(days=days))

    assert walk(session, keyring, order="soonest") == [early, middle, late]


def _keep_until(session: Session, *, question: UUID, day: date) -> None:
    session.execute(update(Question).where(Question.id == question).values(texts_until=day))


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


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"lane": "nonsense", "state": "nonsense", "order": "nonsense"}, 1),
        ({"topic": "nonsense", "label": "nonsense", "about": "nonsense"}, 1),
        ({"consent": "nonsense", "mine": "2", "snoozed": "", "reply": "no"}, 1),
        ({"label": "9" * 40}, 1),
        ({"consent": "private"}, 0),
        ({"state": "merged"}, 0),
    ],
)
def test_a_filter_that_is_unknown_is_left_out(
    session: Session, keyring: Keyring, asked: dict[str, str], count: int
):
    storage.write(factories.add_question)

    page = read_queue(session, keyring, **asked)

    assert len(page.rows) == count
    assert page.filters.lane == "ordinary"


def test_questions_of_a_topic_are_found_in_every_lane_and_state(session: Session, keyring: Keyring):
    ordinary, urgent, other = (
        storage.write(factories.add_question, lane=lane)
        for lane in ("ordinary", "urgent", "ordinary")
    )
    for question in (ordinary, urgent):
        storage.write(
            labels.set_topics, question_id=question, seen_version=1, actor=MO, slugs=["walls"]
        )

    assert set(walk(session, keyring, topic="walls")) == {ordinary, urgent}
    assert walk(session, keyring, topic="walls", lane="urgent") == [urgent]
    assert walk(session, keyring, topic="walls", state="declined") == []
    assert other not in walk(session, keyring, topic="walls", q="flatmate")
    assert set(walk(session, keyring, topic="walls", q="flatmate")) == {ordinary, urgent}
    assert walk(session, keyring, topic="walls", q="herring") == []


def test_questions_with_a_label_are_found_by_its_name_or_number(session: Session, keyring: Keyring):
    labelled, _ = add_questions(2)
    storage.write(
        labels.set_labels, question_id=labelled, seen_version=1, actor=MO, names=["for Tuesday"]
    )
    (label,) = labels.list_labels(session)

    assert walk(session, keyring, label="for Tuesday") == [labelled]
    assert walk(session, keyring, label=label.key) == [labelled]


def test_questions_about_an_episode_and_of_one_consent(session: Session, keyring: Keyring):
    episode = storage.write(lambda writing: factories.add_episode(writing).id)
    about = storage.write(factories.add_question, about_id=episode, consent="private")
    other = storage.write(factories.add_question)

    assert walk(session, keyring, about="thin-walls") == [about]
    assert walk(session, keyring, consent="private") == [about]
    assert walk(session, keyring, consent="read_aloud") == [other]


def test_questions_that_somebody_holds_are_theirs_to_find(session: Session, keyring: Keyring):
    sam = storage.write(_add_sam)
    held, _ = add_questions(2)
    storage.write(claims.claim, question_id=held, actor=Actor("Sam", "owner", sam))

    page = queries.list_queue(
        session,
        keyring,
        reader=queries.Reader("owner", id=sam),
        filters=queries.Filters(lane="", state="", mine=True),
    )
    assert ids_of(page) == [held]
    assert page.rows[0].beside.holder.name == "Sam"
    assert walk(session, keyring, mine="1") == ([held] if sam == 1 else [])


def _add_sam(session: Session) -> int:
    email = "sam@example.org"
    return add_member(session, email=email, name="Sam", role="owner", password=PASSWORD).id


def test_what_is_snoozed_is_left_out_until_its_day(session: Session, keyring: Keyring):
    snoozed, awake = add_questions(2)
    until = clock.today() + timedelta(days=3)
    storage.write(services.snooze, question_id=snoozed, seen_version=1, actor=MO, until=until)

    assert walk(session, keyring) == [awake]
    assert walk(session, keyring, snoozed="1") == [snoozed]
    assert set(walk(session, keyring, q="flatmate")) == {snoozed, awake}
    with time_machine.travel(datetime.combine(until, clock.now().timetz()), tick=False):
        assert set(walk(session, keyring)) == {snoozed, awake}
        assert walk(session, keyring, snoozed="1") == []


def test_questions_whose_askers_have_answered_are_found_in_every_state(
    session: Session, keyring: Keyring
):
    answered, _ = add_questions(2)
    storage.write(
        thread.ask_back,
        keyring=keyring,
        question_id=answered,
        seen_version=1,
        actor=MO,
        words="Since when?",
    )
    storage.write(thread.reply, keyring=keyring, question_id=answered, words="Since May.")
    storage.write(move, question_id=answered, to="shortlisted", seen_version=3, actor=MO)

    assert walk(session, keyring, reply="1") == [answered]


def test_a_row_tells_how_many_are_like_it_and_merged_into_it(session: Session, keyring: Keyring):
    lead, *others = add_questions(4)

    def relate(writing: Session) -> None:
        for other in others:
            writing.add(QuestionLikeness(question_id=lead, other_id=other, score=80))
            writing.add(QuestionLikeness(question_id=other, other_id=lead, score=80))
        for other in others[:2]:
            move(
                writing,
                question_id=other,
                to="merged",
                seen_version=1,
                actor=MO,
                also={"lead_id": lead},
            )

    storage.write(relate)
    rows = {row.id: row for row in read_queue(session, keyring).rows}

    assert (rows[lead].beside.similar, rows[lead].beside.merged) == (1, 2)
    assert (rows[others[2]].beside.similar, rows[others[2]].beside.merged) == (1, 0)


def test_a_row_offers_only_what_its_reader_may_do(session: Session, keyring: Keyring):
    storage.write(factories.add_question, lane="urgent")
    session.rollback()

    def decisions(role: str) -> set[str]:
        page = queries.list_queue(
            session,
            keyring,
            reader=queries.Reader(role),
            filters=queries.Filters(lane="urgent"),
        )
        return set(page.rows[0].decisions)

    assert {"shortlist", "decline", "spam"} <= decisions("editor")
    assert not {"decline", "spam"} & decisions("moderator")


def test_every_state_lane_consent_and_act_has_its_words():
    assert set(names.STATE_NAMES) == set(workflow.STATES)
    assert set(names.LANE_NAMES) == set(workflow.LANES)
    assert set(names.CONSENT_NAMES) == set(CONSENT)
    assert {f"to {state}" for state in workflow.STATES} < set(names.ACTION_NAMES)
