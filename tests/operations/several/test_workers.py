"""Three workers at one outbox: each message arrives, also when workers are killed at random."""

import random
from collections import Counter

import pytest

from tests.operations.processes import wait_for
from tests.operations.several.machines import PATIENCE, Machines, Workers, has_settled
from webapp.operations.chores import CHORES, DAILY
from webapp.operations.worker import AWAY_WORDS

pytestmark = pytest.mark.xdist_group("several")

MESSAGES = 200
KILLED_AT = (20, 70, 120)  # so many were delivered by then
DONE = [f"Done for today: {chore.name}." for chore in CHORES if chore.every == DAILY]


def times_done(workers: Workers) -> Counter[str]:
    said = workers.said()
    return Counter({words: said.count(words) for words in DONE})


def test_daily_work_is_done_once_and_another_is_elected_when_its_worker_is_killed(
    machines: Machines, workers: Workers
):
    wait_for(lambda: all(times_done(workers).values()), PATIENCE)
    first = workers.elected()

    workers.kill(first)
    second = workers.elected()

    assert second != first
    workers.be(3)
    assert workers.elected() == second
    assert times_done(workers) == Counter(DONE)


def test_workers_that_are_killed_at_random_lose_nothing_and_repeat_little(
    machines: Machines, workers: Workers
):
    """A repeat has the id of what it repeats: what a receiver has seen already, it drops."""
    chance = random.Random(7)  # noqa: S311 - for the same kills in every run
    machines.receiver.takes = 0.03
    ids = machines.put("killed", MESSAGES)

    for number in KILLED_AT:
        wait_for(lambda number=number: len(machines.delivered(ids)) >= number, PATIENCE)
        workers.kill(chance.choice(list(workers.alive)))
        workers.start()
    wait_for(lambda: has_settled(machines.waiting), PATIENCE)
    held = len(machines.waiting())
    machines.end_claims()
    wait_for(lambda: not machines.waiting(), PATIENCE)
    machines.receiver.takes = 0

    arrived = Counter(each.headers["webhook-id"] for each in machines.delivered(ids))
    assert set(arrived) == {str(message_id) for message_id in ids.values()}
    assert held <= len(KILLED_AT)
    assert max(arrived.values()) <= 2
    assert arrived.total() - MESSAGES <= len(KILLED_AT)
    by_id: dict[str, set[bytes]] = {}
    for each in machines.delivered(ids):
        by_id.setdefault(each.headers["webhook-id"], set()).add(each.body)
    assert all(len(bodies) == 1 for bodies in by_id.values())


def test_workers_go_on_when_a_database_that_was_restarted_is_back(
    machines: Machines, workers: Workers
):
    first = machines.put("before", 3)
    wait_for(lambda: len(machines.delivered(first)) == 3, PATIENCE)
    before = workers.said().count(AWAY_WORDS)

    with machines.without_database():
        wait_for(lambda: workers.said().count(AWAY_WORDS) == before + 3, PATIENCE)
    second = machines.put("after", 3)
    wait_for(lambda: len(machines.delivered(second)) >= 3, PATIENCE)

    workers.elected()
    arrived = Counter(each.headers["webhook-id"] for each in machines.delivered(second))
    assert arrived == Counter(map(str, second.values()))


def test_a_worker_that_is_told_to_stop_finishes_what_it_is_sending(
    machines: Machines, workers: Workers
):
    machines.receiver.takes = 0.1
    ids = machines.put("stopped", 30)
    wait_for(lambda: len(machines.delivered(ids)) >= 6, PATIENCE)

    ended = [workers.stop(log) for log in list(workers.alive)[:2]]  # the third does the rest
    wait_for(lambda: not machines.waiting(), PATIENCE)
    machines.receiver.takes = 0

    arrived = Counter(each.headers["webhook-id"] for each in machines.delivered(ids))
    assert ended == [0, 0]
    assert arrived == Counter(map(str, ids.values()))
