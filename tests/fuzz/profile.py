"""How many examples there are of each thing, and how they are chosen."""

import os
from datetime import timedelta

from hypothesis import HealthCheck, Phase, settings

LONG = 100  # times as many as in the suite
HANG = timedelta(seconds=30)  # so long may nothing take, on a machine that is busy

FUZZ = os.environ.get("FUZZ", "")
TIMES = int(FUZZ) if FUZZ.isdecimal() else LONG if FUZZ else 1


def examples(count: int) -> settings:
    """Return the settings of a test that has `count` examples in the suite."""
    return settings(
        max_examples=count * TIMES,
        derandomize=TIMES == 1,
        database=None if TIMES == 1 else settings.default.database,
        deadline=HANG,
        phases=set(Phase) - {Phase.explain},
        suppress_health_check=list(HealthCheck),
    )
