"""The demonstration: the seed show, a mailbag of invented questions, and an owner's account."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from ruamel.yaml import YAML
from sqlalchemy.orm import Session

from webapp import clock, storage
from webapp.episodes.queries import find_published_id
from webapp.moderation import services as moderation
from webapp.questions import services as questions
from webapp.questions.models import Question
from webapp.questions.queries import get_question
from webapp.questions.receipts import NONCE_BYTES
from webapp.questions.receiving import SentQuestion, receive
from webapp.questions.services import Actor
from webapp.settings import Settings, package_folder
from webapp.staff.queries import count_members
from webapp.staff.services import add_member
from webapp.storage.sealing import Keyring
from webapp.transfer.importing import import_bundle

OWNER_EMAIL = "owner@example.org"
OWNER_NAME = "Sam"
DEMO = Actor("the demonstration", "owner")

DECISIONS = {
    "new": (),
    "shortlisted": ("shortlist",),
    "declined": ("decline",),
    "answered": ("shortlist", "answer"),
}


@dataclass(frozen=True, slots=True)
class Account:
    """The owner's account, as it is printed once."""

    email: str
    password: str


def fill_demo(app: Flask, settings: Settings) -> Account | None:
    """Import the seed show; on the first run also fill the mailbag and add the owner.

    Mailbag and owner come in one transaction, so that a run that is killed can be run again.
    Returns the account when it was made, None when it was there.
    """
    seeds = package_folder("seeds")
    with app.app_context():
        import_bundle(seeds / "show")
        if count_members(storage.read()):
            return None
        chosen = settings.demo_password
        password = chosen.get_secret_value() if chosen else secrets.token_urlsafe(12)
        entries = YAML(typ="safe").load((seeds / "questions.yaml").read_text(encoding="utf-8"))
        storage.write(_fill, keyring=storage.current_keyring(), entries=entries, password=password)
        return Account(OWNER_EMAIL, password)


def _fill(
    session: Session, *, keyring: Keyring, entries: Iterable[dict[str, Any]], password: str
) -> None:
    for entry in entries:
        _add_question(session, keyring, entry)
    add_member(session, email=OWNER_EMAIL, name=OWNER_NAME, role="owner", password=password)


def _add_question(session: Session, keyring: Keyring, entry: dict[str, Any]) -> None:
    """Add one invented question by the ways that real ones go."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    sent = SentQuestion(
        text=entry["text"],
        sign_off=entry["sign_off"],
        consent=entry["consent"],
        about_id=find_published_id(session, entry["about"]),
        language="en-GB",
        lane=entry["lane"],
        lane_reasons=tuple(entry["lane_reasons"]),
        received_on=clock.today() - timedelta(days=entry["days_ago"]),
    )
    question_id = receive(session, keyring=keyring, nonce=nonce, sent=sent).question_id
    if entry["air_text"]:
        questions.set_texts(
            session,
            keyring=keyring,
            question_id=question_id,
            seen_version=1,
            actor=DEMO,
            air_text=entry["air_text"],
            web_text="",
        )
    for decision in DECISIONS[entry["state"]]:
        _decide(session, keyring, get_question(session, question_id), decision, entry)


def _decide(
    session: Session, keyring: Keyring, question: Question, decision: str, entry: dict[str, Any]
) -> None:
    moderation.decide(
        session,
        keyring=keyring,
        question_id=question.id,
        version=question.version,
        decision=decision,
        actor=DEMO,
        reason=entry["reason"],
        episode=entry["answered_by"],
    )
