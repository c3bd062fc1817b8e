"""Sealed texts open with their key, in their place, and nowhere else."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.storage.sealing import (
    KeyMissing,
    Keyring,
    KeysFolder,
    Unsealable,
    brought_names,
    keep_lookup,
    make_keys,
    make_sealing_key,
    read_keys,
    seal,
    sealing_ids,
    unseal,
)

KEYS = Keyring({1: b"1" * 32}, {})
COLUMN = "questions.text_sealed"


@given(st.text(st.characters()))
def test_a_text_comes_back_as_it_went_in(text: str):
    assert unseal(KEYS, "row", COLUMN, seal(KEYS, "row", COLUMN, text)) == text


@pytest.mark.parametrize("sealed", [b"", b"\0\0\0\1", b"\0\0\0\1" + bytes(12)])
def test_what_is_too_short_to_be_sealed_does_not_open(sealed: bytes):
    with pytest.raises((KeyMissing, Unsealable)):
        unseal(KEYS, "row", COLUMN, sealed)


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


def test_a_sealing_key_is_made_whole_and_never_over_another(tmp_path: Path):
    make_keys(tmp_path)
    make_sealing_key(tmp_path, 2)
    made = read_keys(tmp_path)

    with pytest.raises(FileExistsError):
        make_sealing_key(tmp_path, 2)

    assert made.newest == 2
    assert read_keys(tmp_path) == made
    assert stat.S_IMODE((tmp_path / "seal-2.key").stat().st_mode) == 0o600
    assert {path.suffix for path in tmp_path.iterdir()} == {".key"}


def test_a_key_that_was_begun_and_not_finished_is_none(tmp_path: Path):
    make_keys(tmp_path)
    (tmp_path / ".seal-2.a1b2c3").write_text("5eed")

    assert read_keys(tmp_path).newest == 1
    assert sealing_ids(tmp_path) == {1}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_key_that_root_makes_belongs_to_who_serves(tmp_path: Path):
    make_keys(tmp_path)
    os.chown(tmp_path, 1234, 1234)

    make_sealing_key(tmp_path, 2)

    assert (tmp_path / "seal-2.key").stat().st_uid == 1234


def test_a_new_key_is_seen_without_a_restart(tmp_path: Path):
    make_keys(tmp_path)
    keys = KeysFolder(tmp_path)
    before = keys.keyring()

    make_sealing_key(tmp_path, 2)

    assert keys.keyring().newest == 2
    assert keys.keyring() is keys.keyring()
    assert before.newest == 1


def test_a_new_key_is_seen_where_the_folder_keeps_its_time(tmp_path: Path):
    make_keys(tmp_path)
    keys = KeysFolder(tmp_path)
    keys.keyring()
    times = tmp_path.stat()

    make_sealing_key(tmp_path, 2)
    os.utime(tmp_path, ns=(times.st_atime_ns, times.st_mtime_ns))

    assert keys.keyring().newest == 2


def test_keys_stay_in_memory_while_their_folder_is_away_or_damaged(tmp_path: Path):
    folder = tmp_path / "keys"
    make_keys(folder)
    make_sealing_key(folder, 2)
    keys = KeysFolder(folder)
    before = keys.keyring()

    (folder / "seal-2.key").rename(tmp_path / "away")
    assert keys.keyring() == before
    (folder / "nonce.key").write_text("zz")
    make_sealing_key(folder, 3)
    assert keys.keyring() == before
    folder.rename(tmp_path / "elsewhere")
    assert keys.keyring() == before


def test_a_ring_in_hand_opens_with_a_key_that_is_made_later(tmp_path: Path):
    make_keys(tmp_path)
    in_hand = read_keys(tmp_path)
    make_sealing_key(tmp_path, 2)
    later = seal(read_keys(tmp_path), "row", COLUMN, "Is it me?")

    assert unseal(in_hand, "row", COLUMN, later) == "Is it me?"
    (tmp_path / "seal-2.key").unlink()
    with pytest.raises(KeyMissing, match=r"seal-2\.key"):
        unseal(in_hand, "row", COLUMN, later)


def test_a_key_that_cannot_be_read_is_named(tmp_path: Path):
    make_keys(tmp_path)
    (tmp_path / "session.key").unlink()
    (tmp_path / "session.key").mkdir()

    with pytest.raises(KeyMissing, match=r"session\.key .* cannot be read"):
        read_keys(tmp_path)


def test_a_key_of_another_house_is_kept_once_under_a_name_of_its_own(tmp_path: Path):
    make_keys(tmp_path)
    keys = KeysFolder(tmp_path)
    own = keys.keyring()

    name = keep_lookup(tmp_path, b"k" * 32)

    assert keep_lookup(tmp_path, b"k" * 32) == name
    assert brought_names(tmp_path) == [name]
    assert stat.S_IMODE((tmp_path / f"{name}.key").stat().st_mode) == 0o600
    assert read_keys(tmp_path).lookups == (own.key("receipt-lookup"), b"k" * 32)
    assert keys.keyring().lookups == (own.key("receipt-lookup"), b"k" * 32)
    (tmp_path / f"{name}.key").unlink()
    assert keys.keyring().lookups == (own.key("receipt-lookup"), b"k" * 32)


def test_a_damaged_key_of_another_house_is_named(tmp_path: Path):
    make_keys(tmp_path)
    name = keep_lookup(tmp_path, b"k" * 32)
    (tmp_path / f"{name}.key").write_text("zz")

    with pytest.raises(KeyMissing, match=name):
        read_keys(tmp_path)
