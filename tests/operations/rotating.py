"""An instance of one's own whose keys are rotated, with a full mailbag, for tests."""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from tests import factories
from tests.postgres import temporary_database
from webapp import storage
from webapp.operations.instance import make_instance
from webapp.operations.sealed_tables import sealed_tables
from webapp.questions import terms
from webapp.questions.models import Question, QuestionTerm
from webapp.questions.queries import open_text
from webapp.questions.services import count
from webapp.settings import Settings
from webapp.storage.history import Act
from webapp.storage.sealing import Keyring, key_id_of, read_keys, seal

TEXTS = ("text_sealed", "sign_off_sealed", "reply_sealed")


@contextmanager
def an_instance(request: pytest.FixtureRequest, folder: Path) -> Iterator[Settings]:
    """Give the settings of a new instance with a show, on the engine that a test is for."""
    given: dict[str, object] = {"instance": folder}
    with ExitStack() as stack, pytest.MonkeyPatch.context() as environment:
        if request.param == "postgresql":
            shared = request.getfixturevalue("tmp_path_factory").getbasetemp()
            url = stack.enter_context(temporary_database(shared))
            environment.setenv("POSTBAG_DATABASE_URL", url)
        environment.setenv("POSTBAG_INSTANCE", str(folder))
        settings = Settings.load(**given)
        app = make_instance(settings)
        with app.app_context():
            storage.write(factories.add_show)
        yield settings
        dispose(app)


def dispose(app: Flask) -> None:
    with app.app_context():
        storage.db.engine.dispose()


def letter(number: int) -> str:
    return f"What do I do with lemon{number}?"


def add_many(session: Session, how_many: int) -> None:
    """Add questions like one that was sent, each with a word of its own; fast."""
    keyring = storage.current_keyring()
    like = session.get_one(Question, factories.add_question(session, text=letter(0)))
    columns = {column.key: getattr(like, column.key) for column in Question.__table__.columns}
    rows, words = [], []
    for number in range(1, how_many):
        id_ = uuid4()
        rows.append(columns | _own(keyring, id_, number))
        place = {"question_id": id_, "received_on": like.received_on, "sort_key": number}
        found = terms.ways_to_find(newest_of(keyring), f"{letter(number)} {number}", like.language)
        words += [{"term": way} | place for [way] in found]
    session.execute(insert(Question), rows)
    session.execute(insert(QuestionTerm), words)
    count(session, like.lane, **{like.state: how_many - 1})


def _own(keyring: Keyring, id_: UUID, number: int) -> dict[str, object]:
    return {
        "id": id_,
        "sort_key": number,
        "receipt_lookup": secrets.token_bytes(32),
        "text_sealed": seal(keyring, id_, "questions.text_sealed", letter(number)),
        "sign_off_sealed": seal(keyring, id_, "questions.sign_off_sealed", str(number)),
    }


def newest_of(keyring: Keyring) -> Keyring:
    return Keyring({keyring.newest: keyring.sealing[keyring.newest]}, {})


def texts(keyring: Keyring, column: str = "text_sealed") -> dict[UUID, str]:
    """Return all texts of a kind that are there. Raises KeyMissing and Unsealable."""
    storage.read().rollback()
    found = storage.read().scalars(select(Question).execution_options(populate_existing=True))
    return {row.id: open_text(keyring, row, column) for row in found if getattr(row, column)}


def keys_in_use() -> set[int]:
    """Return the ids of all keys that seal anything."""
    storage.read().rollback()
    return {
        key_id_of(value)
        for sealed in sealed_tables()
        for row in storage.read().execute(select(*sealed.columns))
        for value in row
        if value is not None
    }


def words_noted() -> set[tuple[UUID, bytes]]:
    """Return what the index has: which question, which word."""
    rows = storage.read().execute(select(QuestionTerm.question_id, QuestionTerm.term))
    return {(row.question_id, row.term) for row in rows}


def words_expected(settings: Settings) -> set[tuple[UUID, bytes]]:
    """Return what the index ought to have, all under the newest key."""
    all_keys = read_keys(settings.keys_path)
    return {
        (question.id, way)
        for question in storage.read().scalars(select(Question))
        for column in TEXTS
        if question.text_sealed is not None
        for text in [open_text(all_keys, question, column)]
        for [way] in terms.ways_to_find(newest_of(all_keys), text, question.language)
    }


def acts() -> tuple[int, int]:
    """Return the sum of all versions, and how many acts the history has."""
    session = storage.read()
    versions = session.scalar(select(func.sum(Question.version)))
    return versions or 0, session.scalar(select(func.count()).select_from(Act)) or 0
