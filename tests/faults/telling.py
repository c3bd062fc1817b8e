"""What an asker is told while nothing can be stored, and how the question then arrives."""

import time
from contextlib import closing

from tests.faults.site import Site
from tests.operations.asking import Asker, Page

WORDS = "My flatmate hums in D flat. Do I join in, or do I move out before the chorus?"
AGAIN = 30  # seconds within which the site serves again; it is a second or two


def send(site: Site, page: Page) -> Page:
    with closing(site.asker()) as asker:
        return asker.send(WORDS, page)


def review(site: Site) -> Page:
    with closing(site.asker()) as asker:
        return asker.review(WORDS)


def is_away_in_words(site: Site, page: Page) -> None:
    """Look that what is sent now is refused with its text, and when to try again."""
    asker = Asker(site.port)
    with closing(asker):
        answer = asker.send(WORDS, page)
        assert (answer.status, WORDS in answer.text) == (503, True), answer.text
        assert "The database is away for a moment" in answer.text
        assert asker.last["Retry-After"] == "30"


def arrives_by_itself(site: Site, page: Page) -> None:
    """Look that the same question arrives soon, once."""
    before, end = site.count_questions(), time.monotonic() + AGAIN
    while (answer := send(site, page)).status != 200:
        assert answer.status == 503
        assert time.monotonic() < end
        time.sleep(0.1)
    assert answer.receipt == page.receipt
    assert site.count_questions() == before + 1
    assert site.wrong() == []
