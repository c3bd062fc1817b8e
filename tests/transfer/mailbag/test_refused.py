"""A mailbag that cannot be taken in whole: nothing of it is, and a sentence says why."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.transfer.mailbag.houses import OWNER, WAYS, ids, keys_of, settings_of, told, unpack
from webapp import storage
from webapp.exceptions import Refused
from webapp.storage.history import Act
from webapp.storage.sealing import KeyMissing, make_sealing_key, read_keys
from webapp.transfer.mailbag import importing
from webapp.transfer.mailbag.exporting import export
from webapp.transfer.mailbag.importing import import_mailbag


class CutOff(BaseException):
    """What ends an import in the middle, whatever it is doing."""


def is_untouched(app: Flask) -> bool:
    """Return whether nothing has come to a house: no row, no act, no key."""
    with app.app_context():
        acts = storage.read().scalar(select(func.count()).select_from(Act))
    keys = settings_of(app).keys_path.glob("receipt-lookup-*")
    return not ids(app) and not acts and not list(keys)


def test_a_file_that_is_not_as_it_was_brings_nothing(old: Flask, new: Flask, file: Path):
    whole = file.read_bytes()

    for other, words in (
        (whole[:-1] + bytes([whole[-1] ^ 1]), "cut short or altered"),
        (whole[:-1], "cut short or altered"),
        (whole[: len(whole) // 2], "cut short or altered"),
        (b"guid: one\n", "is no mailbag"),
    ):
        file.write_bytes(other)
        with pytest.raises(Refused, match=words):
            unpack(new, file, old)
        assert is_untouched(new)


def test_the_keys_of_another_house_bring_nothing(old: Flask, new: Flask, file: Path):
    with pytest.raises(Refused, match="are not those of the house that this file comes from"):
        unpack(new, file, new)

    assert is_untouched(new)


def test_a_folder_without_one_of_the_keys_brings_nothing(old: Flask, new: Flask, tmp_path: Path):
    make_sealing_key(settings_of(old).keys_path, 2)
    file = tmp_path / "mailbag"
    with old.app_context():
        file.write_bytes(b"".join(export(storage.db.engine, keys_of(old))))
    (settings_of(old).keys_path / "seal-1.key").unlink()

    with pytest.raises(KeyMissing, match=r"needs seal-1\.key"), new.app_context():
        import_mailbag(file, theirs=read_keys(settings_of(old).keys_path), actor=OWNER)

    assert is_untouched(new)


@pytest.mark.parametrize(("old", "new"), WAYS, indirect=True)
def test_what_is_cut_off_in_the_middle_leaves_nothing(
    old: Flask, new: Flask, file: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(importing, "PAGE", 2)
    seen = []

    def cut_off(done: int, total: int) -> None:
        seen.append((done, total))
        if done == 6:
            raise CutOff

    with pytest.raises(CutOff), new.app_context():
        import_mailbag(file, theirs=keys_of(old), actor=OWNER, tell=cut_off)

    assert seen == [(2, 9), (4, 9), (6, 9)]
    assert is_untouched(new)
    unpack(new, file, old)
    assert len(ids(new)) == 9


def test_a_folder_of_keys_that_takes_none_leaves_nothing(
    old: Flask, new: Flask, file: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(*_anything: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(importing, "keep_lookup", full)

    with pytest.raises(OSError, match="No space left"):
        unpack(new, file, old)

    monkeypatch.undo()
    assert is_untouched(new)
    assert told(old)
