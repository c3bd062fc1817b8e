"""The words of a question leave an episode that is not out yet together with the question."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from webapp import storage
from webapp.episodes.models import Episode
from webapp.questions import editing, services
from webapp.questions.models import Question
from webapp.questions.queries import get_question
from webapp.storage.history import Actor

EDITOR = Actor("Ed", "editor", 2)
FAR_OFF = datetime(2999, 6, 1, tzinfo=UTC)
OURS = "In our words."

pytestmark = pytest.mark.usefixtures("in_app")


def plan(printed: str, *, published_at: datetime | None = FAR_OFF) -> tuple[UUID, int]:
    """Return a question and the episode that is to answer it, which prints something already."""
    question_id = storage.write(factories.add_question)
    storage.write(factories.write_air_text, question_id=question_id, text=OURS)

    def name(session: Session) -> int:
        episode = factories.add_episode(session, slug="to-come", published_at=published_at)
        episode.question_text = printed
        session.get_one(Question, question_id).planned_for_id = episode.id
        return episode.id

    return question_id, storage.write(name)


def printed(episode_id: int) -> str:
    storage.read().rollback()
    episode = storage.read().get_one(Episode, episode_id, populate_existing=True)
    return episode.question_text


@pytest.mark.parametrize("text", [OURS, factories.LETTER])
def test_what_its_asker_takes_back_is_printed_nowhere(in_app: Flask, text: str):
    question_id, episode_id = plan(text)

    storage.write(services.withdraw, question_id=question_id)

    assert printed(episode_id) == ""


def test_what_an_editor_wrote_beside_it_stays(in_app: Flask):
    question_id, episode_id = plan("Something else altogether.")

    storage.write(services.withdraw, question_id=question_id)

    assert printed(episode_id) == "Something else altogether."


def test_what_is_known_to_be_a_letters_goes_however_it_reads(in_app: Flask):
    question_id, episode_id = plan("Something else altogether.")

    def know(session: Session) -> None:
        session.get_one(Episode, episode_id).question_from = question_id

    storage.write(know)
    storage.write(services.withdraw, question_id=question_id)

    assert printed(episode_id) == ""


def test_an_older_version_of_its_texts_goes_too(in_app: Flask):
    question_id, episode_id = plan("Nothing yet.")
    for text in ("As it once was put.", "As it is put now."):
        storage.write(
            editing.set_texts,
            keyring=storage.current_keyring(),
            question_id=question_id,
            seen_version=get_question(storage.read(), question_id).version,
            actor=EDITOR,
            air_text=text,
            web_text="",
        )

    def print_older(session: Session) -> None:
        session.get_one(Episode, episode_id).question_text = "As it once was put."

    storage.write(print_older)

    storage.write(services.withdraw, question_id=question_id)

    assert printed(episode_id) == ""


def test_what_cannot_be_opened_is_taken_for_its_askers(in_app: Flask):
    question_id, episode_id = plan("Something else altogether.")

    def lose_key(session: Session) -> None:
        session.get_one(Question, question_id).text_sealed = b"\0\0\0\x63" + bytes(600)

    storage.write(lose_key)

    storage.write(services.withdraw, question_id=question_id)

    assert printed(episode_id) == ""


def test_what_is_out_stays_as_it_was_printed(in_app: Flask):
    question_id, episode_id = plan(OURS, published_at=factories.LONG_AGO)

    storage.write(services.withdraw, question_id=question_id)

    assert printed(episode_id) == OURS
