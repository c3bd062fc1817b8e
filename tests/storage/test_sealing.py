"""Sealed texts open with their key, in their place, and nowhere else."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.storage.sealing import (
    KeyMissing,
    Keyring,
    Unsealable,
    make_keys,
    read_keys,
    seal,
    unseal,
)

KEYS = Keyring({1: b"1" * 32}, {})
COLUMN = "questions.text_sealed"


@given(st.text(st.characters()))
def test_a_text_comes_back_as_it_went_in(text: str):
    assert unseal(KEYS, "row", COLUMN, seal(KEYS, "row", COLUMN, text)) == text


@pytest.mark.parametrize(("row", "column"), [("other", COLUMN), ("row", "questions.sign_off")])
def test_a_text_moved_to_another_place_does_not_open(row: str, column: str):
    with pytest.raises(Unsealable):
        unseal(KEYS, row, column, seal(KEYS, "row", COLUMN, "Is it me?"))


def test_a_text_that_was_changed_does_not_open():
    sealed = bytearray(seal(KEYS, "row", COLUMN, "Is it me?"))
    sealed[-1] ^= 1

    with pytest.raises(Unsealable):
        unseal(KEYS, "row", COLUMN, bytes(sealed))


def test_lengths_are_padded_so_that_they_say_little():
    short, longer = (len(seal(KEYS, "row", COLUMN, "x" * n)) for n in (20, 500))

    assert short == longer
    assert len(seal(KEYS, "row", COLUMN, "x" * 509)) == short + 512


def test_a_new_key_seals_and_the_old_one_still_opens():
    both = Keyring({1: b"1" * 32, 2: b"2" * 32}, {})
    old = seal(KEYS, "row", COLUMN, "Is it me?")

    assert unseal(both, "row", COLUMN, old) == "Is it me?"
    assert seal(both, "row", COLUMN, "Is it me?")[:4] == (2).to_bytes(4, "big")
    with pytest.raises(KeyMissing, match="number 2"):
        unseal(KEYS, "row", COLUMN, seal(both, "row", COLUMN, "Is it me?"))


def test_keys_are_made_once_and_readable_by_their_owner_alone(tmp_path: Path):
    folder = tmp_path / "keys"
    make_keys(folder)
    first = read_keys(folder)
    make_keys(folder)

    assert read_keys(folder) == first
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_a_key_that_is_missing_is_not_made_anew(tmp_path: Path):
    make_keys(tmp_path)
    (tmp_path / "seal-1.key").unlink()

    assert not make_keys(tmp_path)
    with pytest.raises(KeyMissing):
        read_keys(tmp_path)


def test_no_key_is_ever_printed():
    assert "1111" not in repr(KEYS)


@pytest.mark.parametrize("damage", ["", "zz", "00"])
def test_a_damaged_key_is_named(tmp_path: Path, damage: str):
    make_keys(tmp_path)
    (tmp_path / "session.key").write_text(damage)

    with pytest.raises(KeyMissing, match=r"session\.key"):
        read_keys(tmp_path)


def test_a_missing_key_says_what_makes_it(tmp_path: Path):
    with pytest.raises(KeyMissing, match="postbag init"):
        read_keys(tmp_path)
