"""Two houses, and a mailbag with something of everything in it, for tests."""

from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.postgres import temporary_database
from webapp import clock, storage
from webapp.moderation import answering, clusters, labels, notes, services, texts
from webapp.moderation.clusters import Seen
from webapp.moderation.rundowns.recording import mark_recorded
from webapp.moderation.rundowns.services import make_rundown, put_in
from webapp.operations.instance import make_instance
from webapp.questions import services as questions
from webapp.questions import thread
from webapp.questions.models import Question
from webapp.questions.queries import get_question
from webapp.questions.receipts import words_for
from webapp.settings import Settings
from webapp.storage.history import Actor, link_rest
from webapp.storage.sealing import Keyring, read_keys, unseal
from webapp.transfer.mailbag.exporting import export
from webapp.transfer.mailbag.format import open_lines
from webapp.transfer.mailbag.importing import Brought, import_mailbag
from webapp.transfer.mailbag.records import read_line

OWNER = Actor("Olive", "owner", 7)
WAYS = [
    ("sqlite", "sqlite"),
    ("sqlite", "postgresql"),
    ("postgresql", "sqlite"),
]
# What must stand nowhere in the open.
WORDS = (
    *("walrus", "Tusk", "tambourine", "marmalade", "mar-ma-lade", "gondola", "periwinkle"),
    *("Springtime", "Olive", "shortlisted", "urgent", "walls", "guid-out"),
)


@contextmanager
def a_house(request: pytest.FixtureRequest, engine: str, folder: Path) -> Iterator[Flask]:
    """Give the app of a new instance with a show, on an engine."""
    given: dict[str, object] = {"instance": folder, "undo_seconds": 0}
    with ExitStack() as stack:
        if engine == "postgresql":
            shared = request.getfixturevalue("tmp_path_factory").getbasetemp()
            given["database_url"] = stack.enter_context(temporary_database(shared))
        app = make_instance(Settings.load(**given))
        with app.app_context():
            storage.write(factories.add_show)
        yield app
        with app.app_context():
            storage.db.engine.dispose()


def settings_of(app: Flask) -> Settings:
    settings: Settings = app.extensions["postbag.settings"]
    return settings


def keys_of(app: Flask) -> Keyring:
    return read_keys(settings_of(app).keys_path)


def receipt(app: Flask, number: int) -> str:
    with app.app_context():
        return " ".join(words_for(storage.current_keyring(), number.to_bytes(16, "big")))


def ask(app: Flask, number: int, **changes: object) -> UUID:
    """Send a question whose receipt is at hand."""
    with app.app_context():
        nonce = number.to_bytes(16, "big")
        return storage.write(factories.add_question, nonce=nonce, **changes)


def do(app: Flask, service: Callable[..., Any], question_id: UUID, **how: object) -> Any:
    """Do something at the desk to a question as it stands."""
    with app.app_context():
        version = get_question(storage.read(), question_id).version
        told = {"question_id": question_id, "seen_version": version, "actor": OWNER}
        return storage.write(service, **(told | how))


def add_episode(app: Flask, slug: str, **values: Any) -> int:
    with app.app_context():
        return storage.write(lambda session: factories.add_episode(session, slug=slug, **values).id)


def decide(app: Flask, question_id: UUID, to: str, **how: object) -> None:
    do(app, questions.move, question_id, to=to, **how)


def fill(app: Flask) -> dict[str, UUID]:
    """Fill the mailbag with something of everything; return the questions by what they are."""
    out, draft = add_episode(app, "out"), add_episode(app, "draft", published_at=None)
    found = {"lead": ask(app, 1, text="About a walrus.", sign_off="Tusk", about_id=out)}
    _work_on(app, found["lead"])
    found["merged"] = ask(app, 2, text="About a walrus too.")
    with app.app_context():
        version = get_question(storage.read(), found["lead"]).version
        lead, member = Seen(found["lead"], version), Seen(found["merged"], 1)
        storage.write(clusters.merge, lead=lead, members=[member], actor=OWNER)
    for number, name in enumerate(("recorded", "answered", "planned", "gone", "erased"), start=3):
        found[name] = ask(app, number, text=f"A letter, {name}.", consent="read_aloud")
    _record(app, found["recorded"])
    decide(app, found["answered"], "shortlisted")
    do(app, answering.answer_now, found["answered"], episode_id=out)
    decide(app, found["planned"], "shortlisted")
    do(app, answering.answer_when_published, found["planned"], episode_id=draft)
    found["declined"] = ask(app, 8)
    with app.app_context():
        keyring = storage.current_keyring()
        how = {"decision": "decline", "reason": "answered", "kind_word": "A gondola."}
        storage.write(
            services.decide,
            keyring=keyring,
            question_id=found["declined"],
            version=1,
            actor=OWNER,
            **how,
        )
        storage.write(questions.withdraw, question_id=found["gone"])
        storage.write(questions.prolong, question_id=found["lead"])
    decide(app, found["erased"], "erased")
    found["new"] = ask(app, 9, lane="urgent", lane_reasons=("A word.",))
    return found


def _work_on(app: Flask, question_id: UUID) -> None:
    """Do to a question all that one can do to a question."""
    decide(app, question_id, "shortlisted")
    keyring = keys_of(app)
    for air in ("We read tambourine.", "We read a tambourine."):
        do(
            app,
            texts.write_texts,
            question_id,
            keyring=keyring,
            texts=texts.Texts(air, "We print marmalade."),
            pronunciation="mar-ma-lade",
        )
    do(app, thread.ask_back, question_id, keyring=keyring, words="Which periwinkle?")
    with app.app_context():
        storage.write(thread.reply, keyring=keyring, question_id=question_id, words="The walrus’s.")
        storage.write(notes.add_note, question_id=question_id, actor=OWNER, text="A gondola.")
    do(app, labels.set_topics, question_id, slugs=["walls"])
    do(app, labels.set_labels, question_id, names=["Springtime"])
    do(app, services.snooze, question_id, until=clock.today() + timedelta(days=3))


def _record(app: Flask, question_id: UUID) -> None:
    decide(app, question_id, "shortlisted")
    with app.app_context():
        storage.write(factories.write_air_text, question_id=question_id)
        rundown_id = storage.write(
            make_rundown, title="Springtime", recording_on=date(2026, 3, 3), pace=150, actor=OWNER
        )
    decide(app, question_id, "ready")
    do(app, put_in, question_id, rundown_id=rundown_id)
    do(app, mark_recorded, question_id, rundown_id=rundown_id, time_code=84)


def link_all(app: Flask) -> None:
    """Give askers' acts of today their places, as if it were tomorrow."""
    with app.app_context():
        while storage.write(link_rest, today=clock.today() + timedelta(days=1)):
            pass


def packed(app: Flask) -> bytes:
    """Return the file of a house."""
    with app.app_context():
        return b"".join(export(storage.db.engine, storage.current_keyring()))


def unpack(app: Flask, file: Path, old: Flask) -> Brought:
    """Take a file in, with the keys of the house that it comes from."""
    with app.app_context():
        return import_mailbag(file, theirs=keys_of(old), actor=OWNER)


def told(app: Flask) -> list[tuple[str, Any]]:
    """Return all that a house would tell another, with its texts opened."""
    keyring = keys_of(app)
    lines = open_lines(keyring, BytesIO(packed(app)))
    return [(kind, _opened(keyring, record)) for kind, record in map(read_line, lines)]


def _opened(keyring: Keyring, record: Any) -> Any:
    """Return a question's record with what is sealed in it opened."""
    if not isinstance(record, dict) or "texts" not in record:
        return record
    for table, rows in (
        ("questions", [record["row"]]),
        ("question_texts", record["texts"]),
        ("question_notes", record["notes"]),
    ):
        for row in rows:
            for name in row:
                if name.endswith("_sealed") and row[name] is not None:
                    sealed = b64decode(row[name])
                    row[name] = unseal(keyring, row["id"], f"{table}.{name}", sealed)
    return record


def ids(app: Flask) -> set[UUID]:
    with app.app_context():
        return set(storage.read().scalars(select(Question.id)))
