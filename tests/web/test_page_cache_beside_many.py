"""The page cache beside many: made once, never old for who has just saved, and never flushed."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.operations.processes import wait_for
from tests.web.kept_site import KeptSite, kept_site
from tests.web.test_page_cache import rename_show
from webapp.episodes.freshness import read_epoch
from webapp.operations import server
from webapp.web import epochs
from webapp.web.epochs import Epoch
from webapp.web.sharing import SharedRoutes

SAVE = "/ask/review"  # as any form that is sent


@pytest.fixture
def site(app: Flask) -> Iterator[KeptSite]:
    """A server process that looks for changes at each visit."""
    with kept_site(app) as made:
        yield made


def test_a_page_is_made_once_however_many_ask_for_it(app: Flask, site: KeptSite):
    visits = [site.visit("/") for _ in range(50)]

    assert {visit.result(30).status for visit in visits} == {200}
    assert site.asked == 1


def test_a_page_made_while_something_changed_is_made_again(app: Flask, site: KeptSite):
    names = ["Another Show"]
    site.after = lambda: names and rename_show(app, names.pop())
    site.get("/")

    assert b"Another Show" in site.get("/").body


def test_a_page_that_is_being_made_is_not_given_to_who_has_saved_meanwhile(
    app: Flask, site: KeptSite
):
    site.get("/ask")  # the first look is over
    is_made, may_go_on = threading.Event(), threading.Event()
    held = [True]

    def hold() -> None:
        if held:
            held.pop()
            is_made.set()
            may_go_on.wait(30)

    site.after = hold
    early = site.visit("/about")
    assert is_made.wait(30)
    rename_show(app, "Another Show")

    mine = site.get("/about")
    may_go_on.set()
    early.result(30)

    assert b"Another Show" in mine.body
    assert site.get("/about") == mine, "the older page is not put over the newer one"


def test_a_look_that_began_before_a_change_is_not_enough(
    app: Flask, monkeypatch: pytest.MonkeyPatch
):
    has_looked, may_end = threading.Event(), threading.Event()

    def look_slowly(session: Session) -> Epoch:
        found = read_epoch(session)
        has_looked.set()
        may_end.wait(30)
        return found

    with kept_site(app, look_every=3600) as site:
        site.get("/about")
        monkeypatch.setattr(server, "read_epoch", look_slowly)
        site.get(SAVE, method="POST")
        early = site.visit("/")
        assert has_looked.wait(30)
        monkeypatch.setattr(server, "read_epoch", read_epoch)
        rename_show(app, "Another Show")
        site.get(SAVE, method="POST")

        mine = site.visit("/about")
        may_end.set()

        assert b"Another Show" in mine.result(30).body
        early.result(30)


def test_nobody_waits_for_a_look_while_the_last_one_is_good(
    app: Flask, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(epochs, "BEFORE", 1)  # the next one begins as soon as somebody comes
    looks, may_end = threading.Event(), threading.Event()

    def look_slowly(session: Session) -> Epoch:
        looks.set()
        may_end.wait(30)
        return read_epoch(session)

    with kept_site(app, look_every=3600) as site:
        before = site.get("/about")
        rename_show(app, "Another Show")
        monkeypatch.setattr(server, "read_epoch", look_slowly)

        assert site.get("/about") == before
        assert looks.wait(30)
        assert site.get("/about") == before
        may_end.set()

        wait_for(lambda: b"Another Show" in site.get("/about").body)


@pytest.mark.parametrize(
    "path",
    [
        *("/nowhere-{}", "/ask?about=x{}", "/episodes?season={}", "/episodes?before=x{}"),
        *("/feeds/podcast.xml?before=x{}", "/oembed?url=x{}"),
    ],
)
def test_made_up_addresses_push_no_page_out(app: Flask, path: str):
    with kept_site(app, size=400_000) as site:
        site.get("/")
        for number in range(60):
            site.get(path.format(number))
        assert site.pages.held < 3 * 400_000
        asked = site.asked
        site.get("/")
        assert site.asked == asked


def test_a_page_with_a_query_is_kept_too(site: KeptSite):
    site.get("/episodes?season=1")
    asked = site.asked

    assert site.get("/episodes?season=1").status == 200
    assert site.asked == asked


def test_an_address_that_leads_nowhere_and_has_a_query_is_not_kept(app: Flask):
    assert SharedRoutes(app).find("/nowhere", "a=b") is None
