"""How much work something is, in a measure that neither a busy nor a slow machine changes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


def _count_a_million() -> float:
    """Return the seconds of this thread that it takes to count to a million, some 0.06."""
    before = time.thread_time()
    for _ in range(1_000_000):
        pass
    return time.thread_time() - before


@contextmanager
def bounded_work(millions: int) -> Iterator[None]:
    """Fail if what is within takes this thread longer than to count so many times to a million.

    Bounds are several times what the work takes: they tell bounded from unbounded, and
    `make bench` tells fast from slow.
    """
    before = time.thread_time()
    yield
    taken = time.thread_time() - before
    assert taken <= millions * _count_a_million()
