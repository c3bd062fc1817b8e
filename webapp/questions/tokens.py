"""The token of the check page: a signed nonce that lives a day.

A day, because nobody should lose a hard-won text to a clock (WCAG 2.2.1). The form that stands on
cached pages carries none: a token in a page that everybody is served proves nothing.
"""

import hashlib
import secrets
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeTimedSerializer

from webapp.questions.receipts import NONCE_BYTES
from webapp.storage.sealing import Keyring

LIFETIME_SECONDS = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Token:
    """A nonce, and the episode (slug, or empty) whose question box it was made for."""

    nonce: bytes
    about: str


def fresh(about: str) -> Token:
    """Return a token with a new nonce."""
    return Token(secrets.token_bytes(NONCE_BYTES), about)


def sign(keyring: Keyring, token: Token) -> str:
    """Return a token as the check page carries it."""
    return _serializer(keyring).dumps({"nonce": token.nonce.hex(), "for": f"ask:{token.about}"})


def read(keyring: Keyring, signed: str, *, about: str) -> Token | None:
    """Return the token, or None if it is stale, foreign, or made for something else."""
    try:
        claims = _serializer(keyring).loads(signed, max_age=LIFETIME_SECONDS)
    except BadSignature:
        return None
    if claims["for"] != f"ask:{about}":
        return None
    return Token(bytes.fromhex(claims["nonce"]), about)


def _serializer(keyring: Keyring) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        keyring.key("ask-token"), salt="ask", signer_kwargs={"digest_method": hashlib.sha256}
    )
