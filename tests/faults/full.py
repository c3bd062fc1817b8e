"""How often a fault is tried: a few times with every run of the tests, many with `make faults`."""

import os

FULL = os.environ.get("FAULTS") == "full"


def times(short: int, full: int) -> int:
    """Return how often, in this run."""
    return full if FULL else short
