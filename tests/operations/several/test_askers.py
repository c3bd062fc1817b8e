"""Askers who come to one server now and to another then: one mailbag, one limit."""

from contextlib import closing
from uuid import uuid4

import pytest

from tests.operations.asking import Asker, Page
from tests.operations.processes import wait_for
from tests.operations.several.machines import PATIENCE, Machines
from webapp.questions.models import Question

pytestmark = pytest.mark.xdist_group("several")

SENDS = 5  # questions that one network sends before the slow lane


def ask(machines: Machines, server: int, network: str, number: int) -> Page:
    """Have a text checked and send it, both at one server, and return the last answer."""
    text = f"Question {number} of {network}: may a wall have opinions, and who is to tell it so?"
    with closing(Asker(machines.ports[server], network)) as asker:
        return asker.send(text, asker.review(text))


def is_slowed(page: Page) -> bool:
    return page.status == 429 and bool(page.solved)


def test_what_one_server_checked_another_takes_in_and_a_third_visit_finds(machines: Machines):
    text = "My neighbour waters my plants at night. Do I thank him, or hide them?"
    before = machines.count(Question)
    one, other = (Asker(port, "203.0.113.9") for port in machines.ports)
    with closing(one), closing(other):
        checked = one.review(text)
        sent = other.send(text, checked)
        again = one.send(text, checked)
        found = one.post("/my-question", receipt=sent.receipt)

    assert [sent.status, again.status, found.status] == [200, 200, 200]
    assert again.receipt == sent.receipt == checked.receipt
    assert "It was here already" in again.text
    assert 'data-state="new"' in found.text
    assert machines.count(Question) == before + 1


def test_the_sixth_question_of_a_network_is_slowed_whichever_server_it_comes_to(
    machines: Machines,
):
    answers = [ask(machines, number % 2, "198.18.1.7", number) for number in range(SENDS)]
    sixth = [ask(machines, server, "198.18.1.8", SENDS) for server in (0, 1)]
    others = [ask(machines, server, "198.18.2.7", SENDS + server) for server in (0, 1)]

    assert [page.status for page in answers] == [200] * SENDS
    assert list(map(is_slowed, sixth)) == [True, True]
    assert [page.status for page in others] == [200, 200]


def test_while_redis_is_gone_each_process_counts_and_when_it_is_back_they_share(
    machines: Machines,
):
    """A connection that stays open leads to one process of a server."""
    one, other = (Asker(port, "198.18.3.7") for port in machines.ports)
    with closing(one), closing(other):
        machines.redis.stop()
        try:
            alone = [send(one, number) for number in range(SENDS + 1)]
            elsewhere = send(other, SENDS + 1)
        finally:
            machines.redis.start()
        wait_for(lambda: are_back(machines, one, other), PATIENCE)
        shared = [send((one, other)[number % 2], number) for number in range(SENDS + 2)]

    assert [page.status for page in alone[:SENDS]] == [200] * SENDS
    assert is_slowed(alone[SENDS])
    assert elsewhere.status == 200
    assert [page.status for page in shared[:SENDS]] == [200] * SENDS
    assert list(map(is_slowed, shared[SENDS:])) == [True, True]


def send(asker: Asker, number: int) -> Page:
    """Have a text checked and send it, on a connection that stays open."""
    text = f"Number {number}, {uuid4().hex}: is a wall a wall at night?"
    return asker.send(text, asker.review(text))


def are_back(machines: Machines, *askers: Asker) -> bool:
    """Return whether all processes count in Redis; ask each, so that no connection grows old."""
    back = [counts_in_redis(machines, asker) for asker in askers]
    return all(back)


def counts_in_redis(machines: Machines, asker: Asker) -> bool:
    """Return whether the process that an asker is connected to counts in Redis, and empty it."""
    asker.review("Is this thing on, and does anybody count what I say to my wall?")
    found = machines.redis.client.dbsize()
    machines.redis.client.flushdb()
    return bool(found)
