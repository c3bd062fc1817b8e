"""A rundown as it is read: items, what is missing, reading time, the mix, and what could go in."""

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import event, insert, select
from sqlalchemy.orm import Session

from tests import factories
from tests.moderation.rundowns.made import ED, MO, add_ready, add_rundown, put_in
from webapp import storage
from webapp.episodes.models import Topic
from webapp.moderation.rundowns import items, queries, recording, services
from webapp.moderation.rundowns.queries import RundownPage, get_rundown_page
from webapp.questions.editing import set_texts
from webapp.questions.models import Question, question_topics
from webapp.questions.queries import get_question
from webapp.questions.services import change, move, withdraw
from webapp.questions.thread import ask_back
from webapp.storage.sealing import Keyring, seal

FIVE = "one two three four five"


def page_of(session: Session, keyring: Keyring, rundown: UUID) -> RundownPage:
    session.rollback()
    return get_rundown_page(session, keyring, rundown, offers=True)


def question_of(session: Session, rundown: UUID) -> UUID:
    session.rollback()
    return queries.list_places(session, rundown)[0].question_id


def set_topic(session: Session, *, question_id: UUID) -> None:
    topic = session.scalars(select(Topic.id).where(Topic.slug == "walls")).one()
    session.execute(insert(question_topics).values(question_id=question_id, topic_id=topic))


def drop_air_text(session: Session, *, question_id: UUID, web_text: str) -> None:
    """Leave a question as it was before texts went back to the shortlist by themselves."""
    keyring, question = storage.current_keyring(), session.get_one(Question, question_id)
    place = "questions.web_text_sealed"
    question.air_text_sealed = None
    question.web_text_sealed = seal(keyring, question_id, place, web_text)


def test_items_come_in_order_with_reading_time_at_the_hosts_pace(
    session: Session, keyring: Keyring
):
    rundown = storage.write(add_rundown, FIVE, "six seven", pace=60)
    page = page_of(session, keyring, rundown)

    assert [(item.number, item.text, item.seconds) for item in page.items] == [
        (1, FIVE, 8),  # with "Curious in Kansas"
        (2, "six seven", 5),
    ]
    assert page.seconds == 13


def test_what_is_missing_is_said_for_each(session: Session, keyring: Keyring):
    rundown = storage.write(add_rundown, FIVE)
    question = question_of(session, rundown)
    assert page_of(session, keyring, rundown).items[0].missing == (items.NO_TOPIC,)

    storage.write(set_topic, question_id=question)
    assert page_of(session, keyring, rundown).items[0].missing == ()

    seen = {"question_id": question, "actor": ED, "keyring": keyring}
    at = get_question(session, question).version
    storage.write(ask_back, seen_version=at, words="Which wall?", **seen)
    assert page_of(session, keyring, rundown).items[0].missing == (items.NO_ANSWER,)


def test_without_an_air_text_the_web_text_is_shown_with_a_warning(
    session: Session, keyring: Keyring
):
    rundown = storage.write(add_rundown, FIVE)
    storage.write(
        drop_air_text, question_id=question_of(session, rundown), web_text="For the page."
    )
    item = page_of(session, keyring, rundown).items[0]

    assert (item.text, item.source) == ("For the page.", "web")
    assert items.WEB_TEXT in item.missing


def test_of_a_paraphrase_nothing_but_the_air_text_is_shown(session: Session, keyring: Keyring):
    rundown = storage.write(add_rundown, FIVE, consent="paraphrase")
    assert page_of(session, keyring, rundown).items[0].text == FIVE

    question = question_of(session, rundown)
    storage.write(drop_air_text, question_id=question, web_text=factories.LETTER)
    item = page_of(session, keyring, rundown).items[0]
    assert item.text == ""
    assert items.NO_TEXT in item.missing


def test_texts_that_are_newer_than_their_checklist_are_said(session: Session, keyring: Keyring):
    rundown = storage.write(add_rundown, FIVE)
    question = question_of(session, rundown)
    seen = {"question_id": question, "actor": ED, "keyring": keyring, "web_text": ""}
    at = get_question(session, question).version
    storage.write(set_texts, seen_version=at, air_text="New.", checked=True, **seen)
    assert items.UNCHECKED not in page_of(session, keyring, rundown).items[0].missing

    storage.write(_write_unchecked, question_id=question)
    assert items.UNCHECKED in page_of(session, keyring, rundown).items[0].missing


def _write_unchecked(session: Session, *, question_id: UUID) -> None:
    """Write a text into history as services never do to what is in a rundown."""
    change(session, get_question(session, question_id), {}, actor=ED, action="wrote texts")


def test_what_its_asker_took_back_has_no_words_and_counts_for_nothing(
    session: Session, keyring: Keyring
):
    rundown = storage.write(add_rundown, FIVE)
    storage.write(withdraw, question_id=question_of(session, rundown))
    page = page_of(session, keyring, rundown)

    assert page.items[0].missing == (items.TAKEN_BACK,)
    assert (page.items[0].text, page.items[0].sign_off, page.seconds) == ("", "", 0)
    assert all(mix.shares == () for mix in page.mixes)


def test_what_is_read_begins_with_how_many_asked_it(session: Session, keyring: Keyring):
    rundown = storage.write(add_rundown, FIVE, pace=60)
    alone = page_of(session, keyring, rundown).items[0]
    storage.write(add_to_cluster, lead=question_of(session, rundown))

    (item,) = page_of(session, keyring, rundown).items
    line, text = item.text.split("\n\n")
    assert line.endswith(" of you asked this.")
    assert text == FIVE
    assert item.seconds == alone.seconds + len(line.split())


def test_what_somebody_does_not_want_to_read_is_said(session: Session, keyring: Keyring):
    rundown = storage.write(add_rundown, FIVE)
    waiting = storage.write(add_ready)
    for question in (question_of(session, rundown), waiting):
        storage.write(set_topic, question_id=question)
    session.rollback()

    page = get_rundown_page(
        session, keyring, rundown, offers=True, opted_out=frozenset({"topic:walls"})
    )
    assert [one.closed_for for one in (*page.items, *page.ready)] == [("Walls",), ("Walls",)]
    page = get_rundown_page(session, keyring, rundown, offers=True)
    assert [one.closed_for for one in (*page.items, *page.ready)] == [(), ()]


def test_the_mix_is_counted_by_topic_consent_length_and_cluster(session: Session, keyring: Keyring):
    rundown = storage.write(add_rundown, FIVE, "word " * 90, pace=60)
    storage.write(add_to_cluster, lead=question_of(session, rundown))
    storage.write(set_topic, question_id=question_of(session, rundown))
    mixes = page_of(session, keyring, rundown).mixes

    assert {mix.name: [(share.name, share.count) for share in mix.shares] for mix in mixes} == {
        "By topic": [("Walls", 1), ("no topic", 1)],
        "By consent": [("may be read aloud", 2)],
        "By length": [("short, to 30 seconds", 1), ("long, over 60 seconds", 1)],
        "By how many asked": [("two to five", 1), ("one", 1)],
    }


def add_to_cluster(session: Session, *, lead: UUID) -> None:
    """Merge one more question into a lead."""
    question_id = factories.add_question(session)
    move(
        session,
        question_id=question_id,
        to="merged",
        seen_version=1,
        actor=MO,
        also={"lead_id": lead},
    )


def test_a_question_that_left_by_itself_is_not_shown(session: Session, keyring: Keyring):
    rundown = storage.write(add_rundown, FIVE)
    question = question_of(session, rundown)
    at = get_question(session, question).version
    storage.write(move, question_id=question, to="ready", seen_version=at, actor=ED)

    page = page_of(session, keyring, rundown)
    assert page.items == ()
    assert [one.id for one in page.ready] == [question]
    storage.write(put_in, rundown, question)
    assert len(page_of(session, keyring, rundown).items) == 1


def test_ready_questions_are_offered_the_oldest_first_and_not_without_end(
    session: Session, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
):
    rundown = storage.write(add_rundown)
    days = [date(2026, 3, day) for day in (3, 1, 2)]
    made = {day: storage.write(add_ready, received_on=day, lane="urgent") for day in days}
    page = page_of(session, keyring, rundown)
    assert [one.id for one in page.ready] == [made[day] for day in sorted(days)]
    assert not page.has_more

    monkeypatch.setattr(queries, "OFFERED", 2)
    page = page_of(session, keyring, rundown)
    assert len(page.ready) == 2
    assert page.has_more


def test_the_list_counts_what_is_in_each_and_what_is_recorded(session: Session):
    storage.write(add_rundown, title="Undated")
    rundown = storage.write(add_rundown, FIVE, "Two.", title="Dated", recording_on=date(2026, 4, 1))
    question = question_of(session, rundown)
    seen = {"seen_version": get_question(session, question).version, "actor": MO}
    mark = {"rundown_id": rundown, "question_id": question, "time_code": None}
    storage.write(recording.mark_recorded, **mark, **seen)
    session.rollback()
    rows = [(row.title, row.questions, row.recorded) for row in queries.list_rundowns(session)]

    assert rows == [("Dated", 2, 1), ("Undated", 0, 0)]


def test_open_rundowns_are_those_that_take_questions(session: Session):
    closed = storage.write(add_rundown, title="Closed")
    given = {"rundown_id": closed, "seen_version": 1, "actor": ED, "clear": False}
    storage.write(services.close, **given)
    storage.write(add_rundown, title="Open")
    session.rollback()

    assert [one.title for one in queries.list_open(session)] == ["Open"]


@pytest.mark.parametrize("count", [1, 3])
def test_a_rundown_takes_the_same_number_of_statements_for_any_number_of_questions(
    session: Session, keyring: Keyring, count: int
):
    rundown = storage.write(add_rundown, *["Text."] * count)
    session.rollback()
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    event.listen(storage.db.engine, "before_cursor_execute", note)
    try:
        get_rundown_page(session, keyring, rundown, offers=True)
    finally:
        event.remove(storage.db.engine, "before_cursor_execute", note)

    selects = [statement for statement in statements if statement.startswith("SELECT")]
    # The rundown, its questions, what is ready, followers, topics, labels, acts.
    assert len(selects) == 7
