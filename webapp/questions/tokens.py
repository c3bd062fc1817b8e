"""The token of the check page: a signed nonce that lives a day, and Flask-WTF's CSRF with it.

A day, because nobody should lose a hard-won text to a clock (WCAG 2.2.1). The form that stands on
cached pages carries none: a token in a page that everybody is served proves nothing.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any

from itsdangerous import BadSignature, URLSafeTimedSerializer
from wtforms import ValidationError
from wtforms.csrf.core import CSRF, CSRFTokenField

from webapp.storage import current_keyring
from webapp.storage.sealing import Keyring

LIFETIME_SECONDS = 24 * 60 * 60
NONCE_BYTES = 16


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


def nonce_hash(keyring: Keyring, nonce: bytes) -> bytes:
    """Return what the database keeps of a spent nonce."""
    return hmac.digest(keyring.key("nonce"), nonce, "sha256")


class AskToken(CSRF):
    """WTForms' CSRF for the check page; sets `form.spendable` to the token once it holds."""

    def generate_csrf_token(self, csrf_token_field: CSRFTokenField) -> str:  # noqa: ARG002
        """Return nothing: the view signs a token when it shows the page."""
        return ""

    def validate_csrf_token(self, form: Any, field: CSRFTokenField) -> None:
        """Keep the token for the view. Raises ValidationError when there is none that holds."""
        form.spendable = read(current_keyring(), field.data or "", about=form.about.data or "")
        if form.spendable is None:
            raise ValidationError("This page had been open for too long.")


def _serializer(keyring: Keyring) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        keyring.key("ask-token"), salt="ask", signer_kwargs={"digest_method": hashlib.sha256}
    )
