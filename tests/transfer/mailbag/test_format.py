"""The file of a mailbag: it opens whole with its keys, or it does not open."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from webapp.exceptions import Refused
from webapp.storage.sealing import KeyMissing, Keyring
from webapp.transfer.mailbag.format import (
    ALTERED,
    CHUNK,
    KEY,
    NEWER,
    NO_MAILBAG,
    NONCE,
    TAG,
    open_lines,
    seal_lines,
)

KEYS = Keyring({1: b"1" * 32, 2: b"2" * 32}, {}, Path("/keys"))
LINES = [b"About a walrus.", b"", b"x" * 100]
MANY = [bytes([97 + number]) * 30_000 for number in range(9)]
SEALED = NONCE + CHUNK + TAG


def file_of(lines: list[bytes], keyring: Keyring = KEYS) -> bytes:
    return b"".join(seal_lines(keyring, lines))


def opened(file: bytes, keyring: Keyring = KEYS) -> list[bytes]:
    return list(open_lines(keyring, BytesIO(file)))


def chunks_of(file: bytes) -> tuple[bytes, list[bytes]]:
    """Return what stands before the chunks, and the chunks."""
    start = file.index(b"\n") + 1 + NONCE + KEY + TAG
    return file[:start], [file[at : at + SEALED] for at in range(start, len(file), SEALED)]


@pytest.mark.parametrize("lines", [[], [b""], LINES, MANY, [b"y" * (CHUNK - 1)], [b"y" * CHUNK]])
def test_a_file_has_the_lines_that_were_put_in(lines: list[bytes]):
    assert opened(file_of(lines)) == lines


def test_in_plain_it_says_what_it_is_and_which_keys_it_needs_and_no_more():
    head, rest = file_of(LINES).split(b"\n", 1)

    assert json.loads(head) == {"format": "postbag-mailbag", "version": 1, "keys": [1, 2]}
    assert b"walrus" not in rest
    assert file_of(LINES).split(b"\n", 1)[1] != rest


def test_no_bit_can_be_altered():
    file = file_of([b"short"])

    for place in range(len(file)):
        for bit in (1, 128):
            altered = bytearray(file)
            altered[place] ^= bit
            with pytest.raises((Refused, KeyMissing)):
                opened(bytes(altered))


def test_no_part_of_it_passes_for_the_whole():
    file = file_of([b"short"])

    for length in range(len(file)):
        with pytest.raises(Refused):
            opened(file[:length])
    with pytest.raises(Refused, match="altered"):
        opened(file + b"\0")


@pytest.mark.parametrize(
    "tamper",
    [
        lambda chunks: chunks[:-1],
        lambda chunks: chunks[1:],
        lambda chunks: [chunks[1], chunks[0], *chunks[2:]],
        lambda chunks: [*chunks, chunks[-1]],
        lambda chunks: [chunks[0], *chunks],
        lambda chunks: [*chunks[:-2], chunks[-1]],
        lambda chunks: [*chunks_of(file_of(MANY))[1][:1], *chunks[1:]],
    ],
    ids=["cut at its end", "cut at its beginning", "swapped", "more at its end", "twice",
         "one taken out", "one of another file"],
)  # fmt: skip
def test_its_chunks_stay_in_their_places(tamper: Callable[[list[bytes]], list[bytes]]):
    beginning, chunks = chunks_of(file_of(MANY))
    assert len(chunks) == 5

    with pytest.raises(Refused) as refused:
        opened(beginning + b"".join(tamper(chunks)))

    assert str(refused.value) == ALTERED


def test_it_opens_with_no_other_keys():
    others = Keyring({1: b"3" * 32, 2: b"4" * 32}, {}, Path("/others"))

    with pytest.raises(Refused, match="The keys in /others are not those of the house"):
        opened(file_of(LINES), others)


def test_a_key_that_is_not_there_is_named():
    with pytest.raises(KeyMissing, match=r"This file needs seal-1\.key, which is not in /keys\."):
        opened(file_of(LINES), Keyring({2: b"2" * 32}, {}, Path("/keys")))
    with pytest.raises(KeyMissing, match=r"needs seal-1\.key, seal-2\.key, which are not in"):
        opened(file_of(LINES), Keyring({3: b"3" * 32}, {}, Path("/keys")))


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"PK\x03\x04 a zip",
        b"{}\n",
        b"[1]\n",
        b'{"format": "another", "version": 1, "keys": [1]}\n',
        b'{"format": "postbag-mailbag", "version": 1, "keys": []}\n',
        b'{"format": "postbag-mailbag", "version": 1, "keys": [{}]}\n',
        b'{"format": "postbag-mailbag", "version": 1e999, "keys": [1]}\n',
        b'{"format": "postbag-mailbag", "version": 1, "keys": [1e999]}\n',
        b"[" * 70_000,
    ],
)
def test_a_file_of_another_kind_is_refused(file: bytes):
    with pytest.raises(Refused) as refused:
        opened(file)

    assert str(refused.value) == NO_MAILBAG


def test_a_file_of_a_newer_version_is_refused():
    with pytest.raises(Refused) as refused:
        opened(b'{"format": "postbag-mailbag", "version": 2, "keys": [1]}\n')

    assert str(refused.value) == NEWER
