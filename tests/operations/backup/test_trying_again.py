"""What lies around of an earlier try, or of an earlier site, harms no backup that is put back."""

import errno
import shutil
import stat
from datetime import timedelta
from hashlib import sha256
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
from webapp.operations.backup.restoring import PLACE, restore
from webapp.operations.backup.writing import back_up
from webapp.operations.doctor import examine
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


def test_what_goes_to_another_disk_is_copied_there(
    house: Flask, empty: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    file = back_up_of(house, tmp_path / "backup.tar")
    replace = Path.replace

    def from_another_disk(self: Path, target: Path) -> Path:
        if PLACE in self.parts:
            raise OSError(errno.EXDEV, "Invalid cross-device link", str(self))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", from_another_disk)

    put_back(empty, file, settings_of(house).keys_path)

    assert [each.words for each in examine(empty) if not each.is_advice] == []
    for path in settings_of(house).media_path.glob("??/*"):
        copy = empty.media_file(path.name)
        assert copy.read_bytes() == path.read_bytes()
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert not list(empty.instance_path.rglob("*.part"))


def test_a_try_that_fails_over_the_media_leaves_room_for_the_next(
    house: Flask, empty: Settings, tmp_path: Path
):
    file, keys = back_up_of(house, tmp_path / "backup.tar"), settings_of(house).keys_path
    empty.instance_path.mkdir()
    empty.media_path.write_text("a file where the folder should be")

    with pytest.raises(OSError, match="media"):
        put_back(empty, file, keys)
    empty.media_path.unlink()
    put_back(empty, file, keys)

    assert [each.words for each in examine(empty) if not each.is_advice] == []


def test_a_file_that_is_swept_during_a_backup_is_left_out(small: Flask, tmp_path: Path):
    place = settings_of(small).media_file(sha256(b"named no more").hexdigest())
    place.parent.mkdir()
    place.write_bytes(b"named no more")
    later = settings_of(small).media_file("f" * 64)
    later.parent.mkdir()
    later.write_bytes(b"swept")

    def sweep(_done: int, _total: int) -> None:
        later.unlink(missing_ok=True)

    with small.app_context():
        done = back_up(tmp_path / "backup.tar", sweep)

    assert (done.files, done.damaged) == (1, ())
    put_back(
        Settings.load(instance=tmp_path / "back"),
        tmp_path / "backup.tar",
        settings_of(small).keys_path,
    )
