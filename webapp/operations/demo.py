"""The demonstration: the seed show, a mailbag of invented questions, and an owner's account."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from ruamel.yaml import YAML
from sqlalchemy.orm import Session

from webapp import clock, storage
from webapp.episodes.queries import find_published_id
from webapp.operations import demo_desk
from webapp.questions.looking_through import learn_words
from webapp.questions.queries import get_question
from webapp.questions.receipts import NONCE_BYTES
from webapp.questions.receiving import SentQuestion, receive
from webapp.settings import Settings, package_folder
from webapp.staff.queries import count_members
from webapp.staff.services import add_member
from webapp.storage.sealing import Keyring
from webapp.transfer.importing import import_bundle

OWNER_EMAIL = "owner@example.org"
OWNER_NAME = "Sam"


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
    arrived = [(_receive(session, keyring, entry), entry) for entry in entries]
    for question_id, entry in arrived:
        demo_desk.decide(session, keyring, question_id, entry)
    demo_desk.arrange(session, arrived)
    add_member(session, email=OWNER_EMAIL, name=OWNER_NAME, role="owner", password=password)


def _receive(session: Session, keyring: Keyring, entry: dict[str, Any]) -> UUID:
    """Take in one invented question by the way that real ones come, and return its id."""
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
    nonce = secrets.token_bytes(NONCE_BYTES)
    question_id = receive(session, keyring=keyring, nonce=nonce, sent=sent).question_id
    learn_words(session, get_question(session, question_id))
    return question_id
