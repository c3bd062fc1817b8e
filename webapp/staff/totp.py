"""Codes from an app (RFC 6238): the secret, how it comes into the app, and what it shows. Pure."""

import base64
import hmac
import secrets

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from webapp import clock

SECRET_BYTES = 20  # as long as SHA-1's answer (RFC 4226, section 4)
DIGITS = 6
STEP_SECONDS = 30
DRIFT = 1  # steps that somebody's clock may be off, each way


def new_secret() -> bytes:
    """Return a secret for an app."""
    return secrets.token_bytes(SECRET_BYTES)


def app_address(secret: bytes, *, account: str, issuer: str) -> str:
    """Return what an app reads out of a QR code."""
    return TOTP(secret, DIGITS, _hash(), STEP_SECONDS).get_provisioning_uri(account, issuer)


def readable(secret: bytes) -> str:
    """Return a secret as it is typed into an app: base 32, in groups of four."""
    text = base64.b32encode(secret).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def step_of(secret: bytes, code: str, *, after: int | None) -> int | None:
    """Return the time step that a code belongs to, or None if it is not one of now.

    Steps up to `after` are used up.
    """
    typed = "".join(code.split())
    if len(typed) != DIGITS or not typed.isascii() or not typed.isdecimal():
        return None
    now = int(clock.now().timestamp()) // STEP_SECONDS
    hotp = HOTP(secret, DIGITS, _hash())
    for step in range(now - DRIFT, now + DRIFT + 1):
        is_unused = after is None or step > after
        if is_unused and hmac.compare_digest(hotp.generate(step), typed.encode()):
            return step
    return None


def _hash() -> SHA1:
    """Return the hash that every app knows. HMAC does not lean on what SHA-1 has lost."""
    return SHA1()  # noqa: S303
