"""The demonstration: the seed show, a mailbag of invented questions, and an owner's account."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from ruamel.yaml import YAML
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp import clock, storage
from webapp.episodes.queries import find_published_id
from webapp.moderation import services as moderation
from webapp.questions import services as questions
from webapp.questions.models import Question, SpentNonce
from webapp.questions.queries import get_question
from webapp.questions.services import Actor, Draft
from webapp.questions.tokens import NONCE_BYTES, nonce_hash
from webapp.settings import Settings, package_folder
from webapp.staff.models import User
from webapp.staff.services import add_member
from webapp.storage.sealing import Keyring
from webapp.transfer.importing import import_bundle

OWNER_EMAIL = "owner@example.org"
OWNER_NAME = "Sam"
DEMO = Actor("the demonstration", "owner")

MOVES = {
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
        if storage.read().scalar(select(func.count()).select_from(User)):
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
    draft = Draft(
        text=entry["text"],
        sign_off=entry["sign_off"],
        consent=entry["consent"],
        about_id=find_published_id(session, entry["about"]),
        language="en-GB",
        lane=entry["lane"],
        lane_reasons=tuple(entry["lane_reasons"]),
        received_on=clock.today() - timedelta(days=entry["days_ago"]),
    )
    questions.receive(session, keyring=keyring, nonce=nonce, draft=draft)
    spent = session.get_one(SpentNonce, nonce_hash(keyring, nonce))
    if entry["air_text"]:
        questions.set_texts(
            session,
            keyring=keyring,
            question_id=spent.question_id,
            seen_version=1,
            actor=DEMO,
            air_text=entry["air_text"],
            web_text="",
        )
    for move in MOVES[entry["state"]]:
        _decide(session, keyring, get_question(session, spent.question_id), move, entry)


def _decide(
    session: Session, keyring: Keyring, question: Question, move: str, entry: dict[str, Any]
) -> None:
    moderation.decide(
        session,
        keyring=keyring,
        question_id=question.id,
        version=question.version,
        move=move,
        actor=DEMO,
        reason=entry["reason"],
        episode=entry["answered_by"],
    )
