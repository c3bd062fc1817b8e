"""How often somebody may be wrong at the door: by account, and by network.

A browser that has signed in as an account before is counted apart. Whoever hammers an account
from elsewhere does not shut its owner out, who comes with such a browser.
"""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, current_app, request
from werkzeug.wrappers import Response as AnyResponse

from webapp import storage
from webapp.staff.addresses import normal_email
from webapp.staff.models import User
from webapp.staff.queries import find_by_email
from webapp.web.client import current_network
from webapp.web.limits import current_limits
from webapp.web.surface import DESK
from webapp.web.wording import plural

COOKIE = "postbag_known"
COOKIE_SECONDS = 400 * 24 * 60 * 60  # the longest that browsers keep one (RFC 6265bis)
NONCE_BYTES = 16
MARK_BYTES = 16
MOST_ACCOUNTS = 5


@dataclass(frozen=True, slots=True)
class AtDoor:
    """Which account is tried; `browser` is the nonce of a browser that it knows, or empty."""

    account: bytes
    browser: bytes = b""


def account_at_door(email: str, step: str = "account") -> AtDoor:
    """Return which account an address tries; one that nobody has is counted all the same."""
    user = find_by_email(storage.read(), email)
    if user is not None:
        return at_door(user, step)
    typed = (normal_email(email) or email.strip()).casefold()
    return AtDoor(_bytes(f"{step}:address:{typed}"))


def at_door(user: User, step: str = "account") -> AtDoor:
    """Return how somebody is counted, for one step, in the browser that sent the request."""
    nonce, marks = _read_cookie()
    is_known = bool(nonce) and any(
        hmac.compare_digest(mark, _mark(nonce, user.fs_uniquifier)) for mark in marks
    )
    return AtDoor(f"{step}:{user.id}".encode(), nonce if is_known else b"")


def wait_at_door(who: AtDoor) -> int:
    """Return for how many seconds nothing is tried any more; 0 if the door is open."""
    limits = current_limits()
    if who.browser:
        return limits.standing("browser", who.browser + who.account).wait
    of_account = limits.standing("account", who.account)
    return max(of_account.wait, limits.standing("door", current_network()).wait)


def count_failure(who: AtDoor) -> None:
    """Count that somebody was wrong."""
    limits = current_limits()
    if who.browser:
        limits.hit("browser", who.browser + who.account)
        return
    limits.hit("account", who.account)
    limits.hit("door", current_network())


def in_words(wait: int) -> str:
    """Return what somebody reads who has to wait so many seconds."""
    minutes = -(-wait // 60)
    return (
        "That was wrong too often. To keep the account safe nothing is tried for "
        f"{plural(minutes, 'minute', 'minutes')}."
    )


def slowed(response: Response, wait: int) -> Response:
    """Return an answer that says when to come again."""
    response.headers["Retry-After"] = str(wait)
    return response


def know_browser(response: AnyResponse, user: User) -> AnyResponse:
    """Return the answer with the cookie by which a browser is known to an account.

    It holds a random number, and for up to five accounts a mark that only this site can make of
    it. No name is in it, and it lets nobody in.
    """
    nonce, marks = _read_cookie()
    nonce = nonce or secrets.token_bytes(NONCE_BYTES)
    mine = _mark(nonce, user.fs_uniquifier)
    kept = [mine, *(mark for mark in marks if mark != mine)][:MOST_ACCOUNTS]
    response.set_cookie(
        COOKIE,
        ".".join(part.hex() for part in (nonce, *kept)),
        max_age=COOKIE_SECONDS,
        path=DESK,
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )
    return response


def _read_cookie() -> tuple[bytes, Sequence[bytes]]:
    """Return a browser's number and the marks on it; nothing where they cannot be ours."""
    try:
        nonce, *marks = (bytes.fromhex(part) for part in request.cookies[COOKIE].split("."))
    except (KeyError, ValueError):
        return b"", ()
    return (nonce, marks[:MOST_ACCOUNTS]) if len(nonce) == NONCE_BYTES else (b"", ())


def _mark(nonce: bytes, uniquifier: str) -> bytes:
    """Return what shows that an account has known a browser, until its password changes."""
    key = storage.session_key(current_app)
    message = b"known-browser:" + nonce + uniquifier.encode()
    return hmac.digest(key, message, "sha256")[:MARK_BYTES]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
