"""Staff are told what waits at fixed hours, in figures: never when something arrives."""

import json
import logging
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import select, update

from tests import factories
from tests.operations.smtp_server import Mailbox, mail_server
from tests.operations.web_server import Receiver, web_server
from tests.staff.members import add_staff
from webapp import clock, storage
from webapp.episodes.models import Show
from webapp.moderation import choices
from webapp.operations.notifying import tell_when_due
from webapp.operations.outbox import deliver_due
from webapp.questions.models import Question
from webapp.questions.services import move, prolong, withdraw
from webapp.settings import Settings
from webapp.staff.models import User
from webapp.storage.history import Actor
from webapp.storage.outbox import OutboxMessage, put

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
EVENING = "2026-11-19 17:00Z"
MORNING = "2026-11-20 08:00:03Z"


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with web_server() as receiver:
        yield receiver


@pytest.fixture
def sends(in_app: Flask, box: Mailbox, receiver: Receiver) -> Iterator[Settings]:
    """The app's settings, with a mail server and a webhook."""
    before: Settings = in_app.extensions["postbag.settings"]
    changed = before.model_copy(
        update={
            "smtp_url": SecretStr(box.url),
            "mail_from": "desk@show.example",
            "webhook_url": SecretStr(receiver.url),
            "webhook_secret": SecretStr(SECRET),
            "site_url": "https://show.example",
        }
    )
    in_app.extensions["postbag.settings"] = changed
    yield changed
    in_app.extensions["postbag.settings"] = before


@pytest.fixture
def staff(in_app: Flask) -> None:
    add_staff(in_app, name="Sam")
    add_staff(in_app, name="Kit", role="moderator")
    storage.read().rollback()


def ask(moment: str, **changes: Any) -> UUID:
    with time_machine.travel(moment, tick=False):
        return storage.write(factories.add_question, received_on=clock.today(), **changes)


def round_at(moment: str) -> None:
    """Do what a worker does in a round at a moment."""
    with time_machine.travel(moment, tick=False):
        storage.read().rollback()
        list(tell_when_due(clock.today()))
        list(deliver_due(clock.today()))


def digests() -> list[OutboxMessage]:
    storage.read().rollback()
    made = select(OutboxMessage).where(OutboxMessage.kind == "digest")
    return list(storage.read().scalars(made.order_by(OutboxMessage.due_at)))


def told() -> list[bool]:
    return [digest.payload["is_told"] for digest in digests()]


def test_a_digest_goes_to_each_member_of_staff_and_to_the_webhook(
    sends: Settings, staff: None, box: Mailbox, receiver: Receiver
):
    ask(EVENING)
    ask(EVENING, lane="urgent")

    round_at(MORNING)

    assert sorted(box.receivers) == ["kit@example.org", "sam@example.org"]
    assert {mail["To"] for mail in box.mails} == {"kit@example.org", "sam@example.org"}
    [mail, _] = box.mails
    assert mail["Subject"] == "The Test Show: 1 in the urgent lane, 1 new"
    assert "https://show.example/desk/questions" in mail.get_content()
    [posted] = receiver.posted
    assert json.loads(posted.body) == {
        "type": "desk.digest",
        "timestamp": "2026-11-20T08:00:03+00:00",
        "data": {
            "urgent": 1,
            "new": 1,
            "quarantine": 0,
            "going": 0,
            "undelivered": 0,
            "url": "https://show.example/desk/questions",
        },
    }


def test_what_is_sent_and_logged_holds_no_word_of_a_question(
    sends: Settings,
    staff: None,
    box: Mailbox,
    receiver: Receiver,
    caplog: pytest.LogCaptureFixture,
):
    caplog.set_level(logging.DEBUG)
    ask(EVENING, lane="urgent", lane_reasons=("says something of a knife",))
    box.says["RCPT"] = "550 no kit@example.org here"

    round_at(MORNING)
    box.says.clear()
    round_at("2026-11-20 18:00:03Z")

    sent = [mail.as_string() for mail in box.mails] + [one.body.decode() for one in receiver.posted]
    rows = [json.dumps(row.payload) for row in storage.read().scalars(select(OutboxMessage))]
    assert len(sent) == 4
    for text in (*sent, *rows, caplog.text):
        assert "flatmate" not in text
        assert "Curious" not in text
        assert "knife" not in text
    for text in (*rows, caplog.text):
        assert "@" not in text


def test_nothing_is_sent_at_the_moment_of_an_arrival(sends: Settings, staff: None, box: Mailbox):
    round_at("2026-11-20 08:00:03Z")
    for hour in range(9, 18):
        ask(f"2026-11-20 {hour:02}:10Z", lane="urgent")
        round_at(f"2026-11-20 {hour:02}:10:05Z")

    assert (told(), box.mails) == ([False], [])


@pytest.mark.parametrize(
    ("lane", "words"), [("ordinary", "1 new"), ("urgent", "1 in the urgent lane")]
)
def test_a_question_of_today_waits_for_a_digest_of_another_day(
    sends: Settings, staff: None, box: Mailbox, lane: str, words: str
):
    ask("2026-11-20 07:00Z", lane=lane)

    round_at("2026-11-20 08:00:03Z")
    round_at("2026-11-20 18:00:03Z")
    assert told() == [False, False]

    round_at("2026-11-21 08:00:03Z")
    assert told() == [False, False, True]
    assert {mail["Subject"] for mail in box.mails} == {f"The Test Show: {words}"}


@pytest.mark.parametrize("act", [withdraw, prolong])
@pytest.mark.parametrize("state", ["new", "shortlisted"])
def test_what_an_asker_does_today_is_told_on_another_day(
    in_app: Flask, sends: Settings, staff: None, act: Callable[..., object], state: str
):
    days = sends.keep_undecided
    came = f"{date(2026, 11, 23) - timedelta(days=days)} 12:00Z"  # its texts go on the 23rd
    question_id = ask(came)
    with time_machine.travel("2026-11-01 12:00Z", tick=False):
        editor = {"seen_version": 1, "actor": Actor("Ed", "editor")}
        if state != "new":
            storage.write(move, question_id=question_id, to=state, **editor)
    round_at(MORNING)
    before = digests()[-1].payload
    with time_machine.travel("2026-11-20 11:00Z", tick=False):
        storage.write(act, question_id=question_id)

    round_at("2026-11-20 18:00:03Z")
    assert figures(digests()[-1].payload) == figures(before)
    assert before["going"] == 1

    round_at("2026-11-21 08:00:03Z")
    last = digests()[-1].payload
    assert (last["new"], last["going"]) == (int(state == "new" and act is prolong), 0)


def figures(payload: dict[str, Any]) -> dict[str, Any]:
    return {name: count for name, count in payload.items() if name != "is_told"}


def test_what_was_told_is_not_told_again(sends: Settings, staff: None):
    ask(EVENING)
    round_at(MORNING)

    round_at("2026-11-20 18:00:03Z")
    round_at("2026-11-21 08:00:03Z")

    assert told() == [True, False, False]


def test_what_is_new_since_is_told_with_all_that_waits(
    sends: Settings, staff: None, receiver: Receiver
):
    ask("2026-11-18 12:00Z")
    round_at("2026-11-19 08:00:03Z")
    ask("2026-11-19 12:00Z")

    round_at("2026-11-20 08:00:03Z")

    assert [json.loads(one.body)["data"]["new"] for one in receiver.posted] == [1, 2]


def test_the_urgent_lane_is_told_until_nothing_is_in_it(sends: Settings, staff: None):
    ask(EVENING, lane="urgent")

    round_at(MORNING)
    round_at("2026-11-20 18:00:03Z")

    assert told() == [True, True]


def test_questions_that_go_soon_are_told_when_they_become_more(
    sends: Settings, staff: None, receiver: Receiver
):
    ask("2026-11-01 12:00Z")
    round_at("2026-11-02 08:00:03Z")
    soon = update(Question).values(texts_until=date(2026, 11, 15))
    storage.write(lambda session: session.execute(soon) and None)

    for day in range(3, 12):
        round_at(f"2026-11-{day:02} 08:00:03Z")

    assert told() == [True, *[False] * 5, True, False, False, False]
    assert json.loads(receiver.posted[-1].body)["data"]["going"] == 1


def test_a_message_that_was_given_up_is_told(sends: Settings, staff: None, receiver: Receiver):
    with time_machine.travel(EVENING, tick=False):
        storage.write(put, kind="pigeon", key="one", payload={})
    round_at("2026-11-19 19:00Z")

    round_at(MORNING)
    round_at("2026-11-20 18:00:03Z")

    [posted] = receiver.posted
    assert json.loads(posted.body)["data"]["undelivered"] == 1


def test_each_hour_is_looked_at_once_however_often_a_worker_begins(
    sends: Settings, staff: None, box: Mailbox
):
    ask(EVENING)

    for second in range(3, 60, 10):
        round_at(f"2026-11-20 08:00:{second:02}Z")

    assert told() == [True]
    assert len(box.mails) == 2


def test_an_hour_that_was_missed_is_told_when_the_worker_is_back(sends: Settings, staff: None):
    ask(EVENING)
    round_at("2026-11-19 18:00:03Z")

    round_at("2026-11-20 11:23Z")

    assert [digest.key for digest in digests()] == [
        "digest:2026-11-19:18",
        "digest:2026-11-20:08",
    ]
    assert told() == [False, True]


def test_whoever_wants_no_mail_gets_none(sends: Settings, staff: None, box: Mailbox):
    kit = storage.read().scalar(select(User.id).where(User.name == "Kit"))
    storage.write(choices.choose_mail, staff_id=kit, wanted=False)
    ask(EVENING)

    round_at(MORNING)

    assert box.receivers == ["sam@example.org"]


def test_whoever_leaves_before_a_mail_is_sent_gets_none(sends: Settings, staff: None, box: Mailbox):
    box.says["CONNECT"] = "421 busy"
    ask(EVENING)
    round_at(MORNING)
    box.says.clear()
    leaves = lambda session: session.delete(session.query(User).filter_by(name="Kit").one())  # noqa: E731
    storage.write(leaves)

    round_at("2026-11-20 09:00Z")
    round_at("2026-11-20 09:00:10Z")

    assert box.receivers == ["sam@example.org"]
    waiting = select(OutboxMessage.id).where(OutboxMessage.done_at.is_(None))
    assert storage.read().scalars(waiting).all() == []


def test_whoever_was_invited_and_has_not_come_gets_none(sends: Settings, staff: None, box: Mailbox):
    invited = update(User).where(User.name == "Kit").values(password=None)
    storage.write(lambda session: session.execute(invited) and None)
    ask(EVENING)

    round_at(MORNING)

    assert box.receivers == ["sam@example.org"]


def test_a_show_without_mail_server_and_webhook_sends_nothing_and_keeps_its_digests(
    in_app: Flask, staff: None
):
    ask(EVENING)

    round_at(MORNING)

    assert told() == [True]
    assert storage.read().query(OutboxMessage).count() == 1


def test_what_is_switched_off_before_it_was_sent_is_given_up_in_words(
    in_app: Flask, sends: Settings, staff: None
):
    with time_machine.travel(EVENING, tick=False):
        storage.write(put, kind="mail", key="m", payload={"staff_id": 1})
        storage.write(put, kind="webhook", key="w", payload={})
    off = {"smtp_url": None, "webhook_url": None, "notify_hours": ()}
    in_app.extensions["postbag.settings"] = sends.model_copy(update=off)

    round_at(MORNING)

    storage.read().rollback()
    words = {row.trouble for row in storage.read().query(OutboxMessage)}
    assert words == {
        "POSTBAG_SMTP_URL is not set any more.",
        "POSTBAG_WEBHOOK_URL is not set any more.",
    }


@pytest.mark.parametrize("payload", [{}, {"at": "yesterday"}, {"at": None, "new": "many"}])
@pytest.mark.parametrize("kind", ["mail", "webhook"])
def test_what_cannot_be_read_is_given_up_at_once(
    sends: Settings, kind: str, payload: dict[str, Any]
):
    storage.write(put, kind=kind, key="one", payload=payload)

    list(deliver_due(clock.today()))

    storage.read().rollback()
    [row] = storage.read().query(OutboxMessage)
    assert (row.trouble, row.done_at is not None) == ("What it says cannot be read.", True)


def test_a_show_that_is_told_at_no_hour_is_told_nothing(in_app: Flask, sends: Settings):
    in_app.extensions["postbag.settings"] = sends.model_copy(update={"notify_hours": ()})
    ask(EVENING, lane="urgent")

    round_at(MORNING)

    assert digests() == []


def test_hours_are_those_of_the_show(in_app: Flask, sends: Settings):
    sydney = update(Show).values(timezone="Australia/Sydney")
    storage.write(lambda session: session.execute(sydney) and None)

    round_at("2026-11-19 21:00:03Z")  # eight in the morning there

    assert [digest.key for digest in digests()] == ["digest:2026-11-20:08"]
