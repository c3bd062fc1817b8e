"""Pages that everybody gets alike: answered before Flask, and never wrong for it."""

import gzip
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import brotli
import pytest
from flask import Flask, Response
from sqlalchemy import event, select, update
from sqlalchemy.exc import OperationalError

from tests import factories
from tests.web.kept_site import KeptSite, kept_site
from webapp import clock, storage
from webapp.episodes.models import Alias, Episode, Show
from webapp.web import page_cache
from webapp.web.sharing import SharedRoutes, shared

NOT_SHARED = {
    "episodes.search",  # what somebody looks for is theirs
    "health.alive",  # each process speaks for itself
    "health.ready",
    "leaving.leave",
    "questions.my_question",
    "shared_previews.page",
    "shared_previews.file",
}
FILES = {"files.poster", "files.card", "files.square", "files.artwork", "files.media"}


def add_episode(app: Flask, slug: str, **more: object) -> None:
    """Add an episode, as another process would."""
    with app.app_context():
        storage.write(lambda session: factories.add_episode(session, slug=slug, **more) and None)


@contextmanager
def broken_database(app: Flask, *, but_epochs: bool = False) -> Iterator[None]:
    """Have every statement fail, as when the database is away."""

    def fail(_connection, _cursor, statement, *_rest):
        if not (but_epochs and "content_revision" in statement):
            raise OperationalError(statement, {}, Exception("away"))

    with app.app_context():
        engine = storage.db.engine
    event.listen(engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", fail)


def rename_show(app: Flask, name: str) -> None:
    with app.app_context():
        storage.write(lambda session: session.execute(update(Show).values(name=name)) and None)


@pytest.fixture
def site(app: Flask) -> Iterator[KeptSite]:
    """A server process that looks for changes at each visit."""
    with kept_site(app) as made:
        yield made


@pytest.mark.parametrize("path", ["/", "/episodes", "/about", "/ask", "/feeds/podcast.xml"])
def test_a_second_visit_does_not_enter_flask(site: KeptSite, path: str):
    first, second = site.get(path), site.get(path)

    assert first == second
    assert (first.status, site.asked) == (200, 1)
    assert "set-cookie" not in first.headers


def test_a_kept_page_is_what_flask_answers(app: Flask, site: KeptSite):
    add_episode(app, "walls")
    site.get("/episodes/walls")
    plain = app.test_client().get("/episodes/walls")

    kept = site.get("/episodes/walls")

    assert kept.body == plain.data
    own = {"etag", "vary", "content-length", "date"}
    said = {name.lower(): value for name, value in plain.headers.items()}
    assert {name: value for name, value in kept.headers.items() if name not in own} == {
        name: value for name, value in said.items() if name not in own
    }
    assert kept.headers["content-length"] == said["content-length"]


def test_what_another_process_changes_is_seen(app: Flask, site: KeptSite):
    assert site.get("/episodes/walls").status == 404
    add_episode(app, "walls", title="Thin walls")
    assert b"Thin walls" in site.get("/episodes/walls").body
    assert b"Thin walls" in site.get("/").body

    with app.app_context():
        out = update(Episode).where(Episode.slug == "walls").values(published_at=None)
        storage.write(lambda session: session.execute(out) and None)

    assert site.get("/episodes/walls").status == 404
    assert b"Thin walls" not in site.get("/").body


def test_what_is_changed_through_this_process_is_seen_at_once(app: Flask):
    with kept_site(app, look_every=3600) as site:
        site.get("/")
        rename_show(app, "Another Show")
        assert b"Another Show" not in site.get("/").body, "nobody has looked yet"

        site.get("/ask/review", method="POST")

        assert b"Another Show" in site.get("/").body


def test_two_processes_see_each_other_within_their_pause(app: Flask):
    with kept_site(app, look_every=0.2) as one, kept_site(app, look_every=0.2) as other:
        one.get("/")
        other.get("/")
        rename_show(app, "Another Show")
        one.get("/ask/review", method="POST")
        assert b"Another Show" in one.get("/").body
        time.sleep(0.2)
        assert b"Another Show" in other.get("/").body


def test_an_episode_comes_out_at_its_moment_though_nobody_looks(app: Flask):
    add_episode(app, "walls", published_at=clock.now() + timedelta(seconds=1))
    with kept_site(app, look_every=3600) as site:
        assert site.get("/episodes/walls").status == 404
        assert site.get("/episodes/walls").status == 404
        assert site.asked == 1

        time.sleep(1)

        assert site.get("/episodes/walls").status == 200


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("br;q=0, *", "gzip"),
        ("br;q=0, gzip;q=0", ""),
        ("identity", ""),
        ("deflate", ""),
        ("", ""),
        ("gzip;q=nonsense", ""),
        ("identity;q=1, gzip;q=0.5", ""),
    ],
)
def test_each_visitor_gets_an_encoding_that_it_takes(site: KeptSite, accepted: str, encoding: str):
    plain = site.get("/")
    packed = site.get("/", accept_encoding=accepted)

    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[encoding]
    assert packed.headers.get("content-encoding", "") == encoding
    assert unpack(packed.body) == plain.body
    assert packed.headers["content-length"] == str(len(packed.body))
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert (packed.headers["etag"] == plain.headers["etag"]) == (encoding == "")


@pytest.mark.parametrize("accepted", ["", "gzip", "br"])
def test_who_has_a_page_already_gets_no_bytes(site: KeptSite, accepted: str):
    first = site.get("/", accept_encoding=accepted)
    etag = first.headers["etag"]

    for tags in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        known = site.get("/", accept_encoding=accepted, if_none_match=tags)
        assert (known.status, known.body) == (304, b"")
        assert known.headers["etag"] == etag
        assert known.headers["vary"] == "Accept-Encoding"
        assert known.headers["cache-control"] == first.headers["cache-control"]
        assert "content-length" not in known.headers
    other = site.get("/", accept_encoding=accepted, if_none_match='"other"')
    assert other == first


def test_a_tag_is_of_one_encoding(site: KeptSite):
    etag = site.get("/", accept_encoding="gzip").headers["etag"]

    assert site.get("/", if_none_match=etag).status == 200


def test_a_feed_knows_its_date_where_there_is_no_tag(app: Flask, site: KeptSite):
    add_episode(app, "walls")
    with app.app_context():
        storage.write(
            lambda session: (
                session.execute(update(Show).values(saved_at=factories.LONG_AGO)) and None
            )
        )
    first = site.get("/feeds/episodes.atom")
    date = first.headers["last-modified"]

    assert site.get("/feeds/episodes.atom", if_modified_since=date).status == 304
    older = "Thu, 01 Jan 2026 00:00:00 GMT"
    assert site.get("/feeds/episodes.atom", if_modified_since=older).status == 200
    both = site.get("/feeds/episodes.atom", if_modified_since=date, if_none_match='"other"')
    assert both.status == 200
    assert site.get("/feeds/episodes.atom", if_modified_since="yesterday").status == 200


@pytest.mark.parametrize("path", ["/", "/episodes/nowhere"])
def test_head_is_get_without_its_body(site: KeptSite, path: str):
    for _ in range(2):
        got, head = site.get(path, accept="text/html"), site.get(path, method="HEAD")
        assert (head.status, head.headers, head.body) == (got.status, got.headers, b"")
    assert site.asked == 1


def test_nothing_of_a_visitor_is_in_what_the_next_one_gets(app: Flask, site: KeptSite):
    seen: list[dict[str, str]] = []
    site.before = seen.append
    site.get(
        "/",
        cookie="postbag_session=secret",
        accept_language="de",
        user_agent="Somebody",
        range="bytes=0-3",
        if_none_match="*",
        x_forwarded_for="203.0.113.9",
    )

    assert [name for name in seen[0] if name.startswith("HTTP_")] == []
    assert (seen[0]["REMOTE_ADDR"], seen[0]["QUERY_STRING"]) == ("", "")
    assert site.get("/").status == 200


def test_a_query_that_no_view_reads_is_left_out(site: KeptSite):
    plain = site.get("/episodes")
    for query in ("utm_source=x", "season", "fbclid=1&ref=2", "%FF=%00"):
        assert site.get(f"/episodes?{query}").body == plain.body or query == "season"

    assert site.asked == 2  # `season` is read


def test_a_query_that_a_view_reads_counts(app: Flask, site: KeptSite):
    add_episode(app, "walls", title="Thin walls")
    all_of_them = site.get("/episodes")
    second = site.get("/episodes?season=2")

    assert b"Thin walls" in all_of_them.body
    assert b"Thin walls" not in second.body
    assert site.get("/episodes?x=1&season=2").body == second.body
    assert site.asked == 2


def test_what_somebody_looks_for_is_never_kept(site: KeptSite):
    for _ in range(2):
        assert site.get("/search?q=wall").headers["cache-control"] == "no-store"

    assert site.asked == 2


def test_an_old_address_with_a_query_leads_on(app: Flask, site: KeptSite):
    add_episode(app, "walls")
    with app.app_context():
        episode = storage.read().scalar(select(Episode.id).where(Episode.slug == "walls"))
        alias = Alias(path="/old.php?id=5", episode_id=episode)
        storage.write(lambda session: session.add(alias))
    for _ in range(2):
        moved = site.get("/old.php?id=5")
        assert (moved.status, moved.headers["location"]) == (301, "/episodes/walls")
    assert site.get("/old.php?id=6").status == 404


def test_a_fault_is_not_kept(app: Flask, site: KeptSite):
    with broken_database(app):
        assert site.get("/about").status == 503

    assert site.get("/about").status == 200


def test_while_the_database_is_away_pages_are_as_they_were(app: Flask, site: KeptSite):
    before = site.get("/about")
    with broken_database(app):
        assert site.get("/about") == before
        assert site.get("/help").status == 503
    rename_show(app, "Another Show")
    with broken_database(app, but_epochs=True):
        assert site.get("/about") == before, "the page itself cannot be made anew"
    assert b"Another Show" in site.get("/about").body


def test_what_was_taken_off_never_comes_back(app: Flask, site: KeptSite):
    add_episode(app, "walls", title="Thin walls")
    assert site.get("/episodes/walls").status == 200
    with app.app_context():
        off = update(Episode).where(Episode.slug == "walls").values(published_at=None)
        storage.write(lambda session: session.execute(off) and None)
    assert [site.get("/episodes/walls").status for _ in range(3)] == [404] * 3
    assert site.asked == 2, "what is not there is kept too"

    with broken_database(app, but_epochs=True):
        again = site.get("/episodes/walls")
    rename_show(app, "Another Show")
    with broken_database(app, but_epochs=True):
        later = site.get("/episodes/walls")

    assert (again.status, later.status) == (404, 404)


def test_a_page_that_takes_too_long_is_given_as_it_was(
    app: Flask, site: KeptSite, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(page_cache, "PATIENCE", 0.1)
    before = site.get("/about")
    rename_show(app, "Another Show")
    site.before = lambda _environ: time.sleep(1)

    assert site.get("/about") == before


def test_an_address_that_leads_nowhere_is_kept_for_a_moment(
    site: KeptSite, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(page_cache, "NOWHERE_SECONDS", 0.3)
    first = site.get("/nowhere")
    assert (first.status, first.headers["cache-control"]) == (404, "no-store")
    assert "etag" not in first.headers
    site.get("/nowhere")
    assert site.asked == 1
    time.sleep(0.3)
    site.get("/nowhere")
    assert site.asked == 2


def test_an_error_is_said_in_the_form_that_was_asked_for(site: KeptSite):
    site.get("/nowhere")
    told = site.get("/nowhere", accept="application/json")

    assert told.headers["content-type"] == "application/problem+json"
    assert site.get("/nowhere").headers["content-type"].startswith("text/html")


def test_the_desk_is_never_kept(site: KeptSite):
    for _ in range(2):
        for path in ("/desk", "/desk/questions", "/desk/nowhere"):
            site.get(path)

    assert site.asked == 6


def test_stylesheets_are_kept_too_and_for_a_year(app: Flask, site: KeptSite):
    with app.test_request_context():
        url = app.jinja_env.globals["asset"]("site.css")
    for _ in range(2):
        sheet = site.get(url, accept_encoding="br")
        assert "immutable" in sheet.headers["cache-control"]
        assert sheet.headers["content-encoding"] == "br"
    assert site.asked == 1


def test_each_public_view_says_whether_it_is_the_same_for_all(app: Flask):
    routes = SharedRoutes(app)
    public = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and not rule.rule.startswith("/desk")
    }

    assert {endpoint for endpoint in public if endpoint not in routes.endpoints} == (
        NOT_SHARED | FILES
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"Set-Cookie": "a=b", "Cache-Control": "public"},
        {"Cache-Control": "no-store"},
        {"Cache-Control": "public, no-store"},
        {"Cache-Control": "private"},
        {},
        {"Cache-Control": "public", "Vary": "Cookie"},
        {"Cache-Control": "public", "Vary": "Accept-Encoding, Accept-Language"},
        {"Cache-Control": "public", "Vary": "*"},
    ],
)
def test_an_answer_that_is_somebodys_own_is_never_kept(headers: dict[str, str]):
    app = Flask("test")
    app.add_url_rule("/", view_func=shared()(lambda: Response("x", headers=headers)))

    made = page_cache.answer_nobody(app, "/", "")

    assert not isinstance(made, page_cache.Page)
