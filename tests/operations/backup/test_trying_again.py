"""What lies around of an earlier try, or of an earlier site, harms no backup that is put back."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from tests import factories
from tests.operations.backup.test_backup import back_up_of, put_back, quietly
from tests.transfer.mailbag.houses import settings_of
from webapp import clock, create_app, storage
from webapp.exceptions import Refused
from webapp.operations.backup.erasures import NAME, note_erasures, read_list
from webapp.operations.backup.restoring import restore
from webapp.questions import services as questions
from webapp.questions.models import Question
from webapp.settings import Settings
from webapp.storage.sealing import make_keys


def test_keys_that_are_named_are_used_where_an_earlier_try_has_left_some(
    house: Flask, empty: Settings, tmp_path: Path
):
    with house.app_context():
        taken = storage.write(factories.add_question)
    file, keys = back_up_of(house, tmp_path / "backup.tar"), settings_of(house).keys_path
    with house.app_context():
        storage.write(questions.withdraw, question_id=taken)
        list(note_erasures(clock.today()))
    empty.keys_path.mkdir(parents=True)
    shutil.copy(keys / "seal-1.key", empty.keys_path)  # and was killed there

    restore(empty, file, keys=keys, ask_for_keys=nobody, tell=quietly)

    with create_app(empty).app_context():
        assert storage.read().get(Question, taken).state == "erased"
        storage.read().rollback()
        storage.db.engine.dispose()
    assert {path.name for path in empty.keys_path.iterdir()} == {
        path.name for path in keys.iterdir()
    }


def test_no_key_is_written_over_by_another(house: Flask, empty: Settings, tmp_path: Path):
    file = back_up_of(house, tmp_path / "backup.tar")
    make_keys(empty.keys_path)
    before = (empty.keys_path / "seal-1.key").read_bytes()

    with pytest.raises(Refused, match="another key"):
        restore(empty, file, keys=settings_of(house).keys_path, ask_for_keys=nobody, tell=quietly)

    assert (empty.keys_path / "seal-1.key").read_bytes() == before


def nobody() -> Path:
    raise AssertionError("nobody is to be asked")


def test_the_log_of_another_database_is_not_taken_into_this_one(small: Flask, tmp_path: Path):
    file = back_up_of(small, tmp_path / "backup.tar")
    settings = Settings.load(instance=tmp_path / "back")
    settings.instance_path.mkdir()
    left = settings.instance_path / "postbag.sqlite3-wal"
    left.write_bytes(b"log")

    with pytest.raises(Refused, match="left of a database"):
        put_back(settings, file, settings_of(small).keys_path)

    assert left.read_bytes() == b"log"


def test_a_clock_that_ran_ahead_once_does_not_end_the_list(small: Flask):
    path = settings_of(small).keys_path / NAME
    with small.app_context():
        ahead, later = (storage.write(factories.add_question) for _ in range(2))
        with time_machine.travel(clock.now() + timedelta(days=60)):
            storage.write(questions.withdraw, question_id=ahead)
            list(note_erasures(clock.today()))
        storage.write(questions.withdraw, question_id=later)
        list(note_erasures(clock.today()))

    assert {ahead, later} <= read_list(path).keys()
