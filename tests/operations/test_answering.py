"""A cluster of 500 is answered once each, also where the worker is killed in the middle."""

import secrets
import signal
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests import factories
from tests.moderation.clustering import EDITH, add_episode
from tests.operations.processes import start, wait_for
from tests.questions.test_races import counts_are_true
from webapp import storage
from webapp.moderation import answering
from webapp.questions import receipts
from webapp.questions.models import Question, QueueCount
from webapp.questions.receipts import NONCE_BYTES
from webapp.questions.telling import find_my_question
from webapp.settings import Settings
from webapp.storage.history import Act
from webapp.storage.outbox import OutboxMessage
from webapp.studio.services import publish

MEMBERS = 500


@pytest.fixture
def site(in_app: Flask) -> dict[str, str]:
    """The settings of the app, for a worker of its own."""
    settings: Settings = in_app.extensions["postbag.settings"]
    given = {"INSTANCE": str(settings.instance_path)}
    return given | ({"DATABASE_URL": settings.database} if settings.database_url else {})


def add_cluster(session: Session, nonces: list[bytes]) -> UUID:
    """Add a lead, and behind it a question for each other nonce, as if merged long ago."""
    lead, *members = (factories.add_question(session, nonce=nonce) for nonce in nonces)
    session.execute(
        update(Question).where(Question.id.in_(members)).values(state="merged", lead_id=lead)
    )
    session.execute(update(Question).where(Question.id == lead).values(state="shortlisted"))
    for state, count in (("new", 0), ("shortlisted", 1), ("merged", len(members))):
        place = QueueCount.lane == "ordinary", QueueCount.state == state
        session.execute(update(QueueCount).where(*place).values(count=count))
    return lead


def answered() -> int:
    storage.read().rollback()
    return storage.read().scalar(select(func.count()).filter(Question.state == "answered")) or 0


def test_a_cluster_of_500_reaches_500_receipts_once_although_the_worker_is_killed_twice(
    in_app: Flask, site: dict[str, str], tmp_path: Path
):
    nonces = [secrets.token_bytes(NONCE_BYTES) for _ in range(MEMBERS + 1)]
    lead = storage.write(add_cluster, nonces)
    episode = add_episode()
    storage.write(
        answering.answer_when_published,
        question_id=lead,
        seen_version=1,
        episode_id=episode,
        actor=EDITH,
    )
    storage.write(publish, episode_id=episode, actor=EDITH)
    assert counts_are_true(storage.read())

    for killed in range(2):
        before = answered()
        worker = start(tmp_path / f"log-{killed}", "worker", **site)
        wait_for(lambda before=before: answered() > before)
        worker.send_signal(signal.SIGKILL)
        assert worker.wait() == -signal.SIGKILL
        assert before < answered() < MEMBERS
        assert counts_are_true(storage.read())

    worker = start(tmp_path / "log", "worker", **site)
    wait_for(is_settled, seconds=120)
    worker.terminate()
    assert worker.wait(30) == 0

    assert answered() == MEMBERS + 1
    assert counts_are_true(storage.read())
    acts = storage.read().scalars(select(Act.subject_id).where(Act.to_state == "answered")).all()
    assert len(acts) == len(set(acts)) == MEMBERS + 1
    assert [told(in_app, nonce) for nonce in nonces] == ["answered"] * (MEMBERS + 1)


def is_settled() -> bool:
    storage.read().rollback()
    waiting = OutboxMessage.kind == answering.SETTLE, OutboxMessage.done_at.is_(None)
    return storage.read().scalar(select(func.count()).filter(*waiting)) == 0


def told(app: Flask, nonce: bytes) -> str:
    """Return the state that a receipt tells."""
    keyring = storage.current_keyring()
    words = " ".join(receipts.words_for(keyring, nonce))
    settings: Settings = app.extensions["postbag.settings"]
    found = find_my_question(storage.read(), keyring, settings, words)
    return found.state if found else ""
