"""The token of the check page: a signed nonce that lives a day.

A day, because nobody should lose a hard-won text to a clock (WCAG 2.2.1). The form that stands on
cached pages carries none: a token in a page that everybody is served proves nothing.
"""

import hashlib
import secrets
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeTimedSerializer

from webapp import clock
from webapp.questions.receipts import NONCE_BYTES
from webapp.storage.sealing import Keyring

LIFETIME_SECONDS = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Token:
    """A nonce, the episode (slug, or empty) whose question box it was made for, and since when.

    `shown` is when its check page was first shown, in seconds since 1970. It goes with the asker
    and is kept nowhere else.
    """

    nonce: bytes
    about: str
    shown: float

    @property
    def age(self) -> float:
        """Return for how many seconds its check page has been there."""
        return clock.now().timestamp() - self.shown


def fresh(about: str) -> Token:
    """Return a token with a new nonce."""
    return Token(secrets.token_bytes(NONCE_BYTES), about, clock.now().timestamp())


def sign(keyring: Keyring, token: Token) -> str:
    """Return a token as the check page carries it."""
    claims = {"nonce": token.nonce.hex(), "for": f"ask:{token.about}", "shown": token.shown}
    return _serializer(keyring).dumps(claims)


def read(keyring: Keyring, signed: str, *, about: str) -> Token | None:
    """Return the token, or None if it is stale, foreign, or made for something else."""
    try:
        claims = _serializer(keyring).loads(signed, max_age=LIFETIME_SECONDS)
    except BadSignature:
        return None
    if claims["for"] != f"ask:{about}":
        return None
    return Token(bytes.fromhex(claims["nonce"]), about, claims["shown"])


def _serializer(keyring: Keyring) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        keyring.key("ask-token"), salt="ask", signer_kwargs={"digest_method": hashlib.sha256}
    )
