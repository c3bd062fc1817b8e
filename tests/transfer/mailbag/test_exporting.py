"""The mailbag on its way out: sealed from the first byte on, and noted."""

import stat
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests.transfer.mailbag.houses import OWNER, WORDS, ids, keys_of, receipt
from webapp import storage
from webapp.exceptions import Refused
from webapp.storage.history import Act, Actor
from webapp.transfer.mailbag.exporting import export, export_to, note_export


def test_the_file_holds_no_word_no_name_and_no_receipt(old: Flask, file: Path):
    sealed = file.read_bytes()
    _head, rest = sealed.split(b"\n", 1)

    for word in WORDS:
        assert word.encode() not in sealed
    for number in range(1, 10):
        words = receipt(old, number)
        assert words.encode() not in sealed
        assert not any(word.encode() in rest for word in words.split() if len(word) > 3)
    for question_id in ids(old):
        assert str(question_id).encode() not in sealed
        assert question_id.bytes not in sealed
    for key in (*keys_of(old).sealing.values(), *keys_of(old).purposes.values()):
        assert key not in sealed
        assert key.hex().encode() not in sealed


def test_a_file_is_for_its_owner_alone_and_noted(old: Flask, tmp_path: Path):
    path = tmp_path / "house" / "mailbag"
    path.parent.mkdir()
    seen = []

    with old.app_context():
        export_to(path, actor=OWNER, tell=lambda *done: seen.append(done))

        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert list(path.parent.iterdir()) == [path]
        [act] = storage.read().scalars(select(Act))
        assert (act.actor, act.action, act.subject) == ("Olive", "exported mailbag", "mailbag")
        assert act.detail == {"questions": 0}


def test_a_file_that_is_there_is_left_alone(old: Flask, tmp_path: Path):
    path = tmp_path / "mailbag"
    path.write_text("something else")

    with old.app_context(), pytest.raises(Refused, match="is there already"):
        export_to(path, actor=OWNER)

    assert path.read_text() == "something else"


def test_what_is_cut_off_leaves_no_file(old: Flask, file: Path, tmp_path: Path):
    class CutOff(BaseException):
        pass

    def cut_off(_done: int, _total: int) -> None:
        raise CutOff

    folder = tmp_path / "house"
    folder.mkdir()
    with old.app_context(), pytest.raises(CutOff):
        export_to(folder / "mailbag", actor=OWNER, tell=cut_off)

    assert list(folder.iterdir()) == []


def test_it_takes_an_owner(old: Flask):
    with old.app_context(), pytest.raises(Refused, match="takes an owner"):
        storage.write(note_export, actor=Actor("Ed", "editor"))


def test_a_file_that_is_taken_slowly_holds_no_connection(old: Flask, file: Path):
    with old.app_context():
        engine = storage.db.engine

    pieces = 0
    for _piece in export(engine, keys_of(old)):  # long after the request has ended
        assert engine.pool.checkedout() == 0
        pieces += 1
    assert pieces > 1
