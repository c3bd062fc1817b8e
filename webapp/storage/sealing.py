"""Sealed texts: AES-256-GCM with keys that live outside the database.

A sealed value is `key id (4 bytes) | nonce (12) | ciphertext and tag`. Table, column, row id and
key id are associated data, so that a value cannot be moved to another row, column or key. The
text is padded to a multiple of 512 bytes, so that its length says little.
Source: NIST SP 800-38D for GCM and its 96-bit random nonces.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

BLOCK = 512
PURPOSES = ("receipt-words", "receipt-lookup", "ask-token", "nonce", "session")


class KeyMissing(Exception):  # noqa: N818 - reads as the sentence that it is
    """A key is not where it should be; the message says which, in words."""


class Unsealable(Exception):  # noqa: N818
    """A sealed value was changed, moved, or sealed with another key."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """All keys of an instance, 32 bytes each. Its repr shows none of them."""

    sealing: Mapping[int, bytes] = field(repr=False)
    purposes: Mapping[str, bytes] = field(repr=False)

    @property
    def newest(self) -> int:
        """Return the id of the key that seals; older ones only open."""
        return max(self.sealing)

    def key(self, purpose: str) -> bytes:
        """Return the key for one of `PURPOSES`."""
        return self.purposes[purpose]

    def key_from(self, key_id: int, purpose: str) -> bytes:
        """Return a key for another purpose, derived from a sealing key (RFC 5869)."""
        derive = HKDF(SHA256(), length=32, salt=None, info=purpose.encode())
        return derive.derive(self.sealing[key_id])


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
    key_id = int.from_bytes(sealed[:4], "big")
    if key_id not in keyring.sealing:
        raise KeyMissing(f"The sealing key number {key_id} is not in the keys folder.")
    try:
        body = AESGCM(keyring.sealing[key_id]).decrypt(
            sealed[4:16], sealed[16:], _place(row_id, column, key_id)
        )
    except InvalidTag:
        raise Unsealable(f"A sealed {column} does not fit its key or its row.") from None
    return body[4 : 4 + int.from_bytes(body[:4], "big")].decode("utf-8", "surrogatepass")


def make_keys(folder: Path) -> bool:
    """Make all keys, mode 0600 in a folder of mode 0700, where there is none; tell whether.

    Where there are some, nothing is made: a new key in the place of one that is missing would
    seal what the old one could never open. Safe to repeat.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.glob("*.key")):
        return False
    for name in ("seal-1", *PURPOSES):
        path = folder / f"{name}.key"
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(secrets.token_hex(32) + "\n", encoding="ascii")
    return True


def remove_keys(folder: Path) -> None:
    """Remove keys that were just made, and have sealed nothing."""
    for path in folder.glob("*.key"):
        path.unlink()


def read_keys(folder: Path) -> Keyring:
    """Return the keys in a folder. Raises KeyMissing in words."""
    sealing = {
        int(path.stem.removeprefix("seal-")): _read_key(path)
        for path in folder.glob("seal-*.key")
        if path.stem.removeprefix("seal-").isdigit()
    }
    if not sealing:
        raise KeyMissing(f"There is no sealing key in {folder}. `postbag init` makes one.")
    return Keyring(sealing, {purpose: _read_key(folder / f"{purpose}.key") for purpose in PURPOSES})


def _place(row_id: object, column: str, key_id: int) -> bytes:
    return f"{column}|{row_id}|{key_id}".encode()


def _read_key(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        raise KeyMissing(
            f"The key {path.name} is not in {path.parent}. Put it back: no other fits."
        ) from None
    except (ValueError, OSError):
        raise KeyMissing(f"The key {path.name} in {path.parent} is damaged.") from None
    if len(key) != 32:
        raise KeyMissing(f"The key {path.name} in {path.parent} has not 32 bytes.")
    return key
