"""Two thousand sendings from one network: nobody else notices."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from tests.operations.asking import Asker, Page
from tests.serving import PASSWORD, free_port, start_demo
from webapp import create_app, storage
from webapp.questions.models import Question
from webapp.questions.queries import open_text
from webapp.settings import Settings

FLOOD = 2_000
WARM = 1_000  # by then every thread has its memory and every table is read
FLAT = 12 * 1024  # kilobytes that the others may add
OTHER = "The neighbours' dog sings along with my cello. {}?"
ENDINGS = (
    "Do I move the cello, the dog or myself, and in which order",
    "My teacher thinks he has the better ear, so should he have the lesson",
    "They say it is love, I say it is the high notes, who is right",
    "May I send them the bill for a quartet that has lost two players",
    "It only happens with Elgar, and my wife has started to howl too",
    "Is there a polite word for flat that you can say to an owner",
    "I have begun to practise at night, which has not made friends",
    "He stops when I stop, so what does that say about my playing",
    "Their baby sleeps through both of us, so can I complain at all",
    "Would it be strange to ask him to the concert on Sunday",
)


def memory(pid: int) -> int:
    """Return the resident memory of a process and its children, in kilobytes."""
    total = 0
    for path in Path("/proc").glob("[0-9]*"):
        status = ""
        with suppress(OSError):  # it has just ended
            status = (path / "status").read_text()
        fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        if pid in (int(path.name), int(fields.get("PPid", "0"))):
            total += int(fields.get("VmRSS", "0 kB").split()[0])
    return total


def review(port: int, address: str, text: str) -> Page:
    with closing(Asker(port, address)) as asker:
        return asker.review(text)


def send(port: int, address: str, text: str, page: Page) -> Page:
    with closing(Asker(port, address)) as asker:
        return asker.send(text, page)


def flood(port: int, pages: list[Page], number: int) -> int:
    text = f"Buy now, number {number}, and never look back at your old wall again."
    return send(port, f"203.0.113.{number % 250}", text, pages[number % len(pages)]).status


def search_queue(port: int, words: str) -> str:
    """Return the page on which a moderator looks for some words."""
    site = f"http://127.0.0.1:{port}"
    browser = build_opener(HTTPCookieProcessor())
    page = browser.open(f"{site}/desk/sign-in").read().decode()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
    who = {"email": "owner@example.org", "password": PASSWORD, "csrf_token": token}
    browser.open(f"{site}/desk/sign-in", urlencode(who).encode())
    return str(browser.open(f"{site}/desk/questions?{urlencode({'q': words})}").read().decode())


def lanes(instance: Path, text: str) -> list[str]:
    """Return the lane and state of each question that begins with a text."""
    with create_app(Settings.load(instance=instance)).app_context():
        keyring = storage.current_keyring()
        found = [
            f"{question.lane} {question.state}"
            for question in storage.read().query(Question)
            if open_text(keyring, question, "text_sealed").startswith(text)
        ]
        storage.db.engine.dispose()
    return found


def test_a_flood_from_one_network_is_slowed_and_others_arrive_in_their_lane(tmp_path: Path):
    port = free_port()
    server = start_demo(tmp_path / "instance", port, POSTBAG_TRUSTED_PROXIES="1")
    try:
        theirs = [
            review(port, f"198.18.{n}.7", OTHER.format(ending)) for n, ending in enumerate(ENDINGS)
        ]
        pages = [review(port, "203.0.113.1", "Buy now, and never look back.") for _ in range(30)]
        with ThreadPoolExecutor(8) as pool:
            statuses = list(pool.map(lambda n: flood(port, pages, n), range(WARM)))
            warm = memory(server.pid)
            statuses += pool.map(lambda n: flood(port, pages, n), range(WARM, FLOOD))
        grown = memory(server.pid) - warm

        sent = [
            send(port, f"198.18.{n}.7", OTHER.format(ENDINGS[n]), page)
            for n, page in enumerate(theirs)
        ]
        queue = search_queue(port, "cello")
    finally:
        server.terminate()
        server.communicate(timeout=40)

    assert set(statuses) == {200, 429}
    assert [page.status for page in sent] == [200] * len(ENDINGS)
    assert "One thing first" not in theirs[0].text
    assert lanes(tmp_path / "instance", "The neighbours' dog sings") == ["ordinary new"] * len(
        ENDINGS
    )
    assert len(lanes(tmp_path / "instance", "Buy now, number")) == 5
    assert grown < FLAT
    assert queue.count("sings along with my cello") >= len(ENDINGS)
