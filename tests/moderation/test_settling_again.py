"""What comes back to the shortlist after its episode is out is answered by it after all."""

from uuid import UUID

import pytest
from flask import Flask

from tests.factories import LONG_AGO
from tests.moderation.clustering import EDITH, acts, add, add_episode, move, plan, settle, stands
from webapp import storage
from webapp.episodes.models import Episode
from webapp.moderation import services, undoing
from webapp.storage import outbox


@pytest.fixture
def gone_meanwhile(in_app: Flask) -> tuple[UUID, int]:
    """A question that was put back to new before the episode that was named for it came out."""
    question, episode = add(), add_episode()
    move(question, "shortlisted")
    plan(question, episode)
    move(question, "new")
    storage.write(lambda session: setattr(session.get(Episode, episode), "published_at", LONG_AGO))
    settle(episode)
    storage.write(lambda session: session.query(outbox.OutboxMessage).delete())
    return question, episode


def is_to_be_settled(episode: int) -> bool:
    storage.read().rollback()
    found = storage.read().query(outbox.OutboxMessage).filter_by(key=f"settle:{episode}")
    return found.one_or_none() is not None


def test_chosen_again_it_is_answered(gone_meanwhile: tuple[UUID, int]):
    question, episode = gone_meanwhile

    storage.write(
        services.decide,
        keyring=storage.current_keyring(),
        question_id=question,
        version=stands(question).version,
        decision="shortlist",
        actor=EDITH,
    )

    assert is_to_be_settled(episode)
    settle(episode)
    assert stands(question).state == "answered"


def test_put_back_by_an_undo_it_is_answered(gone_meanwhile: tuple[UUID, int]):
    question, episode = gone_meanwhile

    storage.write(undoing.undo, act_id=acts(question, "to new")[-1].id, actor=EDITH)

    assert is_to_be_settled(episode)
