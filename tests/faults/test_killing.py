"""Killed at any moment under load: what was acknowledged is there, nothing twice, nothing half."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import Event
from uuid import UUID

import pytest

from tests.faults.full import times
from tests.faults.site import AWAY, Site, a_site, a_text
from tests.operations.asking import Page
from tests.pages import soup, typed
from tests.studio.made import draft
from tests.studio.uploads.studio_site import PIECE, film, length_of
from tests.studio.writing import fields_of
from webapp.questions.models import Question
from webapp.studio.models import SourceText

KILLS = times(2, 100)
SENDERS = 3
EACH = 6  # of each sender, before every kill
DECISIONS = 12
PUBLISHED = 3
LONGEST = 1.0  # seconds from the first answer to the kill
PIECES = 2  # and of the film
MEGABYTES = PIECES * KILLS + 2


@dataclass
class Acknowledged:
    """What the server has said that it keeps."""

    receipts: dict[int, str] = field(default_factory=dict)
    decided: list[UUID] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    received: int = 0


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """A running server."""
    with a_site(request, request.param, tmp_path / "instance") as site:
        yield site


class Load:
    """Askers, an editor who decides, writes, uploads and publishes, until the server dies."""

    def __init__(self, site: Site) -> None:
        self.site, self.said = site, Acknowledged()
        self.film = b"".join(film(MEGABYTES))
        self.url = json.loads(site.begin(len(self.film)).text)["url"]
        self.pages: dict[int, Page] = {}
        self.drafts: dict[str, int] = {}
        self.questions: list[UUID] = []

    def prepare(self) -> None:
        """Have texts checked and questions waiting, so that what follows only writes."""
        first = len(self.pages)
        with closing(self.site.asker()) as asker:
            for number in range(first, first + SENDERS * EACH):
                self.pages[number] = asker.review(a_text(number))
        self.fresh = list(self.pages)[first:]
        self.waiting = self.site.add_questions(DECISIONS)
        self.questions += self.waiting
        with self.site.inside():
            first = len(self.drafts)
            self.ready = {
                f"out-{n:04}": draft(f"Out {n:04}") for n in range(first, first + PUBLISHED)
            }
        self.drafts |= self.ready

    def run_until(self, moment: Callable[[], object], *, all_begun: bool) -> None:
        """Do all of it at once, and kill the server a moment after the first answer, or of each."""
        works = [self._send(self.fresh[n::SENDERS]) for n in range(SENDERS)]
        works += [self._decide(), self._write(), self._upload(), self._publish()]
        begun, first = [Event() for _ in works], Event()
        with ThreadPoolExecutor(len(works)) as pool:
            running: list[Future[None]] = [
                pool.submit(self._work, steps, [own, first])
                for steps, own in zip(works, begun, strict=True)
            ]
            assert all(each.wait(60) for each in (begun if all_begun else [first]))
            moment()
            self.site.kill()
            for each in running:
                each.result()

    def _work(self, steps: Iterator[None], begun: list[Event]) -> None:
        with suppress(*AWAY):
            for _ in steps:
                for each in begun:
                    each.set()

    def _send(self, numbers: list[int]) -> Iterator[None]:
        with closing(self.site.asker()) as asker:
            for number in numbers:
                answer = asker.send(a_text(number), self.pages[number])
                assert answer.status == 200
                self.said.receipts[number] = answer.receipt
                yield

    def _decide(self) -> Iterator[None]:
        for question_id in self.waiting:
            path = f"/desk/questions/{question_id}/decide"
            answer = self.site.ask_by_form(path, {"decision": "shortlist", "version": 1})
            assert answer.status == 302
            self.said.decided.append(question_id)
            yield

    def _write(self) -> Iterator[None]:
        path = f"/desk/episodes/{self.site.draft}/write"
        for _ in range(EACH):
            title = f"Walls, take {len(self.said.titles)} after {len(self.pages)}"
            form = fields_of(self.site.ask("GET", path))
            answer = self.site.ask_by_form(path, {**form, "title": title, "do": "save"})
            assert answer.status == 303
            self.said.titles.append(title)
            yield

    def _publish(self) -> Iterator[None]:
        for slug, episode_id in self.ready.items():
            path = f"/desk/episodes/{episode_id}"
            page = self.site.ask("GET", path)
            form = {name: typed(page, name) for name in ("seen", "asked")}
            although = [each["value"] for each in soup(page).select('[name="although"]')]
            form |= {"when": "now", "although": although}
            answer = self.site.ask_by_form(f"{path}/publish", form)
            assert answer.status == 302
            self.said.published.append(slug)
            yield

    def _upload(self) -> Iterator[None]:
        for _ in range(PIECES):
            self.said.received = self.send_piece()
            yield

    def send_piece(self) -> int:
        """Send the next piece of the film, and return how much of it is there."""
        at = self.said.received
        answer = self.site.send_piece(self.url, self.film[at : at + PIECE], at)
        return int(json.loads(answer.text)["received"])


def revisions(site: Site) -> str:
    """Return the texts of all that was ever saved."""
    return site.behind(lambda session: "\n".join(each.text for each in session.query(SourceText)))


def states(site: Site, questions: list[UUID]) -> set[str]:
    return site.behind(lambda session: {session.get(Question, one).state for one in questions})


def check(load: Load, at_first: int) -> None:
    """Look whether all that was acknowledged is there, and nothing is there by halves."""
    site, said = load.site, load.said
    assert site.wrong() == []
    stored = site.count_questions() - at_first - len(load.questions)
    assert len(said.receipts) <= stored <= len(load.pages)
    assert states(site, said.decided) <= {"shortlisted"}
    assert states(site, load.questions) <= {"new", "shortlisted"}
    kept = revisions(site)
    assert all(title in kept for title in said.titles)
    check_out(load)
    received = json.loads(site.ask("GET", load.url).text)["received"]
    assert said.received <= received <= said.received + PIECE
    said.received = received


def check_out(load: Load) -> None:
    """Look whether each of the newest episodes is out wherever it could be, or nowhere."""
    places = ("/episodes", "/feeds/episodes.atom", "/feeds/episodes.json", "/sitemap.xml")
    texts = [load.site.ask("GET", place).text for place in places]
    for slug in {*load.ready, *load.said.published}:
        status = load.site.ask("GET", f"/episodes/{slug}").status
        assert status == 200 or slug not in load.said.published
        if slug in load.ready:
            assert {f"/episodes/{slug}" in text for text in texts} == {status == 200}


def test_a_server_that_is_killed_under_load_loses_nothing_that_it_acknowledged(site: Site):
    moments = Random(33)  # noqa: S311 - any moments will do, the same in every run
    at_first, load = site.count_questions(), Load(site)
    for number in range(KILLS):
        load.prepare()
        load.run_until(lambda: time.sleep(moments.uniform(0, LONGEST)), all_begun=number % 10 == 0)
        site.start()
        check(load, at_first)

    with closing(site.asker()) as asker:
        again = {number: asker.send(a_text(number), page) for number, page in load.pages.items()}
    assert {page.status for page in again.values()} == {200}
    assert site.count_questions() - at_first == len(load.pages) + len(load.questions)
    for number, receipt in load.said.receipts.items():
        assert again[number].receipt == receipt == load.pages[number].receipt
        assert "It was here already" in again[number].text
    while load.said.received < len(load.film):
        load.said.received = load.send_piece()
    assert site.kept() == {"video.mp4": length_of([load.film])[1]}
    assert load.said.decided
    assert load.said.titles
    assert load.said.published
