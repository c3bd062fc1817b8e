"""Telling a WebSub hub that a feed has changed. Source: https://www.w3.org/TR/websub/, 6."""

import ssl
from collections.abc import Callable
from http.client import HTTPException
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from webapp.operations.sending import Never, NotNow
from webapp.operations.webhooks import ask
from webapp.storage import settings_of
from webapp.storage.outbox import OutboxMessage
from webapp.studio.announcing import FEEDS

NO_HUB = "POSTBAG_WEBSUB_HUB is not set any more."
UNREADABLE = "What it says cannot be read."
REFUSED = "The WebSub hub answered {code}."
NO_PROOF = "The certificate of the WebSub hub does not show that it is the one meant."
AWAY = "The WebSub hub cannot be reached."


def ping(session: Session, message: OutboxMessage) -> Callable[[], None]:
    """Return how a hub is told. Raises Never where there is none, or for no feed of ours."""
    settings = settings_of(session)
    if not settings.websub_hub:
        raise Never(NO_HUB)
    feed = message.payload.get("feed")
    if feed not in FEEDS:
        raise Never(UNREADABLE)
    hub, address = settings.websub_hub, f"{settings.site_url.rstrip('/')}{feed}"
    return lambda: tell(hub, address)


def tell(hub: str, address: str) -> None:
    """Tell a hub that there is something new at a feed's address. Raises NotNow."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "Postbag"}
    body = urlencode({"hub.mode": "publish", "hub.url": address, "hub.topic": address}).encode()
    try:
        code = ask(hub, headers, body)
    except ssl.SSLCertVerificationError:
        raise NotNow(NO_PROOF) from None
    except (OSError, HTTPException):
        raise NotNow(AWAY) from None
    if not 200 <= code < 300:
        raise NotNow(REFUSED.format(code=code))
