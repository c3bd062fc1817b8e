"""The file in which a mailbag moves house: what it says in plain, and what is sealed. Pure.

A line in plain: the format, its version and the numbers of the sealing keys that it needs. Then
the file's own random key, sealed with a key that is derived from the newest of these; then chunks
of equal size. Each is AES-256-GCM with a random nonce, bound to all that stands before the chunks,
to its number, to whether it is the last, and to the tag of the one before: what is cut off, taken
out, moved or put in from another file does not open.
Source: the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015.
"""

import json
import secrets
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from webapp.exceptions import Refused
from webapp.storage.sealing import KeyMissing, Keyring

FORMAT = "postbag-mailbag"
VERSION = 1
CHUNK = 64 * 1024
NONCE, TAG, KEY = 12, 16, 32  # bytes
LONGEST_HEAD = 64 * 1024

NO_MAILBAG = "This file is no mailbag that Postbag has exported. Nothing was changed."
NEWER = "A newer Postbag has exported this file. Install that one here first. Nothing was changed."
WRONG_KEYS = (
    "The keys in {folder} are not those of the house that this file comes from, or the file was "
    "altered. Nothing was changed."
)
ALTERED = "This file was cut short or altered on its way. Copy it anew. Nothing was changed."
KEYS_AWAY = (
    "This file needs {names}, which {is_not} in {folder}. Name the whole folder of keys of the "
    "house that it comes from, with --keys. Nothing was changed."
)

_PURPOSE = "mailbag file"


def seal_lines(keyring: Keyring, lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the file of some lines, none of which has a newline in it."""
    head = _head(keyring)
    key, nonce = secrets.token_bytes(KEY), secrets.token_bytes(NONCE)
    beginning = head + nonce + _lock(keyring, keyring.newest).encrypt(nonce, key, head)
    yield beginning
    chain = _Chain(key, beginning)
    waiting = bytearray()
    for line in lines:
        waiting += line + b"\n"
        while len(waiting) > CHUNK:
            yield chain.seal(bytes(waiting[:CHUNK]), is_last=False)
            del waiting[:CHUNK]
    yield chain.seal(bytes(waiting), is_last=True)


def open_lines(keyring: Keyring, file: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines of a file, from its beginning, in flat memory.

    Raises KeyMissing when a key is not in the ring, and Refused for a file of another kind, of
    other keys, or altered: that may show only at its end.
    """
    file.seek(0)
    rest = b""
    for chunk in _open_chunks(keyring, file):
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
    if rest:
        raise Refused(ALTERED)


def _open_chunks(keyring: Keyring, file: IO[bytes]) -> Iterator[bytes]:
    head, key_ids = _read_head(file)
    _refuse_missing(keyring, key_ids)
    sealed = file.read(NONCE + KEY + TAG)
    try:
        lock = _lock(keyring, max(key_ids))
        key = lock.decrypt(sealed[:NONCE], sealed[NONCE:], head)
    except (InvalidTag, ValueError):
        raise Refused(WRONG_KEYS.format(folder=keyring.folder)) from None
    chain = _Chain(key, head + sealed)
    chunk = file.read(NONCE + CHUNK + TAG)
    is_last = False
    while not is_last:
        following = file.read(NONCE + CHUNK + TAG)
        is_last = not following
        yield chain.open(chunk, is_last=is_last)
        chunk = following


def _head(keyring: Keyring) -> bytes:
    told = {"format": FORMAT, "version": VERSION, "keys": sorted(keyring.sealing)}
    return json.dumps(told).encode() + b"\n"


def _read_head(file: IO[bytes]) -> tuple[bytes, list[int]]:
    """Return a file's first line, and the numbers of the keys in it. Raises Refused."""
    head = file.readline(LONGEST_HEAD)
    try:
        told = json.loads(head)
        is_ours = told["format"] == FORMAT
        version, key_ids = int(told["version"]), [int(key_id) for key_id in told["keys"]]
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        raise Refused(NO_MAILBAG) from None
    if not is_ours or not key_ids:
        raise Refused(NO_MAILBAG)
    if version > VERSION:
        raise Refused(NEWER)
    return head, key_ids


def _refuse_missing(keyring: Keyring, key_ids: list[int]) -> None:
    missing = [f"seal-{key_id}.key" for key_id in key_ids if key_id not in keyring.sealing]
    if missing:
        is_not = "is not" if len(missing) == 1 else "are not"
        names = ", ".join(missing)
        raise KeyMissing(KEYS_AWAY.format(names=names, is_not=is_not, folder=keyring.folder))


def _lock(keyring: Keyring, key_id: int) -> AESGCM:
    """Return what seals the keys of files: whoever has a file alone has not even that."""
    return AESGCM(keyring.key_from(key_id, _PURPOSE))


class _Chain:
    """Seals or opens the chunks of a file, one after the other."""

    def __init__(self, key: bytes, beginning: bytes) -> None:
        self._lock = AESGCM(key)
        self._beginning = sha256(beginning).digest()
        self._number = 0
        self._before = bytes(TAG)

    def seal(self, plain: bytes, *, is_last: bool) -> bytes:
        """Return the next chunk."""
        nonce = secrets.token_bytes(NONCE)
        sealed = self._lock.encrypt(nonce, plain, self._place(is_last=is_last))
        self._go_on(sealed)
        return nonce + sealed

    def open(self, chunk: bytes, *, is_last: bool) -> bytes:
        """Return what the next chunk holds. Raises Refused where it is not the one."""
        place = self._place(is_last=is_last)
        try:
            plain = self._lock.decrypt(chunk[:NONCE], chunk[NONCE:], place)
        except (InvalidTag, ValueError):
            raise Refused(ALTERED) from None
        self._go_on(chunk)
        return plain

    def _place(self, *, is_last: bool) -> bytes:
        return self._beginning + self._number.to_bytes(8, "big") + bytes([is_last]) + self._before

    def _go_on(self, sealed: bytes) -> None:
        self._number += 1
        self._before = sealed[-TAG:]
