"""Sealed texts: AES-256-GCM with keys that live outside the database.

A sealed value is `key id (4 bytes) | nonce (12) | ciphertext and tag`. Table, column, row id and
key id are associated data, so that a value cannot be moved to another row, column or key. The
text is padded to a multiple of 512 bytes, so that its length says little.
Source: NIST SP 800-38D for GCM and its 96-bit random nonces.
"""

import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

BLOCK = 512
PURPOSES = ("receipt-words", "receipt-lookup", "ask-token", "nonce", "session")
_NOTHING_SEEN = (0, frozenset[str]())
_SEALING = re.compile(r"seal-([1-9][0-9]{0,8})\.key")


class KeyMissing(Exception):  # noqa: N818 - reads as the sentence that it is
    """A key is not where it should be; the message says which, in words."""


class Unsealable(Exception):  # noqa: N818
    """A sealed value was changed, moved, or sealed with another key."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """All keys of an instance, 32 bytes each, as they stood in `folder`. Its repr shows none.

    `brought` find the receipts of questions that moved here from other instances.
    """

    sealing: Mapping[int, bytes] = field(repr=False)
    purposes: Mapping[str, bytes] = field(repr=False)
    folder: Path | None = None
    brought: tuple[bytes, ...] = field(default=(), repr=False)

    @property
    def newest(self) -> int:
        """Return the id of the key that seals; older ones only open."""
        return max(self.sealing)

    def key(self, purpose: str) -> bytes:
        """Return the key for one of `PURPOSES`."""
        return self.purposes[purpose]

    @property
    def lookups(self) -> tuple[bytes, ...]:
        """Return the keys that find receipts: the instance's own, then those that were brought."""
        return (self.key("receipt-lookup"), *self.brought)

    def opening_key(self, key_id: int) -> bytes:
        """Return the key that opens what it has sealed. Raises KeyMissing.

        Whoever has a ring in hand while a rotation goes on meets texts under a key that is newer.
        """
        if key_id in self.sealing:
            return self.sealing[key_id]
        if self.folder is None:
            raise KeyMissing(f"The sealing key number {key_id} is not in the keys folder.")
        return read_key(self.folder, f"seal-{key_id}")

    def key_from(self, key_id: int, purpose: str) -> bytes:
        """Return a key for another purpose, derived from a sealing key (RFC 5869)."""
        return _derive(self.sealing[key_id], purpose)


@lru_cache(maxsize=64)
def _derive(key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=purpose.encode()).derive(key)


def seal(keyring: Keyring, row_id: object, column: str, text: str) -> bytes:
    """Return `text` sealed for one cell; `column` is `table.column`."""
    key_id = keyring.newest
    raw = text.encode("utf-8", "surrogatepass")
    body = len(raw).to_bytes(4, "big") + raw
    body += bytes(-len(body) % BLOCK)
    nonce = secrets.token_bytes(12)
    sealed = AESGCM(keyring.sealing[key_id]).encrypt(nonce, body, _place(row_id, column, key_id))
    return key_id.to_bytes(4, "big") + nonce + sealed


def unseal(keyring: Keyring, row_id: object, column: str, sealed: bytes) -> str:
    """Return the text of one cell. Raises KeyMissing, or Unsealable if it is not genuine."""
    key_id = key_id_of(sealed)
    key = keyring.opening_key(key_id)
    try:
        body = AESGCM(key).decrypt(sealed[4:16], sealed[16:], _place(row_id, column, key_id))
    except (InvalidTag, ValueError):  # ValueError: too short to be anything sealed
        raise Unsealable(f"A sealed {column} does not fit its key or its row.") from None
    return body[4 : 4 + int.from_bytes(body[:4], "big")].decode("utf-8", "surrogatepass")


def key_id_of(sealed: bytes) -> int:
    """Return the id of the key that sealed a value."""
    return int.from_bytes(sealed[:4], "big")


def mark_of(key_id: int) -> bytes:
    """Return how every value begins that a key has sealed: marks sort as their ids do."""
    return key_id.to_bytes(4, "big")


def make_keys(folder: Path) -> bool:
    """Make all keys, mode 0600 in a folder of mode 0700, where there is none; tell whether.

    Where there are some, nothing is made: a new key in the place of one that is missing would
    seal what the old one could never open. Safe to repeat.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.glob("*.key")):
        return False
    for name in ("seal-1", *PURPOSES):
        _make_key(folder, name)
    return True


def make_sealing_key(folder: Path, key_id: int) -> None:
    """Make a sealing key, whole or not at all. Raises FileExistsError where there is one."""
    _make_key(folder, f"seal-{key_id}")


def keep_lookup(folder: Path, key: bytes) -> str:
    """Keep a key that finds receipts of another instance; return its name. Safe to repeat."""
    name = f"receipt-lookup-{sha256(key).hexdigest()[:8]}"
    with suppress(FileExistsError):
        _make_key(folder, name, key)
    return name


def brought_names(folder: Path) -> list[str]:
    """Return the names of the keys in a folder that find receipts of other instances."""
    return sorted(path.stem for path in folder.glob("receipt-lookup-*.key"))


def sealing_ids(folder: Path) -> frozenset[int]:
    """Return the ids of the sealing keys in a folder."""
    found = (_SEALING.fullmatch(path.name) for path in folder.iterdir())
    return frozenset(int(match[1]) for match in found if match)


def read_keys(folder: Path) -> Keyring:
    """Return the keys in a folder. Raises KeyMissing in words."""
    ids = sealing_ids(folder) if folder.is_dir() else frozenset[int]()
    if not ids:
        raise KeyMissing(
            f"There is no sealing key in {folder}. `postbag init` makes one for a new instance."
        )
    return Keyring(
        {key_id: read_key(folder, f"seal-{key_id}") for key_id in ids},
        {purpose: read_key(folder, purpose) for purpose in PURPOSES},
        folder,
        tuple(read_key(folder, name) for name in brought_names(folder)),
    )


def read_key(folder: Path, name: str) -> bytes:
    """Return one key, by its name without `.key`. Raises KeyMissing in words."""
    path = folder / f"{name}.key"
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        raise KeyMissing(
            f"The key {path.name} is not in {folder}. Put it back: no other fits."
        ) from None
    except OSError as error:
        raise KeyMissing(
            f"The key {path.name} in {folder} cannot be read: {error.strerror}."
        ) from None
    except ValueError:
        raise KeyMissing(f"The key {path.name} in {folder} is damaged.") from None
    if len(key) != 32:
        raise KeyMissing(f"The key {path.name} in {folder} has not 32 bytes.")
    return key


class KeysFolder:
    """The keys of an instance while it runs: read again when something in their folder changes.

    No key is forgotten that has been read: one that is away for a moment, while its folder is
    copied or mounted, must not have the server seal with an older one. Raises KeyMissing at first.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = (_NOTHING_SEEN, read_keys(path))

    def keyring(self) -> Keyring:
        """Return the keys as they are now; as they were last, where they cannot be read."""
        seen, keyring = self._read
        try:
            look = _look(self._path)
            if look != seen:
                now = read_keys(self._path)
                both = {**keyring.sealing, **now.sealing}
                brought = tuple(dict.fromkeys((*keyring.brought, *now.brought)))
                keyring = Keyring(both, keyring.purposes, self._path, brought)
                self._read = (look, keyring)  # at once, for the threads that read beside this one
        except (KeyMissing, OSError):
            return keyring
        return keyring


def _look(folder: Path) -> tuple[int, frozenset[str]]:
    """Return what a folder looks like; its time alone is too coarse on some disks."""
    return folder.stat().st_mtime_ns, frozenset(os.listdir(folder))  # noqa: PTH208 - read often


def _place(row_id: object, column: str, key_id: int) -> bytes:
    return f"{column}|{row_id}|{key_id}".encode()


def _make_key(folder: Path, name: str, key: bytes | None = None) -> None:
    """Make a key that is there whole, for its folder's owner alone, and outlives a power cut."""
    descriptor, temporary = tempfile.mkstemp(prefix=f".{name}.", dir=folder)  # of mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write((key or secrets.token_bytes(32)).hex() + "\n")
            file.flush()
            if os.geteuid() == 0:  # the server may be somebody else, and must read it
                owner = folder.stat()
                os.fchown(file.fileno(), owner.st_uid, owner.st_gid)
            os.fsync(file.fileno())
        os.link(temporary, folder / f"{name}.key")  # a rename would overwrite
    finally:
        Path(temporary).unlink()
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
