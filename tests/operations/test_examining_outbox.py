"""What the doctor says of messages: given up, failing, or waiting where no worker runs."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests import factories
from webapp import clock, storage
from webapp.operations.examining.outbox import examine_answers, examine_outbox, examine_webhook
from webapp.questions.models import Question
from webapp.settings import Settings
from webapp.storage.outbox import OutboxMessage, put

AWAY = "The mail server cannot be reached."


def add(session: Session, number: int = 1, **columns: Any) -> None:
    for key in range(number):
        message = session.get_one(
            OutboxMessage, put(session, kind="mail", key=f"{key}", payload={})
        )
        for name, value in columns.items():
            setattr(message, name, value)


def said() -> Sequence[str]:
    storage.read().rollback()
    return [finding.words for finding in examine_outbox(storage.read())]


def test_an_empty_outbox_and_one_that_was_carried_out_are_as_they_should_be(in_app: Flask):
    assert said() == []

    storage.write(add, 3, done_at=clock.now())

    assert said() == []


def test_what_was_given_up_is_told_by_kind_and_reason(in_app: Flask):
    storage.write(add, 2, done_at=clock.now(), trouble=AWAY)

    [words] = said()
    assert words.startswith(f"Given up in the last 30 days: 2 messages of the kind “mail”. {AWAY}")


def test_what_fails_is_told_before_it_is_given_up(in_app: Flask):
    storage.write(add, 1, tries=1, trouble=AWAY, due_at=clock.now() + timedelta(minutes=5))

    [words] = said()
    assert words == (
        f"Not delivered yet: 1 message of the kind “mail”. {AWAY} Each is tried again, for five "
        "days."
    )


@pytest.mark.parametrize(("minutes", "count"), [(59, 0), (61, 1)])
def test_what_waits_for_a_worker_is_told_after_an_hour(in_app: Flask, minutes: int, count: int):
    storage.write(add, 1, due_at=clock.now() - timedelta(minutes=minutes))

    assert ["`postbag worker`" in words for words in said()] == [True] * count


def test_a_question_that_its_episode_could_not_answer_is_told(in_app: Flask):
    def add_left_behind(session: Session) -> None:
        episode = factories.add_episode(session)
        question_id = factories.add_question(session, consent="private")
        named = update(Question).where(Question.id == question_id)
        session.execute(named.values(planned_for_id=episode.id, state="shortlisted"))

    assert list(examine_answers(storage.read())) == []
    storage.write(add_left_behind)
    storage.read().rollback()

    [finding] = examine_answers(storage.read())
    assert finding.words.startswith("1 question should have been answered by an episode")


def test_a_question_that_is_just_being_answered_is_not(in_app: Flask):
    def add_settling(session: Session) -> None:
        episode = factories.add_episode(session)
        question_id = factories.add_question(session)
        named = update(Question).where(Question.id == question_id)
        session.execute(named.values(planned_for_id=episode.id, state="shortlisted"))
        put(session, kind="settle", key="settle:1", payload={"episode_id": episode.id})

    storage.write(add_settling)
    storage.read().rollback()

    assert list(examine_answers(storage.read())) == []


@pytest.mark.parametrize(
    ("url", "site", "count"),
    [
        ("http://chat.example/hook", "https://show.example", 1),
        ("https://chat.example/hook", "https://show.example", 0),
        ("http://chat:8065/hook", "https://show.example", 0),
        ("http://chat.example/hook", "http://127.0.0.1:8000", 0),
    ],
)
def test_a_webhook_that_can_be_read_on_its_way_is_advised_against(
    in_app: Flask, url: str, site: str, count: int
):
    settings: Settings = in_app.extensions["postbag.settings"]
    changed = settings.model_copy(update={"webhook_url": SecretStr(url), "site_url": site})

    found = list(examine_webhook(changed))

    assert [finding.is_advice for finding in found] == [True] * count
    assert "chat" not in "".join(finding.words for finding in found)
