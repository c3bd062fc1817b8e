"""Counts under the names and with the words by which Prometheus is given them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

from webapp.operations.counting import Key
from webapp.operations.watching import BOUNDS

SPACE = "postbag_"


class Told(NamedTuple):
    """The name of a figure, what it says, and its labels."""

    name: str
    words: str
    labels: tuple[str, ...] = ()


COUNTERS = {
    "requests": Told(
        "requests",
        "Requests that the application answered, by the rule that the address fits. "
        "Those of askers are one route, and are added when their day is over.",
        ("route", "method", "status"),
    ),
    "refused": Told(
        "questions_refused",
        "What askers sent and was given back, and why. Added when its day is over.",
        ("reason",),
    ),
    "page_cache": Told(
        "page_cache",
        "Visits that the page cache had a page for (hits) or had not (misses), "
        "and pages that were made for it (renders).",
        ("what",),
    ),
    "database_errors": Told(
        "database_errors", "Statements that failed since the database was away, full or locked."
    ),
}
GAUGES = {
    "processes": Told("processes", "Processes that run.", ("process",)),
    "resident_bytes": Told("resident_bytes", "Memory that they take together.", ("process",)),
    "threads": Told("threads", "Threads in which the application may run."),
    "threads_busy": Told("threads_busy", "Threads in which it runs."),
    "page_cache_bytes": Told("page_cache_bytes", "What the kept pages take, in all processes."),
    "database_up": Told("database_up", "Whether the database answers."),
    "outbox": Told(
        "outbox_messages", "What is still to be carried out, or was given up.", ("state",)
    ),
    "chore_done": Told(
        "chore_done_timestamp_seconds", "The day on which it was last done to its end.", ("chore",)
    ),
    "baked": Told("baked_timestamp_seconds", "When the baked pages were last begun anew."),
    "queue": Told(
        "queue_questions",
        "Questions of the days before today, as the mailbag was when the day began.",
        ("lane", "state"),
    ),
    "questions": Told(
        "questions_days_total",
        "Questions that arrived, and what they came to, on all days that are over.",
        ("figure",),
    ),
}
SECONDS = Told(
    "request_seconds", "How long the application took for an answer; none of askers.", ("route",)
)


def families(counts: Mapping[Key, float], now: Mapping[Key, float]) -> Iterator[Metric]:
    """Yield what was counted and what is there now, each under its name."""
    yield _histogram(counts)
    for name, told in COUNTERS.items():
        counter = CounterMetricFamily(SPACE + told.name, told.words, labels=told.labels)
        _fill(counter, name, counts)
        if name == "database_errors" and not counter.samples:
            counter.add_metric([], 0)
        yield counter
    for name, told in GAUGES.items():
        gauge = GaugeMetricFamily(SPACE + told.name, told.words, labels=told.labels)
        _fill(gauge, name, now)
        yield gauge


def _fill(
    family: CounterMetricFamily | GaugeMetricFamily, name: str, values: Mapping[Key, float]
) -> None:
    for key, value in sorted(values.items()):
        if key[0] == name:
            family.add_metric(list(key[1:]), value)


def _histogram(counts: Mapping[Key, float]) -> Metric:
    family = HistogramMetricFamily(SPACE + SECONDS.name, SECONDS.words, labels=SECONDS.labels)
    by_route: dict[str, dict[str, float]] = defaultdict(dict)
    for key, number in sorted(counts.items()):
        if key[0] == "seconds":
            by_route[key[1]][key[2]] = number
    for route, numbers in by_route.items():
        buckets, so_far = [], 0.0
        for bound in [*map(str, BOUNDS), "+Inf"]:
            so_far += numbers.get(bound, 0)
            buckets.append((bound, so_far))
        family.add_metric([route], buckets, counts.get(("seconds_sum", route), 0))
    return family
