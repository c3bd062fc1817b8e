"""Limits by network, and for the site: what they count, and what they forget."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from flask import Flask

from tests.redis_server import RedisServer
from webapp.settings import Settings
from webapp.web.limits import Kind, Limits, Standing, current_limits, init_app
from webapp.web.tallies import MOST_CELLS

HOME = bytes([203, 0, 113])
SCHOOL = bytes([198, 51, 100])
UNDER = Standing(is_over=False, wait=0)
FIGURES = {"limit_reviews": 8, "limit_sends": 5, "limit_receipts": 3}
SITE = {"limit_site_slow": 12, "limit_site_quarantine": 20}
NOON = "2026-03-01T12:00:00Z"


def make_limits(**settings: object) -> Limits:
    return Limits(Settings.load(**FIGURES | SITE | settings))


def networks(count: int) -> Iterator[bytes]:
    return (number.to_bytes(7, "big") for number in range(count))


@pytest.fixture(scope="module")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    yield server
    server.stop()


@pytest.fixture(params=["alone", "with Redis"])
def limits(request: pytest.FixtureRequest) -> Limits:
    """The limits of one process, and of one that shares its counts."""
    if request.param == "alone":
        return make_limits()
    server: RedisServer = request.getfixturevalue("redis_server")
    server.client.flushall()
    return make_limits(redis_url=server.url)


@pytest.mark.parametrize(
    ("kind", "figure", "longest"), [("review", 8, 3600), ("send", 5, 3600), ("receipt", 3, 600)]
)
def test_a_network_is_over_after_its_figure(limits: Limits, kind: Kind, figure: int, longest: int):
    standings = [limits.hit(kind, HOME) for _ in range(figure + 1)]

    assert standings[:-1] == [UNDER] * figure
    assert standings[-1].is_over
    assert longest - 5 < standings[-1].wait <= longest


def test_a_network_does_not_stand_in_for_another_nor_a_kind_for_another(limits: Limits):
    while not limits.hit("send", HOME).is_over:
        pass

    assert limits.hit("send", SCHOOL) == UNDER
    assert limits.hit("review", HOME) == UNDER


def test_standing_says_what_the_next_request_would_meet_and_counts_nothing(limits: Limits):
    for _ in range(2):
        limits.hit("receipt", HOME)
    assert [limits.standing("receipt", HOME) for _ in range(10)] == [UNDER] * 10

    limits.hit("receipt", HOME)
    assert limits.standing("receipt", HOME).is_over
    assert limits.standing("receipt", SCHOOL) == UNDER


@pytest.mark.parametrize(("kind", "minutes"), [("review", 60), ("send", 60), ("receipt", 10)])
def test_a_count_ends_in_time_and_says_when(kind: Kind, minutes: int):
    limits = make_limits()
    with time_machine.travel(NOON, tick=False) as clock:
        while not limits.hit(kind, HOME).is_over:
            pass
        clock.shift(minutes * 60 - 30)
        assert limits.hit(kind, HOME) == Standing(is_over=True, wait=30)
        clock.shift(30)
        assert limits.hit(kind, HOME) == UNDER


def test_many_at_once_see_exactly_the_figure(limits: Limits):
    with ThreadPoolExecutor(8) as pool:
        standings = list(pool.map(lambda _: limits.hit("send", HOME), range(32)))

    assert sum(not standing.is_over for standing in standings) == 5


def test_the_site_goes_slow_and_then_to_quarantine_by_what_arrives_from_everywhere(limits: Limits):
    states = []
    for network in networks(21):
        states.append(limits.site())
        limits.count_sent(network)

    assert states == ["open"] * 12 + ["slow"] * 8 + ["quarantine"]
    assert 3595 < limits.site_wait() <= 3600


def test_the_site_opens_again_an_hour_after_the_first():
    limits = make_limits()
    with time_machine.travel(NOON, tick=False) as clock:
        for network in networks(12):
            limits.count_sent(network)
        clock.shift(3599)
        assert (limits.site(), limits.site_wait()) == ("slow", 1)
        clock.shift(1)
        assert limits.site() == "open"


def test_a_flood_from_one_network_slows_nobody_else(limits: Limits):
    for _ in range(2_000):
        limits.count_sent(HOME)

    assert limits.site() == "open"
    assert limits.is_flooding(HOME)
    assert not limits.is_flooding(SCHOOL)


def test_a_network_floods_beyond_five_times_its_figure(limits: Limits):
    for _ in range(24):
        limits.count_sent(HOME)
    assert not limits.is_flooding(HOME)

    limits.count_sent(HOME)
    assert limits.is_flooding(HOME)


def test_a_thing_is_spent_once_by_whoever_is_first(limits: Limits):
    with ThreadPoolExecutor(8) as pool:
        passed = list(pool.map(lambda _: limits.spend(b"n" * 16, 3600), range(32)))

    assert sum(passed) == 1
    assert limits.spend(b"m" * 16, 3600)


def test_a_thing_may_be_spent_again_on_the_same(limits: Limits):
    assert limits.spend(b"n" * 16, 3600, on=b"this question")
    assert limits.spend(b"n" * 16, 3600, on=b"this question")
    assert not limits.spend(b"n" * 16, 3600, on=b"that question")
    assert not limits.spend(b"n" * 16, 3600)


def test_what_is_admitted_passes_again_and_nothing_else(limits: Limits):
    limits.admit(b"one", 60)

    assert limits.is_admitted(b"one")
    assert not limits.is_admitted(b"another")


def test_what_is_spent_is_forgotten_with_time():
    limits = make_limits()
    with time_machine.travel(NOON, tick=False) as clock:
        assert limits.spend(b"n" * 16, 3600)
        clock.shift(3599)
        assert not limits.spend(b"n" * 16, 3600)
        clock.shift(1)
        assert limits.spend(b"n" * 16, 3600)


def test_memory_stays_flat_under_a_hundred_thousand_networks():
    limits = make_limits()
    limits.count_sent(HOME)
    for network in networks(100_000):
        limits.hit("review", network)

    local = limits._local
    assert local.networks.storage.reset() == MOST_CELLS
    assert local.site.storage.reset() == 1  # no flood of networks evicts the site's own count


def test_who_floods_is_not_evicted_by_those_who_come_once():
    limits = make_limits()
    for count, network in enumerate(networks(MOST_CELLS + 100)):
        limits.hit("review", network)
        if count % 1_000 == 0:
            limits.hit("send", HOME)

    assert limits.standing("send", HOME).is_over


def test_forgetting_leaves_nothing_in_this_process():
    limits = make_limits()
    while not limits.hit("send", HOME).is_over:
        pass
    limits.spend(b"n" * 16, 3600)

    limits.forget()

    assert limits.hit("send", HOME) == UNDER
    assert limits.spend(b"n" * 16, 3600)


def test_an_app_has_its_limits():
    app = Flask("limited")
    init_app(app, Settings.load(**FIGURES))

    with app.app_context():
        assert current_limits().hit("receipt", HOME) == UNDER
