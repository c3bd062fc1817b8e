"""What is given away by what is stolen. docs/privacy.md names these tests, line by line."""

import hmac
import itertools
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Date

from tests import factories
from tests.pages import soup, typed
from tests.questions.asking import ASKED
from webapp import storage
from webapp.moderation.labels import set_labels
from webapp.moderation.notes import add_note
from webapp.operations.instance import make_instance
from webapp.questions import receipts, terms
from webapp.questions.editing import set_texts
from webapp.questions.looking_through import look_through
from webapp.questions.models import Question, QuestionNote, QuestionTerm
from webapp.questions.queries import find_by_receipt, open_text
from webapp.settings import Settings
from webapp.staff.models import User
from webapp.staff.services import add_member
from webapp.storage.history import Act, Actor
from webapp.storage.sealing import PURPOSES, KeyMissing, Keyring, Unsealable
from webapp.web.client import network_of

ADDRESS = "203.0.113.77"
LEAF_OF_AN_INDEX = 0x0A
PLAIN = {
    "id", "received_on", "sort_key", "texts_until", "told_until", "kept_until", "prolonged",
    "consent", "language", "about_id", "answered_by_id", "state", "lane", "lane_reasons",
    "decline_reason", "version", "planned_for_id", "lead_id", "snoozed_until", "is_compared",
    "is_looked_through",
}  # fmt: skip
OURS = b"Look through the episodes"  # what a reason for declining says in plain
STRANGERS = Keyring({1: b"1" * 32}, dict.fromkeys(PURPOSES, b"2" * 32))


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    return tmp_path / "instance"


@pytest.fixture
def taken(instance: Path) -> Flask:
    """An instance with one question, sent by the way that real ones go."""
    app = make_instance(Settings.load(instance=instance))
    with app.app_context():
        storage.write(factories.add_show)
    yield app
    with app.app_context():
        storage.db.engine.dispose()


@pytest.fixture
def receipt(taken: Flask) -> str:
    asker = taken.test_client()
    asker.environ_base |= {"HTTP_SEC_FETCH_SITE": "same-origin", "REMOTE_ADDR": ADDRESS}
    page = asker.post("/ask/review", data=ASKED)
    data = ASKED | {"token": typed(page, "token"), "checked": "yes"}
    sent = asker.post("/ask/send", data=data)
    with taken.app_context():
        storage.write(look_through)
    return soup(sent).find(id="receipt").get_text(strip=True)


def files(instance: Path) -> bytes:
    """Return the bytes of the database as it lies there, and of its logs."""
    return b"".join(path.read_bytes() for path in sorted(instance.glob("postbag.sqlite3*")))


def test_a_question_shows_its_days_its_state_and_nothing_else_in_plain(taken: Flask):
    columns = {column.name for column in Question.__table__.columns}

    assert {name for name in columns if not name.endswith(("_sealed", "_lookup"))} == PLAIN


def test_staffs_acts_have_a_moment_and_an_askers_act_a_day(taken: Flask):
    moments = [
        column.name
        for table in (Question, Act, QuestionTerm)
        for column in table.__table__.columns
        if not isinstance(column.type, Date) and "DATE" in str(column.type)
    ]
    assert moments == ["at"]


def test_staff_stand_there_with_their_address_and_a_slow_hash(taken: Flask, instance: Path):
    with taken.app_context():
        storage.write(
            add_member, email="sam@example.org", name="Sam", role="owner", password="a pass phrase"
        )
        member = storage.read().query(User).one()
        assert member.password.startswith("$argon2id$")
    assert b"sam@example.org" in files(instance)
    assert b"a pass phrase" not in files(instance)


def parts_in(kept: bytes) -> list[bytes]:
    """Return the runs of 8 bytes of the letter that are in a file."""
    raw = factories.LETTER.encode()
    runs = {raw[start : start + 8] for start in range(len(raw) - 7)}
    return [run for run in runs if run in kept and run not in OURS]


def test_the_database_holds_no_part_of_a_text(receipt: str, instance: Path):
    assert parts_in(files(instance)) == []


def test_what_staff_write_about_a_question_is_sealed_like_it(
    taken: Flask, receipt: str, instance: Path
):
    said = ("Perhaps she is our neighbour.", "Somebody hears all of it.", "Say it as in Wales.")
    with taken.app_context():
        question = storage.read().query(Question).one()
        keyring, actor = storage.current_keyring(), Actor("Sam", "editor", 1)
        storage.write(add_note, question_id=question.id, actor=actor, text=said[0])
        storage.write(
            set_texts,
            keyring=keyring,
            question_id=question.id,
            seen_version=1,
            actor=actor,
            air_text=said[1],
            web_text=said[2],
        )
        assert storage.read().query(QuestionNote).one().author == "Sam"

    kept = files(instance)
    assert [words for words in said if words.encode() in kept] == []


def test_who_worked_on_a_question_and_what_they_call_it_stand_there_in_plain(
    taken: Flask, receipt: str, instance: Path
):
    with taken.app_context():
        question = storage.read().query(Question).one()
        actor = Actor("Sam Who Works Here", "editor", 1)
        storage.write(
            set_labels, question_id=question.id, seen_version=1, actor=actor, names=["neighbours"]
        )

    assert b"neighbours" in files(instance)
    assert b"Sam Who Works Here" in files(instance)


def test_a_text_opens_with_no_other_key(taken: Flask, receipt: str):
    with taken.app_context():
        question = storage.read().query(Question).one()
        with pytest.raises(Unsealable):
            open_text(STRANGERS, question, "text_sealed")
        with pytest.raises(KeyMissing):
            open_text(Keyring({2: b"1" * 32}, {}), question, "text_sealed")


def test_words_are_kept_under_a_key_and_show_only_that_they_are_the_same(
    taken: Flask, receipt: str
):
    with taken.app_context():
        first = {row.term for row in storage.read().query(QuestionTerm)}
        storage.write(factories.add_question, text="Can I hear a wall? Or is it the flatmate?")
        both = [row.term for row in storage.read().query(QuestionTerm)]
        guesses = set(terms.ways_to_keep(STRANGERS, "wall"))

    assert len(both) > len(set(both))
    assert not guesses & first


def test_the_database_and_its_keys_together_open_every_text_that_is_kept(
    taken: Flask, receipt: str
):
    with taken.app_context():
        question = storage.read().query(Question).one()
        assert open_text(storage.current_keyring(), question, "text_sealed") == factories.LETTER


def test_a_receipt_can_be_checked_with_the_keys_and_not_worked_out(
    taken: Flask, receipt: str, instance: Path
):
    with taken.app_context():
        keyring, question = storage.current_keyring(), storage.read().query(Question).one()
        assert find_by_receipt(storage.read(), keyring, receipt).id == question.id
        for column in Question.__table__.columns:
            value = getattr(question, column.name)
            if isinstance(value, bytes):
                assert receipts.words_for(keyring, value[:16]) != tuple(receipt.split())
    assert receipt.encode() not in files(instance)


def test_no_key_tells_a_network(taken: Flask, receipt: str, instance: Path):
    kept, network = files(instance), network_of(ADDRESS, None, 0)
    keys = [bytes.fromhex(path.read_text()) for path in instance.rglob("*.key")]

    assert len(keys) > 4
    assert ADDRESS.encode() not in kept
    for key in keys:
        assert hmac.digest(key, network, "sha256")[:16] not in kept
        assert hmac.digest(key, ADDRESS.encode(), "sha256")[:16] not in kept


def test_the_keys_hold_nothing_of_a_question(taken: Flask, instance: Path):
    before = {path: path.read_bytes() for path in instance.rglob("*.key")}
    with taken.app_context():
        storage.write(factories.add_question)

    assert {path: path.read_bytes() for path in instance.rglob("*.key")} == before


def test_a_backup_without_its_keys_is_no_more_than_the_database(
    receipt: str, instance: Path, tmp_path: Path
):
    backup = tmp_path / "backup.sqlite3"
    with (
        closing(sqlite3.connect(instance / "postbag.sqlite3")) as source,
        closing(sqlite3.connect(backup)) as target,
    ):
        source.backup(target)
    shutil.rmtree(instance / "keys")

    assert parts_in(backup.read_bytes()) == []


def test_a_backup_still_has_what_was_taken_back_after_it(
    taken: Flask, receipt: str, instance: Path, tmp_path: Path
):
    backup = tmp_path / "backup.sqlite3"
    with (
        closing(sqlite3.connect(instance / "postbag.sqlite3")) as source,
        closing(sqlite3.connect(backup)) as target,
    ):
        source.backup(target)
    with taken.app_context():
        sealed = storage.read().query(Question).one().text_sealed
    asker = taken.test_client()
    asker.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    asker.post("/my-question/withdraw", data={"receipt": receipt, "confirm": "yes"})

    assert sealed[16:48] in backup.read_bytes()
    assert sealed[16:48] not in files(instance)


def test_nobody_can_tell_the_order_of_a_days_questions(taken: Flask):
    with taken.app_context():
        ids = [storage.write(factories.add_question) for _ in range(40)]
        query = storage.read().query(Question).order_by(Question.received_on, Question.sort_key)
        listed = [question.id for question in query]
        rowid = storage.read().connection().exec_driver_sql
        with pytest.raises(Exception, match="no such column: rowid"):
            rowid("SELECT rowid FROM questions")

    assert sorted(listed) == sorted(ids)
    assert listed != ids


def test_who_sent_words_before_finds_them_in_other_questions(taken: Flask, receipt: str):
    """What an index under one key gives away, held true: docs/decisions/0017."""
    with taken.app_context():
        own = storage.write(factories.add_question, text="Can I hear a wall, and why?")
        marks = {row.term for row in storage.read().query(QuestionTerm).filter_by(question_id=own)}
        others = storage.read().query(QuestionTerm).filter(QuestionTerm.question_id != own)

        assert marks & {row.term for row in others}


def test_the_file_shows_the_order_of_a_day_until_the_worker_has_written_it_anew(
    taken: Flask, instance: Path
):
    with taken.app_context():
        sent = [storage.write(factories.add_question).hex.encode() for _ in range(30)]
        storage.forget_erased()
        assert in_order(instance, sent) == 1.0
        storage.forget_order()

    assert 0.2 < in_order(instance, sent) < 0.8


def in_order(instance: Path, sent: list[bytes]) -> float:
    """Return how many pairs of questions lie in the file as they came, of all in the same page.

    Cells are laid down from the end of a page (https://sqlite.org/fileformat2.html#b_tree_pages).
    """
    data = (instance / "postbag.sqlite3").read_bytes()
    size = int.from_bytes(data[16:18], "big")
    pairs = []
    for page in (data[at : at + size] for at in range(0, len(data), size)):
        if page[0] != LEAF_OF_AN_INDEX or b"ordinarynew" not in page:
            continue  # not of the queue's index
        places = [(page.rfind(one), number) for number, one in enumerate(sent)]
        there = [number for place, number in sorted(places, reverse=True) if place >= 0]
        pairs += [first < second for first, second in itertools.combinations(there, 2)]
    return sum(pairs) / len(pairs)


def test_the_running_server_knows_a_visitors_address_while_it_answers(taken: Flask):
    """Somebody who stays on the server sees what it sees: this is what the docs say, held true."""
    with taken.test_request_context("/ask", environ_overrides={"REMOTE_ADDR": ADDRESS}) as context:
        assert context.request.remote_addr == ADDRESS
