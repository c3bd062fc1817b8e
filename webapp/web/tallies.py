"""Where counts are kept for an hour: in this process, or in a Redis that several share.

Neither knows an address. A bucket is an HMAC of a network under today's key, and today's key is
random, is kept where the counts are and nowhere else, and is gone after a day.
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock, Timer
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar, cast

from limits.errors import ConfigurationError
from limits.storage import RedisStorage
from limits.storage.base import Storage
from limits.strategies import FixedWindowRateLimiter

from webapp import clock
from webapp.settings import PREFIX, SettingsRefused

if TYPE_CHECKING:
    from redis import Redis  # the extra `scale`

KEY_BYTES = 32
KEY_SECONDS = 24 * 60 * 60
MOST_CELLS = 20_000  # some 6 MB; who comes with more networks than that evicts his own
SWEEP_SECONDS = 10 * 60
REDIS_SECONDS = 0.25  # what one visitor may wait for a Redis that hangs

V = TypeVar("V")


class Tally(Protocol):
    """Where counts are kept. `networks` counts for buckets, `site` for all of them together."""

    networks: FixedWindowRateLimiter
    site: FixedWindowRateLimiter

    def todays_key(self) -> bytes:
        """Return the key of today's buckets: 32 bytes, random, another one after a day."""

    def claim(self, name: str, value: bytes, seconds: int) -> bytes:
        """Return what stands under a name: `value`, unless something stood there before."""

    def has(self, name: str) -> bool:
        """Return whether something stands under a name."""


class Cells(Generic[V]):
    """Values that go: each when its time is up, and the longest unused when there are too many.

    A limit that forgets is kinder than one that fills the memory. What is out of date is swept
    out even where nobody comes any more.
    """

    def __init__(self, most: int = MOST_CELLS) -> None:
        self._most = most
        self._cells: OrderedDict[str, tuple[V, float]] = OrderedDict()
        self._lock = Lock()
        self._timer: Timer | None = None

    def find(self, name: str) -> tuple[V, float] | None:
        """Return a value and the moment until which it stands, as a POSIX timestamp."""
        with self._lock:
            return self._find(name)

    def change(self, name: str, seconds: int, new: Callable[[V | None], V]) -> V:
        """Return what `new` makes of a value, and keep it; the first one says for how long."""
        with self._lock:
            kept = self._find(name)
            value = new(kept[0] if kept else None)
            until = kept[1] if kept else clock.now().timestamp() + seconds
            self._cells[name] = (value, until)
            self._cells.move_to_end(name)
            if len(self._cells) > self._most:
                self._cells.popitem(last=False)
            self._sweep_later()
            return value

    def drop(self, name: str) -> None:
        """Forget one value."""
        with self._lock:
            self._cells.pop(name, None)

    def drop_all(self) -> int:
        """Forget everything; return how many values that were."""
        with self._lock:
            dropped = len(self._cells)
            self._cells.clear()
            return dropped

    def sweep(self) -> None:
        """Forget what is out of date, and come back while anything is left."""
        with self._lock:
            for name in list(self._cells):
                self._find(name)
            self._timer = None
            if self._cells:
                self._sweep_later()

    def _find(self, name: str) -> tuple[V, float] | None:
        kept = self._cells.get(name)
        if kept is not None and kept[1] <= clock.now().timestamp():
            del self._cells[name]
            return None
        return kept

    def _sweep_later(self) -> None:
        if self._timer is None:
            self._timer = Timer(SWEEP_SECONDS, self.sweep)
            self._timer.daemon = True
            self._timer.start()


class CellStorage(Storage):
    """Cells as `limits` wants them. Its own memory storage has no bound, and scans all at a hit."""

    STORAGE_SCHEME = None
    base_exceptions: tuple[type[Exception], ...] = ()  # memory does not fail

    def __init__(self) -> None:
        super().__init__()
        self._counts: Cells[int] = Cells()

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Add to a count that ends `expiry` seconds after it began; return it."""
        return self._counts.change(key, expiry, lambda count: (count or 0) + amount)

    def get(self, key: str) -> int:
        """Return a count."""
        kept = self._counts.find(key)
        return kept[0] if kept else 0

    def get_expiry(self, key: str) -> float:
        """Return when a count ends, as a POSIX timestamp; now, if there is none."""
        kept = self._counts.find(key)
        return kept[1] if kept else clock.now().timestamp()

    def check(self) -> bool:
        """Return whether it works."""
        return True

    def clear(self, key: str) -> None:
        """Forget one count."""
        self._counts.drop(key)

    def reset(self) -> int:
        """Forget all counts; return how many."""
        return self._counts.drop_all()


class LocalTally:
    """Counts of this process. The site's own stand apart: no flood of networks evicts them."""

    def __init__(self) -> None:
        self.networks = FixedWindowRateLimiter(CellStorage())
        self.site = FixedWindowRateLimiter(CellStorage())
        self._kept: Cells[bytes] = Cells()

    def todays_key(self) -> bytes:
        """Return the key of today's buckets."""
        return self.claim("key", secrets.token_bytes(KEY_BYTES), KEY_SECONDS)

    def claim(self, name: str, value: bytes, seconds: int) -> bytes:
        """Return what stands under a name: `value`, unless something stood there before."""
        return self._kept.change(name, seconds, lambda kept: kept or value)

    def has(self, name: str) -> bool:
        """Return whether something stands under a name."""
        return self._kept.find(name) is not None

    def forget(self) -> None:
        """Forget all counts, and the key with them."""
        self.networks.storage.reset()
        self.site.storage.reset()
        self._kept.drop_all()


class SharedTally:
    """Counts in Redis. Its methods, and its limiter's, raise `faults` when it does not answer."""

    def __init__(self, url: str) -> None:
        try:
            storage = RedisStorage(
                url,
                key_prefix="postbag",
                socket_timeout=REDIS_SECONDS,
                socket_connect_timeout=REDIS_SECONDS,
            )
        except ConfigurationError:
            raise SettingsRefused(
                f"{PREFIX}REDIS_URL is set, and the client for Redis is not installed: "
                "pip install 'postbag-web[scale]'."
            ) from None
        self.networks = self.site = FixedWindowRateLimiter(storage)
        self.faults = storage.base_exceptions
        self._client = cast("Redis", storage.get_connection())

    def todays_key(self) -> bytes:
        """Return the key of today's buckets, which all processes share."""
        return self.claim("key", secrets.token_bytes(KEY_BYTES), KEY_SECONDS)

    def claim(self, name: str, value: bytes, seconds: int) -> bytes:
        """Return what stands under a name: `value`, unless something stood there before."""
        with self._client.pipeline() as both:
            both.set(f"postbag:{name}", value, nx=True, ex=seconds)
            both.get(f"postbag:{name}")
            return both.execute()[1] or value

    def has(self, name: str) -> bool:
        """Return whether something stands under a name."""
        return bool(self._client.exists(f"postbag:{name}"))
