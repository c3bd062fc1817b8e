"""Posting what is told to staff to an address of the operator's, signed.

As Standard Webhooks has it (https://www.standardwebhooks.com): the receiver knows by the
signature that it comes from here, and by `webhook-id`, which stays the same, that it is the same.
"""

import hmac
import json
import ssl
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from webapp.operations.sending import Never, NotNow

TIMEOUT_SECONDS = 10

GONE = "The webhook’s address says that it is gone for good (410)."
ELSEWHERE = "The webhook’s address leads elsewhere ({code}), where nothing is sent."
REFUSED = "The webhook’s address answered {code}."
NO_PROOF = "The certificate at the webhook’s address does not show that it is the one meant."
AWAY = "The webhook’s address cannot be reached."
CUT_OFF = "The webhook’s address broke off, or answered what is no HTTP."


@dataclass(frozen=True, slots=True)
class Hook:
    """Where something is posted, and what it is signed with. Its repr shows neither."""

    url: str = field(repr=False)
    secret: str = field(repr=False)


def as_body(kind: str, at: datetime, data: Mapping[str, Any]) -> bytes:
    """Return what is posted, the same bytes at every try."""
    told = {"type": kind, "timestamp": at.isoformat(timespec="seconds"), "data": dict(data)}
    return json.dumps(told, separators=(",", ":")).encode()


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the signature of what is posted; `secret` is `whsec_` and base64."""
    key = b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return f"v1,{b64encode(hmac.digest(key, signed, 'sha256')).decode()}"


def post(hook: Hook, *, message_id: str, body: bytes, now: datetime) -> None:
    """Post it, and follow no redirect. Raises NotNow, or Never where that is asked for."""
    timestamp = int(now.timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Postbag",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(hook.secret, message_id, timestamp, body),
    }
    try:
        code = ask(hook.url, headers, body)
    except ssl.SSLCertVerificationError:
        raise NotNow(NO_PROOF) from None
    except HTTPException:
        raise NotNow(CUT_OFF) from None
    except OSError:
        raise NotNow(AWAY) from None
    if code == 410:
        raise Never(GONE)
    if 300 <= code < 400:
        raise NotNow(ELSEWHERE.format(code=code))
    if not 200 <= code < 300:
        raise NotNow(REFUSED.format(code=code))


def ask(url: str, headers: Mapping[str, str], body: bytes) -> int:
    """Post something, and return the status of the answer; what else it says is not read."""
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target, body, dict(headers))
        return connection.getresponse().status
    finally:
        connection.close()
