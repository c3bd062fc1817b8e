"""Killed between the commit and the answer: what was acknowledged is there, and nothing twice."""

import http.client
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from os import killpg
from pathlib import Path
from signal import SIGKILL
from threading import Event

from sqlalchemy import func, select

from tests.operations.asking import Asker, Page
from tests.serving import NO_LIMITS, free_port, start_demo
from webapp import create_app, storage
from webapp.questions.models import Question
from webapp.settings import Settings

ROUNDS = 2
SENDERS = 8
EACH = 8
AWAY = (OSError, http.client.HTTPException)


def a_text(number: int) -> str:
    return f"Question {number}: my wall has opinions of its own. Is it me, or is it the wall?"


def send_until_killed(port: int, pages: dict[int, Page], begun: Event) -> dict[int, str]:
    """Send questions one after another, say when one is answered; return all receipts that are."""
    received = {}
    with suppress(*AWAY), closing(Asker(port)) as asker:
        for number, page in pages.items():
            answer = asker.send(a_text(number), page)
            if answer.status == 200:
                received[number] = answer.receipt
                begun.set()
    return received


def count_questions(instance: Path) -> int:
    with create_app(Settings.load(instance=instance)).app_context():
        number = storage.read().scalar(select(func.count()).select_from(Question))
        storage.db.engine.dispose()
    return number


def test_killed_servers_lose_no_acknowledged_question_and_store_none_twice(tmp_path: Path):
    instance, port = tmp_path / "instance", free_port()
    server = start_demo(instance, port, own_group=True, **NO_LIMITS)
    at_first = count_questions(instance)
    numbers = range(ROUNDS * SENDERS * EACH)
    with closing(Asker(port)) as asker:
        pages = {number: asker.review(a_text(number)) for number in numbers}
    acknowledged: dict[int, str] = {}
    try:
        for round_ in range(ROUNDS):
            shares = [
                {n: pages[n] for n in list(numbers)[round_::ROUNDS][sender::SENDERS]}
                for sender in range(SENDERS)
            ]
            with ThreadPoolExecutor(SENDERS) as pool:
                begun = Event()
                sending = [pool.submit(send_until_killed, port, each, begun) for each in shares]
                assert begun.wait(60)
                killpg(server.pid, SIGKILL)
                server.communicate()
                for each in sending:
                    acknowledged |= each.result()
            server = start_demo(instance, port, own_group=True, **NO_LIMITS)

        stored = count_questions(instance) - at_first
        assert ROUNDS <= len(acknowledged) <= stored < len(numbers)
        with closing(Asker(port)) as asker:
            again = {number: asker.send(a_text(number), pages[number]) for number in numbers}
    finally:
        server.terminate()
        server.communicate(timeout=40)

    assert {page.status for page in again.values()} == {200}
    assert count_questions(instance) - at_first == len(numbers)
    for number, receipt in acknowledged.items():
        assert again[number].receipt == receipt == pages[number].receipt
        assert "It was here already" in again[number].text
