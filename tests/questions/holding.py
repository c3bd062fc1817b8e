"""A question whose six words are at hand, brought to where a test wants it."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests import factories
from webapp import storage
from webapp.episodes.pages import ShowPage
from webapp.questions import receipt_views, receipts, services, thread
from webapp.questions.models import Question
from webapp.questions.queries import get_question
from webapp.storage.history import Actor

NONCE = b"sixteen bytes ok"
EDITOR = Actor("Ed", "editor")
ASKED_BACK = "Do the two of you share the bill?"
UNKNOWN = "abacus abdomen abide ability ablaze able"

WAYS = {
    "new": (),
    "shortlisted": ("shortlisted",),
    "merged": ("merged",),
    "ready": ("shortlisted", "ready"),
    "scheduled": ("shortlisted", "ready", "scheduled"),
    "recorded": ("shortlisted", "ready", "scheduled", "recorded"),
    "answered": ("shortlisted", "answered"),
    "declined": ("declined",),
    "spam": ("spam",),
}


def receipt_of(app: Flask, nonce: bytes = NONCE) -> str:
    with app.app_context():
        return " ".join(receipts.words_for(storage.current_keyring(), nonce))


def add(app: Flask, **changes: object) -> UUID:
    """Add the question that the receipt belongs to."""
    with app.app_context():
        return storage.write(factories.add_question, nonce=NONCE, **changes)


def bring_to(app: Flask, question_id: UUID, state: str, **also: object) -> None:
    """Move a question to a state by the way that the desk would; `also` changes at its end."""
    for step in WAYS[state]:
        move(app, question_id, step, **(also if step == state else {}))


def move(app: Flask, question_id: UUID, to: str, **also: object) -> None:
    """Move a question one step."""
    with app.app_context():
        if to == "ready":
            storage.write(factories.write_air_text, question_id=question_id)
        storage.write(
            services.move,
            question_id=question_id,
            to=to,
            seen_version=get_question(storage.read(), question_id).version,
            actor=EDITOR,
            also=also,
        )


def ask_back(app: Flask, question_id: UUID, words: str = ASKED_BACK) -> None:
    """Ask the asker one thing."""
    with app.app_context():
        storage.write(
            thread.ask_back,
            keyring=storage.current_keyring(),
            question_id=question_id,
            seen_version=get_question(storage.read(), question_id).version,
            actor=EDITOR,
            words=words,
        )


def change(app: Flask, question_id: UUID, **values: object) -> None:
    """Set columns of a question as time or a purge would have."""

    def set_values(session: Session) -> None:
        question = session.get_one(Question, question_id)
        for name, value in values.items():
            setattr(question, name, value)

    with app.app_context():
        storage.write(set_values)


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Have something happen after a question was found and before anything is written to it."""
    masthead = receipt_views.masthead

    def act_first() -> ShowPage:
        monkeypatch.undo()
        act()
        return masthead()

    monkeypatch.setattr(receipt_views, "masthead", act_first)


def post(client: FlaskClient, action: str, receipt: str, **fields: str) -> TestResponse:
    """Send one of the forms of My question; an empty action looks it up."""
    path = f"/my-question/{action}" if action else "/my-question"
    return client.post(path, data={"receipt": receipt} | fields)
