"""Limits without addresses: how much one network, and all of them, may ask for in a while.

Who is over a limit takes the slow lane, and is never refused for what others do. A count begins
with the first of its kind and ends an hour later (ten minutes for receipts): no moment is kept
but that end. See docs/decisions/0014-limits-without-addresses.md.
"""

import hashlib
import hmac
import logging
import math
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar, cast

from flask import Flask, current_app
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute

from webapp import clock
from webapp.settings import Settings
from webapp.web.tallies import LocalTally, SharedTally, Tally

BUCKET_BYTES = 16
FLOOD = 5  # times what one network may send before the slow lane
AWAY_SECONDS = 10  # how long a Redis that failed is left alone

Kind = Literal["review", "send", "receipt", "account", "browser", "door"]
SiteState = Literal["open", "slow", "quarantine"]
T = TypeVar("T")

log = logging.getLogger("postbag")


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a limit is passed, and the seconds until it no longer is (0 if it is not)."""

    is_over: bool
    wait: int


class Limits:
    """What was asked for lately, by network. All methods may be called from many threads."""

    def __init__(self, settings: Settings) -> None:
        sends = settings.limit_sends
        self._items: dict[Kind, RateLimitItem] = {
            "review": RateLimitItemPerHour(settings.limit_reviews, namespace="review"),
            "send": RateLimitItemPerHour(sends, namespace="send"),
            "receipt": RateLimitItemPerMinute(settings.limit_receipts, 10, namespace="receipt"),
            # Failed sign-ins: of one account, of a browser that knows it, and of one network.
            "account": RateLimitItemPerMinute(10, 15, namespace="account"),
            "browser": RateLimitItemPerMinute(10, 15, namespace="browser"),
            "door": RateLimitItemPerMinute(30, 15, namespace="door"),
        }
        self._share = RateLimitItemPerHour(sends, namespace="share")
        self._flood = RateLimitItemPerHour(FLOOD * sends, namespace="flood")
        self._site = RateLimitItemPerHour(settings.limit_site_quarantine, namespace="site")
        self._slow_after = settings.limit_site_slow
        self._local = LocalTally()
        url = settings.redis_url
        self._shared = SharedTally(url.get_secret_value()) if url else None
        self._away_since = -math.inf

    def hit(self, kind: Kind, network: bytes) -> Standing:
        """Count one request of a network, and return whether it is one too many."""
        item = self._items[kind]

        def count(tally: Tally) -> Standing:
            bucket = _bucket(tally, network)
            is_under = tally.networks.hit(item, bucket)
            return _under() if is_under else _over(tally, item, bucket)

        return self._ask(count)

    def standing(self, kind: Kind, network: bytes) -> Standing:
        """Return whether the next request of a network would be one too many; count nothing."""
        item = self._items[kind]

        def look(tally: Tally) -> Standing:
            bucket = _bucket(tally, network)
            is_under = tally.networks.test(item, bucket)
            return _under() if is_under else _over(tally, item, bucket)

        return self._ask(look)

    def count_sent(self, network: bytes) -> None:
        """Count a question that was accepted.

        For the whole site one network counts `limit_sends` times an hour at most, so that what
        floods in from one does not slow all others.
        """

        def count(tally: Tally) -> None:
            bucket = _bucket(tally, network)
            tally.networks.hit(self._flood, bucket)
            if tally.networks.hit(self._share, bucket):
                tally.site.hit(self._site)

        self._ask(count)

    def is_flooding(self, network: bytes) -> bool:
        """Return whether the next question is more than five times what a network may send."""
        return self._ask(
            lambda tally: not tally.networks.test(self._flood, _bucket(tally, network))
        )

    def site(self) -> SiteState:
        """Return what the next question of anybody meets: the slow lane, or quarantine too."""
        arrived = self._site.amount - self._ask(
            lambda tally: tally.site.get_window_stats(self._site).remaining
        )
        if arrived >= self._site.amount:
            return "quarantine"
        return "slow" if arrived >= self._slow_after else "open"

    def site_wait(self) -> int:
        """Return the seconds until the site's count begins again."""
        return self._ask(
            lambda tally: _seconds_until(tally.site.get_window_stats(self._site).reset_time)
        )

    def spend(self, nonce: bytes, seconds: int, *, on: bytes = b"") -> bool:
        """Return True if something has not been spent yet, or only on this very thing.

        It stays spent for `seconds`. Without `on` it passes once.
        """
        name, value = f"spent:{nonce.hex()}", on or secrets.token_bytes(BUCKET_BYTES)
        if self._local.claim(name, value, seconds) != value:
            return False
        return self._ask(lambda tally: tally.claim(name, value, seconds)) == value

    def admit(self, nonce: bytes, seconds: int) -> None:
        """Let whatever comes with a nonce pass from now on, for so many seconds."""
        self._ask(lambda tally: tally.claim(_admitted(nonce), b"1", seconds))

    def is_admitted(self, nonce: bytes) -> bool:
        """Return whether something with this nonce has been let pass."""
        return self._ask(lambda tally: tally.has(_admitted(nonce)))

    def forget(self) -> None:
        """Forget all that this process has counted, and today's key; not what Redis holds."""
        self._local.forget()

    def _ask(self, question: Callable[[Tally], T]) -> T:
        """Return the answer of Redis, or of this process where there is none, or none now."""
        if self._shared is None or self._is_away():
            return question(self._local)
        try:
            return question(self._shared)
        except self._shared.faults:
            log.warning("Redis does not answer: each process counts for itself meanwhile.")
            self._away_since = clock.now().timestamp()
            return question(self._local)

    def _is_away(self) -> bool:
        return 0 <= clock.now().timestamp() - self._away_since < AWAY_SECONDS


def init_app(app: Flask, settings: Settings) -> None:
    """Give the app its limits."""
    app.extensions["postbag.limits"] = Limits(settings)


def current_limits() -> Limits:
    """Return the limits of the app in whose context this runs."""
    return cast("Limits", current_app.extensions["postbag.limits"])


def _bucket(tally: Tally, network: bytes) -> str:
    """Return the name under which a network is counted today, which nobody can trace tomorrow."""
    return hmac.digest(tally.todays_key(), network, "sha256")[:BUCKET_BYTES].hex()


def _admitted(nonce: bytes) -> str:
    """Return what is kept of a nonce: whoever reads it there cannot make the nonce of it."""
    return f"admitted:{hashlib.sha256(nonce).hexdigest()}"


def _under() -> Standing:
    return Standing(is_over=False, wait=0)


def _over(tally: Tally, item: RateLimitItem, bucket: str) -> Standing:
    reset = tally.networks.get_window_stats(item, bucket).reset_time
    return Standing(is_over=True, wait=_seconds_until(reset))


def _seconds_until(moment: float) -> int:
    return max(1, math.ceil(moment - clock.now().timestamp()))
