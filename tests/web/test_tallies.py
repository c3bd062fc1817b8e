"""Where counts are kept: how long, under which key, and what happens when Redis is away."""

import sys
from collections.abc import Iterator

import pytest
import time_machine

from tests.redis_server import RedisServer
from tests.serving import free_port
from webapp.settings import Settings, SettingsRefused
from webapp.web import tallies
from webapp.web.limits import AWAY_SECONDS, Limits
from webapp.web.tallies import KEY_SECONDS, Cells, CellStorage, LocalTally, SharedTally

HOME = bytes([203, 0, 113])
NOON = "2026-03-01T12:00:00Z"


@pytest.fixture
def redis_server(tmp_path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path)
    yield server
    server.stop()


def make_limits(url: str) -> Limits:
    return Limits(Settings.load(limit_sends=5, redis_url=url))


def hits_until_over(limits: Limits) -> int:
    """Return how many requests passed before one was over."""
    return next(count for count in range(100) if limits.hit("send", HOME).is_over)


def test_todays_key_is_random_and_another_after_a_day():
    tally = LocalTally()
    with time_machine.travel(NOON, tick=False) as clock:
        key = tally.todays_key()
        clock.shift(KEY_SECONDS - 1)
        assert tally.todays_key() == key
        clock.shift(1)
        assert tally.todays_key() != key

    assert len(key) == 32
    assert LocalTally().todays_key() != key


def test_what_is_out_of_date_is_swept_out_though_nobody_comes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tallies, "SWEEP_SECONDS", 0)
    cells: Cells[bytes] = Cells()

    cells.change("key", 0, lambda _: b"gone at once")
    cells._timer.join()

    assert cells.drop_all() == 0


def test_what_is_in_date_is_swept_later():
    cells: Cells[bytes] = Cells()
    with time_machine.travel(NOON, tick=False) as clock:
        cells.change("short", 10, lambda _: b"")
        cells.change("long", 20, lambda _: b"")
        cells._timer.cancel()
        clock.shift(10)
        cells.sweep()

    assert cells._timer.is_alive()
    cells._timer.cancel()
    assert cells.drop_all() == 1


def test_the_longest_unused_goes_when_there_are_too_many():
    cells: Cells[int] = Cells(most=2)
    for name in ("first", "second", "first", "third"):
        cells.change(name, 60, lambda count: (count or 0) + 1)

    assert [cells.find(name) is None for name in ("first", "second", "third")] == [
        False,
        True,
        False,
    ]


def test_counts_can_be_cleared():
    storage = CellStorage()
    storage.incr("kept", 60)
    storage.incr("cleared", 60)

    storage.clear("cleared")

    assert storage.check()
    assert storage.get("cleared") == 0
    assert storage.reset() == 1


def test_processes_share_counts_and_todays_key(redis_server: RedisServer):
    one, other = make_limits(redis_server.url), make_limits(redis_server.url)

    assert hits_until_over(one) == 5
    assert other.standing("send", HOME).is_over
    assert one.spend(b"n" * 16, 3600)
    assert not other.spend(b"n" * 16, 3600)
    keys = [SharedTally(redis_server.url).todays_key() for _ in range(2)]
    assert keys[0] == keys[1]
    assert len(keys[0]) == 32


def test_redis_holds_no_network_and_forgets_all_within_a_day(redis_server: RedisServer):
    limits = make_limits(redis_server.url)
    limits.hit("send", HOME)
    limits.count_sent(HOME)
    limits.spend(b"n" * 16, 3600)

    names = redis_server.client.keys()
    lifetimes = sorted(redis_server.client.ttl(name) for name in names)
    held = b"".join(name + redis_server.client.get(name) for name in names)
    assert len(names) == 6  # send, flood, share, site, spent, key
    assert [round(seconds / 3600) for seconds in lifetimes] == [1, 1, 1, 1, 1, 24]
    for address in (HOME, HOME.hex().encode(), b"203.0.113"):
        assert address not in held


def test_where_there_is_no_redis_each_process_counts_for_itself():
    url = f"redis://127.0.0.1:{free_port()}/0"
    one, other = make_limits(url), make_limits(url)

    assert hits_until_over(one) == 5
    assert not other.standing("send", HOME).is_over
    assert one.spend(b"n" * 16, 3600)
    assert not one.spend(b"n" * 16, 3600)


def test_a_redis_that_dies_is_used_again_when_it_is_back(redis_server: RedisServer):
    limits = make_limits(redis_server.url)
    with time_machine.travel(NOON, tick=False) as clock:
        assert hits_until_over(limits) == 5
        redis_server.stop()
        assert hits_until_over(limits) == 5  # a count of its own

        redis_server.start()
        clock.shift(AWAY_SECONDS - 1)
        assert limits.standing("send", HOME).is_over
        clock.shift(1)
        assert hits_until_over(limits) == 5
        assert redis_server.client.dbsize() == 2


def test_a_redis_that_hangs_holds_one_request_for_a_moment(
    redis_server: RedisServer, caplog: pytest.LogCaptureFixture
):
    limits = make_limits(redis_server.url)
    limits.hit("send", HOME)
    redis_server.hang()
    try:
        assert hits_until_over(limits) == 5
    finally:
        redis_server.wake()

    assert [record.message for record in caplog.records] == [
        "Redis does not answer: each process counts for itself meanwhile."
    ]


def test_what_was_spent_here_stays_spent_when_redis_goes(redis_server: RedisServer):
    limits = make_limits(redis_server.url)
    assert limits.spend(b"n" * 16, 3600)

    redis_server.stop()

    assert not limits.spend(b"n" * 16, 3600)


def test_a_redis_without_its_client_is_refused_in_words(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "redis", None)

    with pytest.raises(SettingsRefused, match="POSTBAG_REDIS_URL is set, and the client"):
        make_limits("redis://127.0.0.1/0")
