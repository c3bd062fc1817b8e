"""A new key, everything sealed again under it, and nothing lost however it is cut off."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, select, update
from sqlalchemy.engine import Engine

from tests import factories
from tests.operations.rotating import (
    acts,
    add_many,
    an_instance,
    dispose,
    keys_in_use,
    texts,
    words_expected,
    words_noted,
)
from tests.questions.test_erasing import runs_on_disk
from tests.questions.test_races import counts_are_true
from webapp import create_app, storage
from webapp.exceptions import Refused
from webapp.operations.rotation import Rotation, rotate
from webapp.questions import editing, services, thread
from webapp.questions.models import Question
from webapp.settings import Settings
from webapp.storage.history import Actor
from webapp.storage.sealing import KeyMissing, Keyring, make_sealing_key, read_keys, sealing_ids

MANY = 1_000
EDITOR = Actor("Sam", "editor")


class CutOff(BaseException):
    """What ends a rotation in the middle, whatever it is doing."""


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    with an_instance(request, tmp_path / "instance") as settings:
        yield settings


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    with app.app_context():
        yield app
    dispose(app)  # when the context has given its connection back


def quietly(_done: int, _total: int) -> None:
    return


def keys_of(settings: Settings) -> Keyring:
    return read_keys(settings.keys_path)


def cut_off_when_done(count: int) -> None:
    """Rotate, and be cut off between two batches once so many questions are done."""

    def tell(done: int, _total: int) -> None:
        if done >= count:
            raise CutOff

    with pytest.raises(CutOff):
        rotate(tell)


def cut_off_in_a_batch(statements: int) -> None:
    """Rotate, and be cut off inside a transaction after so many questions were sealed again."""
    left = iter(range(statements))

    def count(_connection, _cursor, statement, *_more) -> None:
        if statement.startswith("UPDATE questions") and next(left, None) is None:
            raise CutOff

    event.listen(Engine, "before_cursor_execute", count)
    try:
        with pytest.raises(CutOff):
            rotate(quietly)
    finally:
        event.remove(Engine, "before_cursor_execute", count)


def test_a_rotation_cut_off_at_any_point_goes_on_where_it_stopped(app: Flask, settings: Settings):
    storage.write(add_many, MANY)
    before, history = texts(keys_of(settings)), acts()
    old = keys_of(settings)

    for cut_off, at in (
        (cut_off_in_a_batch, 0),  # the key is made, and has sealed nothing
        (cut_off_when_done, 1),
        (cut_off_in_a_batch, 7),
        (cut_off_when_done, MANY // 2),
        (cut_off_in_a_batch, MANY // 4),
    ):
        cut_off(at)
        assert texts(keys_of(settings)) == before
        assert sealing_ids(settings.keys_path) == {1, 2}
        assert keys_in_use() <= {1, 2}
    assert keys_in_use() == {1, 2}

    rotation = rotate(quietly)

    assert (rotation.key_id, rotation.made, rotation.idle) == (2, False, (1,))
    assert keys_in_use() == {2}
    assert texts(keys_of(settings)) == before
    assert acts() == history
    assert words_noted() == words_expected(settings)
    with pytest.raises(KeyMissing):
        texts(Keyring(old.sealing, old.purposes))


def test_a_rotation_that_is_killed_is_finished_by_the_next(app: Flask, settings: Settings):
    storage.write(add_many, 600)
    before = texts(keys_of(settings))
    command = [Path(sys.executable).with_name("postbag"), "rotate-keys"]

    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as rotating:
        first = rotating.stdout.readline()
        rotating.kill()

    assert "of 600" in first
    assert keys_in_use() == {1, 2}
    assert texts(keys_of(settings)) == before
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert "A rotation to seal-2.key had been cut off." in done.stdout
    assert keys_in_use() == {2}
    assert texts(keys_of(settings)) == before
    assert words_noted() == words_expected(settings)


def test_a_second_rotation_makes_a_third_key(app: Flask, settings: Settings):
    storage.write(add_many, 3)

    first, second = rotate(quietly), rotate(quietly)

    assert first == Rotation(key_id=2, made=True, resealed=3, unopened=0, busy=0, idle=(1,))
    assert second == Rotation(key_id=3, made=True, resealed=3, unopened=0, busy=0, idle=(1, 2))
    assert keys_in_use() == {3}


def test_an_empty_mailbag_is_rotated_too(app: Flask, settings: Settings):
    assert rotate(quietly) == Rotation(
        key_id=2, made=True, resealed=0, unopened=0, busy=0, idle=(1,)
    )


def test_every_text_is_sealed_again_and_every_word_found(app: Flask, settings: Settings):
    keyring = storage.current_keyring()
    question_id = storage.write(factories.add_question, text="About a walrus.", sign_off="Tusk")
    storage.write(
        services.move, question_id=question_id, to="shortlisted", seen_version=1, actor=EDITOR
    )
    storage.write(
        editing.set_texts,
        keyring=keyring,
        question_id=question_id,
        seen_version=2,
        actor=EDITOR,
        air_text="Read aloud",
        web_text="Printed",
    )
    storage.write(
        thread.ask_back,
        keyring=keyring,
        question_id=question_id,
        seen_version=3,
        actor=EDITOR,
        words="Which one?",
    )
    storage.write(thread.reply, keyring=keyring, question_id=question_id, words="The pink walrus")
    history = acts()

    rotate(quietly)

    assert keys_in_use() == {2}
    for column, text in {
        "text_sealed": "About a walrus.",
        "sign_off_sealed": "Tusk",
        "air_text_sealed": "Read aloud",
        "web_text_sealed": "Printed",
        "asked_back_sealed": "Which one?",
        "reply_sealed": "The pink walrus",
    }.items():
        assert texts(keys_of(settings), column) == {question_id: text}
    assert words_noted() == words_expected(settings)
    assert acts() == history


def test_what_was_withdrawn_is_found_by_no_word_afterwards(app: Flask, settings: Settings):
    question_id = storage.write(factories.add_question)
    storage.write(services.withdraw, question_id=question_id)

    rotate(quietly)

    assert words_noted() == set()
    assert keys_in_use() == set()


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_what_the_old_key_opened_is_in_no_file_afterwards(app: Flask, settings: Settings):
    storage.write(factories.add_question)
    sealed = storage.read().scalars(select(Question.text_sealed)).one()
    assert runs_on_disk(sealed, settings.instance_path) > 10

    rotate(quietly)

    assert runs_on_disk(sealed, settings.instance_path) == 0


def test_a_running_server_seals_and_opens_with_the_new_key(app: Flask, settings: Settings):
    storage.write(add_many, 300)
    server = create_app(settings)  # it has read the keys before there is another one
    sent = {}

    def tell(done: int, _total: int) -> None:
        with server.app_context():
            sent[storage.write(factories.add_question, text=f"Sent at {done}")] = f"Sent at {done}"

    rotation = rotate(tell)

    assert (rotation.resealed, rotation.busy) == (300, 0)
    assert keys_in_use() == {2}
    with server.app_context():
        opened = texts(storage.current_keyring())
    assert {id_: opened[id_] for id_ in sent} == sent
    dispose(server)


def test_a_ring_from_before_opens_what_was_sealed_again_meanwhile(app: Flask, settings: Settings):
    question_id = storage.write(factories.add_question)
    in_hand = storage.current_keyring()

    rotate(quietly)

    assert 2 not in in_hand.sealing
    assert texts(in_hand) == {question_id: factories.LETTER}


def test_people_at_work_lose_nothing_to_a_rotation(app: Flask, settings: Settings):
    storage.write(add_many, 400)
    ids = sorted(texts(keys_of(settings)))
    failed: list[Exception] = []

    def work(number: int, server: Flask) -> None:
        """Withdraw some, write to some and send some, while another process rotates."""
        with server.app_context():
            for question_id in ids[number::8]:
                try:
                    act(number, question_id)
                except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
                    failed.append(error)
        dispose(server)

    # Made one after the other: Python 3.11 cannot compile in several threads at once.
    workers = [
        threading.Thread(target=work, args=[number, create_app(settings)]) for number in range(3)
    ]
    for worker in workers:
        worker.start()
    rotate(quietly)
    for worker in workers:
        worker.join()
    rotate(quietly)

    assert failed == []
    kept, air = texts(keys_of(settings)), texts(keys_of(settings), "air_text_sealed")
    assert not kept.keys() & set(ids[0::8])
    assert {air[id_] for id_ in ids[1::8]} == {"To be read aloud"}
    assert sum(text == "Sent meanwhile" for text in kept.values()) == len(ids[2::8])
    assert kept.keys() >= {*ids} - {*ids[0::8]}
    assert len(keys_in_use()) == 1
    assert words_noted() == words_expected(settings)
    assert counts_are_true(storage.read())


def act(number: int, question_id: object) -> None:
    keyring = storage.current_keyring()
    if number == 0:
        storage.write(services.withdraw, question_id=question_id)
    elif number == 1:
        storage.write(
            editing.set_texts,
            keyring=keyring,
            question_id=question_id,
            seen_version=1,
            actor=EDITOR,
            air_text="To be read aloud",
            web_text="",
        )
    else:
        storage.write(factories.add_question, text="Sent meanwhile")


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_a_question_that_is_being_changed_is_left_and_told(app: Flask, settings: Settings):
    storage.write(add_many, 5)
    held = texts(keys_of(settings)).popitem()[0]
    with storage.db.engine.connect() as colleague:
        colleague.execute(select(Question.id).where(Question.id == held).with_for_update())
        rotation = rotate(quietly)

    assert (rotation.resealed, rotation.busy, rotation.idle) == (4, 1, ())
    assert "Run `postbag rotate-keys` once more." in " ".join(rotation.left_undone())
    assert rotate(quietly) == Rotation(
        key_id=2, made=False, resealed=1, unopened=0, busy=0, idle=(1,)
    )


def test_what_does_not_open_is_left_and_holds_up_nothing(app: Flask, settings: Settings):
    storage.write(add_many, 5)
    damaged = min(texts(keys_of(settings)))
    changed = damage(damaged)
    sign_offs = texts(keys_of(settings), "sign_off_sealed")

    first, second = rotate(quietly), rotate(quietly)

    assert (first.key_id, first.resealed, first.unopened, first.idle) == (2, 5, 1, ())
    assert (second.key_id, second.resealed, second.unopened, second.idle) == (3, 5, 1, (2,))
    assert storage.read().get_one(Question, damaged).text_sealed == changed
    assert texts(keys_of(settings), "sign_off_sealed") == sign_offs
    assert "1 question" in " ".join(second.left_undone())


def damage(question_id: object) -> bytes:
    """Change a bit of a sealed text, and return what that made of it."""
    sealed = storage.read().get_one(Question, question_id).text_sealed
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    row = update(Question).where(Question.id == question_id).values(text_sealed=changed)
    storage.write(lambda session: session.execute(row) and None)
    return changed


def test_the_id_of_a_lost_key_is_not_used_again(app: Flask, settings: Settings):
    storage.write(add_many, 3)
    rotate(quietly)
    (settings.keys_path / "seal-2.key").unlink()
    restarted = create_app(settings)
    with restarted.app_context():
        storage.write(factories.add_question, text="Sealed with the first key again")

        rotation = rotate(quietly)

        assert (rotation.key_id, rotation.resealed, rotation.unopened) == (3, 1, 3)
        assert keys_in_use() == {2, 3}
    dispose(restarted)


def test_a_key_that_somebody_else_has_just_made_is_used(app: Flask, settings: Settings):
    storage.write(add_many, 3)
    make_sealing_key(settings.keys_path, 2)

    assert rotate(quietly) == Rotation(
        key_id=2, made=False, resealed=3, unopened=0, busy=0, idle=(1,)
    )
    with pytest.raises(FileExistsError):
        make_sealing_key(settings.keys_path, 2)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_database_that_goes_away_is_said_with_what_to_do(app: Flask, settings: Settings):
    storage.write(add_many, 300)

    def tell(_done: int, _total: int) -> None:
        for file in settings.instance_path.glob("postbag.sqlite3*"):
            file.unlink()
        storage.db.engine.dispose()

    with pytest.raises(Refused, match="goes on where it stopped"):
        rotate(tell)
