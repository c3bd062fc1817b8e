"""PostgreSQL is started again under a site that asks it: nothing acknowledged is lost, no 500."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Event

import pytest

from tests.faults.full import times
from tests.faults.own_postgres import OwnPostgres
from tests.faults.site import Site, a_text
from tests.operations.asking import Asker, Page
from tests.operations.processes import wait_for

RESTARTS = times(2, 20)
SENDERS = 3
PAGES = ("/ask", "/search?q=wall", "/desk/questions", "/my-question")
AGAIN = 60


@pytest.fixture(scope="module")
def postgres() -> Iterator[OwnPostgres]:
    postgres = OwnPostgres()
    yield postgres
    postgres.remove()


@pytest.fixture(scope="module")
def site(postgres: OwnPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("restarted") / "instance", database_url=postgres.url)
    yield site
    site.kill()


def arrives(asker: Asker, text: str, page: Page) -> Page:
    """Send a question until it is taken, and return the answer; no other answer is a fault."""
    end = time.monotonic() + AGAIN
    while (answer := asker.send(text, page)).status != 200:
        assert (answer.status, text in answer.text) == (503, True), answer.text
        assert time.monotonic() < end
    return answer


class Visitors:
    """Askers who send without a pause, and somebody who looks at pages, until it is over."""

    def __init__(self, site: Site) -> None:
        self.site, self.over = site, Event()
        self.receipts: dict[str, tuple[Page, str]] = {}  # by text: its page, its words
        self.seen: set[int] = set()

    def send(self, sender: int) -> None:
        number = sender
        with closing(self.site.asker()) as asker:
            while not self.over.is_set():
                text = a_text(number)
                while (page := asker.review(text)).status != 200:
                    assert (page.status, text in page.text) == (503, True), page.text
                self.receipts[text] = page, arrives(asker, text, page).receipt
                number += SENDERS

    def look(self) -> None:
        while not self.over.is_set():
            for path in PAGES:
                answer = self.site.ask("GET", path)
                self.seen.add(answer.status)
                assert answer.status in {200, 503}, answer.text


def test_a_postgresql_that_is_started_again_under_load_loses_nothing(
    site: Site, postgres: OwnPostgres
):
    before, visitors = site.count_questions(), Visitors(site)
    with ThreadPoolExecutor(SENDERS + 1) as pool:
        works = [pool.submit(visitors.send, sender) for sender in range(SENDERS)]
        works.append(pool.submit(visitors.look))
        try:
            for number in range(RESTARTS):
                had = len(visitors.receipts)
                wait_for(lambda had=had: len(visitors.receipts) > had or any_failed(works))
                postgres.restart("fast" if number % 2 else "immediate")
            had = len(visitors.receipts)
            wait_for(lambda: len(visitors.receipts) > had + SENDERS or any_failed(works))
        finally:
            visitors.over.set()
        for work in works:
            work.result()

    assert site.count_questions() == before + len(visitors.receipts)
    with closing(site.asker()) as asker:
        for text, (page, receipt) in visitors.receipts.items():
            again = asker.send(text, page)
            assert (again.status, again.receipt) == (200, receipt)
            assert "It was here already" in again.text
    assert site.count_questions() == before + len(visitors.receipts)
    assert site.ask("GET", "/readyz").status == 200
    assert site.wrong() == []


def any_failed(works: list) -> bool:
    """Return whether somebody has met what nobody should."""
    return any(work.done() for work in works)


def test_whoever_comes_first_after_a_restart_gets_a_page_or_is_told(
    site: Site, postgres: OwnPostgres
):
    with ThreadPoolExecutor(len(PAGES)) as pool:
        list(pool.map(lambda path: site.ask("GET", path), PAGES))  # each has a connection
        postgres.restart("fast")
        answers = list(pool.map(lambda path: site.ask("GET", path), PAGES))

    assert {answer.status for answer in answers} <= {200, 503}
    assert {site.ask("GET", path).status for path in PAGES} == {200}
