"""A show that is out for harm, as it is served: nothing runs, nothing breaks, nothing is lost."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote, urlsplit

import psutil
import pytest
import webvtt
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests import factories, hostile
from tests.factories import LONG_AGO
from tests.feeds.reading import FEEDS, controls_in, parsed, tree_of
from tests.markup import faults
from tests.postgres import temporary_database
from tests.work import bounded_work
from webapp import storage
from webapp.episodes.models import Episode
from webapp.episodes.problems import BundleRefused
from webapp.transfer.bundle import read_bundle

SLUGS = (hostile.EPISODE, "srt", "closed")
OWN = {"episodes.topic": ["topic"], "episodes.person": ["someone"]}
EVIL = {
    "Host": "evil.example",
    "X-Forwarded-Host": "evil.example",
    "Forwarded": "host=evil.example",
}
PATHS = (
    "//evil.example",
    "/\\evil.example",
    "//evil.example/episodes",
    "/episodes//hostile",
    "/episodes/..%2f..%2fetc%2fpasswd",
    "/static/%2e%2e/%2e%2e/pyproject.toml",
    "/episodes/hostile/media/..%2f..%2fkeys",
    "/episodes/%ff%fe%00",
    "/show.%0d%0aX:y.css",
    "/show.//evil.example.css",
    "/episodes/hostile/card///evil.example.jpg",
    f"/{'a' * 10_000}",
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The hostile show, taken in once on each engine."""
    folder = tmp_path_factory.mktemp("hostile")
    settings = {}
    with ExitStack() as stack:
        if request.param == "postgresql":
            shared = temporary_database(tmp_path_factory.getbasetemp())
            settings["database_url"] = stack.enter_context(shared)
        bundle = hostile.write_hostile(folder / "show")
        yield stack.enter_context(hostile.app_of(bundle, folder / "instance", **settings))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def addresses(app: Flask) -> Iterator[str]:
    """Yield every public address of the show, of pages and of files."""
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.rule.startswith("/desk"):
            values = {
                "file": "video.mp4",
                "look": "any",
                "version": "any",
                "name": "any.jpg",
                "token": "any",
            }
            for slug in OWN.get(rule.endpoint, SLUGS) if "slug" in rule.arguments else [""]:
                yield rule.build(values | {"slug": slug})[1]
    yield f"/oembed?url={quote(f'{hostile.SITE}/episodes/%00', safe='')}"
    yield from ("/episodes?topic=topic&season=1", "/episodes?season=2", "/ask?about=hostile")
    for attack in hostile.ATTACKS:
        typed = quote(attack, safe="")
        yield f"/search?q={typed}"
        yield f"/search?q=wwww%20{typed}"
        yield f"/episodes?before={typed}"
        yield f"/topics/topic?before={typed}&season={typed}"
        yield f"/ask?about={typed}"
        yield f"/{typed}"
        yield f"/preview/{typed}"
        yield f"/episodes/{typed}"
        yield f"/oembed?url={quote(f'{hostile.SITE}/episodes/{typed}', safe='')}"
        yield f"/oembed?url={typed}&format={typed}&maxwidth={typed}"


@pytest.fixture(scope="module")
def answers(app: Flask) -> dict[str, TestResponse]:
    """What every public address answers."""
    return {address: app.test_client().get(address, buffered=True) for address in addresses(app)}


@pytest.fixture(scope="module")
def pages(answers: dict[str, TestResponse]) -> dict[str, str]:
    return {at: answer.text for at, answer in answers.items() if answer.mimetype == "text/html"}


def test_every_page_and_file_answers_and_none_breaks(answers: dict[str, TestResponse]):
    statuses = {address: answer.status_code for address, answer in answers.items()}

    assert len(statuses) > 200
    assert {at: code for at, code in statuses.items() if code >= 500 and code != 501} == {}
    assert {code for at, code in statuses.items() if at.startswith(("/feeds", "/search"))} == {200}


def test_no_page_has_anything_that_runs_or_leads_astray(pages: dict[str, str]):
    found = {address: hostile.dangers(text) for address, text in pages.items()}

    assert len(found) > 100
    assert {address: lines for address, lines in found.items() if lines} == {}


def test_every_page_is_still_valid(pages: dict[str, str]):
    found = {at: faults(text) for at, text in pages.items() if "<title>Redirecting" not in text}

    assert {address: lines for address, lines in found.items() if lines} == {}


SHOWN = {
    "/": ("show.name", "show.tagline", "show.copyright", "ask.lead", "ask.when", "topic.name"),
    "/about": ("show.description",),
    "/privacy": ("ask.who_reads",),
    "/episodes?season=1": ("season.1", "sum", "episode.title", "episode.summary"),
    "/topics/topic": ("topic.name", "topic.summary"),
    "/people/someone": ("person.name", "person.pronounced", "person.role", "person.disclosure"),
    "/episodes/hostile": (
        *("episode.title", "question", "question.sign_off", "elsewhere", "role", "disclosure"),
        *("note.video", "note.audio", "note.text", "note.pictures", "note.part:alert"),
        *("kind", "resource", "by", "cost", "correction.", "correction.alert"),
    ),
    "/episodes/closed": ("adult.video", "adult.audio", "adult.text", "adult.part:alert"),
    "/help": ("country.name", "emergency.text", "service.name", "service.for", "service.note"),
}
TITLES = (
    *("show.name", "episode.title", "topic.name", "season.1", "person.name", "role", "kind"),
    *("resource", "service.name", "service.for", "service.note"),
)


@pytest.mark.parametrize("path", SHOWN)
def test_what_was_typed_comes_out_as_it_was_typed(client: FlaskClient, path: str):
    page = BeautifulSoup(client.get(path).text, "html5lib")
    text = hostile.squeezed(page.body.get_text())

    for name in SHOWN[path]:
        typed = hostile.said(name, 300 if name in TITLES else 1_000)
        assert hostile.squeezed(typed) in text.replace(f"[{name[:1].upper()}", f"[{name[:1]}"), name


def test_the_written_answer_shows_html_as_text_and_bad_links_as_words(client: FlaskClient):
    for path in ("/episodes/hostile", "/about", "/people/someone"):
        page = BeautifulSoup(client.get(path).text, "html5lib")
        paragraphs = {hostile.squeezed(found.get_text()) for found in page.select(".c-prose p")}
        assert set(map(hostile.squeezed, hostile.BODY_TEXTS)) <= paragraphs
        assert any("vbscript:msgbox(1)" in text for text in paragraphs)


def test_what_was_said_is_on_the_page_and_in_every_file(client: FlaskClient):
    for slug in ("hostile", "srt"):
        page = BeautifulSoup(client.get(f"/episodes/{slug}").text, "html5lib")
        said = hostile.squeezed(page.select_one(".c-transcript").get_text())
        plain = client.get(f"/episodes/{slug}/transcript.txt").text
        for attack in ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "]]>"):
            assert attack in said
            assert attack in plain


def test_captions_are_read_by_a_parser_that_is_not_ours(client: FlaskClient, tmp_path: Path):
    for slug in ("hostile", "srt"):
        for form in ("vtt", "srt"):
            file = tmp_path / f"{slug}.{form}"
            file.write_bytes(client.get(f"/episodes/{slug}/transcript.{form}").data)
            read = webvtt.read(file) if form == "vtt" else webvtt.from_srt(file)
            assert len(read) >= len(hostile.ATTACKS) - 1
            assert all(cue.raw_text for cue in read)


def test_chapters_come_back_as_they_were(client: FlaskClient):
    found = json.loads(client.get("/episodes/hostile/chapters.json").data)["chapters"]

    assert found[0] == {"startTime": 0, "title": hostile.ATTACKS[0]}
    assert len(found) == len(hostile.ATTACKS) - 1


def test_structured_data_says_what_was_typed(client: FlaskClient):
    page = BeautifulSoup(client.get("/episodes/hostile").text, "html5lib")
    data = json.loads(page.find("script", type="application/ld+json").string)

    assert {thing["name"] for thing in data["@graph"]} == {hostile.title("episode.title")}
    assert data["@graph"][1]["correction"][1]["text"] == hostile.said("correction.alert")


@pytest.mark.parametrize("path", FEEDS)
def test_feeds_are_well_formed_and_say_what_was_typed(client: FlaskClient, path: str):
    data = client.get(path).data
    if path.endswith("json"):
        whole = json.loads(data)
        assert whole["title"] == hostile.title("show.name")
        contents = [item["content_html"] for item in whole["items"]]
        assert whole["items"][0]["title"] == hostile.title("episode.title")
    else:
        tree_of(data)
        feed = parsed(data)
        contents = [entry.content[0].value for entry in feed.entries]
        raw = tree_of(data)
        assert hostile.title("episode.title") in {node.text for node in raw.iter()}
    assert len(contents) == len(SLUGS)
    assert controls_in(data.decode()) <= {"\u0085"}
    for content in contents:
        assert hostile.dangers(content) == []


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("headers", [{}, EVIL], ids=["our host", "another host"])
def test_no_address_leads_off_the_site(app: Flask, path: str, headers: dict[str, str]):
    bare, _, query = path.partition("?")
    answer = app.test_client().open(
        environ_overrides={"RAW_URI": path}, path=bare, query_string=query, headers=headers
    )

    assert answer.status_code < 500
    location = answer.headers.get("Location", "")
    assert urlsplit(location).netloc == ""
    assert not location.startswith(("//", "/\\"))
    assert "Set-Cookie" not in answer.headers
    assert "X" not in answer.headers


@pytest.mark.parametrize("alias", ["<script>alert(1)</script>", "\r\nSet-Cookie:a=b"])
def test_old_addresses_lead_to_the_episode_and_nowhere_else(client: FlaskClient, alias: str):
    answer = client.get(f"/hostile/{quote(alias)}", headers=EVIL)

    assert answer.status_code == 301
    assert answer.headers["Location"] == "/episodes/hostile"
    assert "Set-Cookie" not in answer.headers


def test_the_host_that_a_visitor_names_is_in_no_answer(
    client: FlaskClient, answers: dict[str, TestResponse]
):
    for path, usual in answers.items():
        answer = client.get(path, headers=EVIL, buffered=True)
        assert answer.data == usual.data
        assert "evil.example" not in answer.headers.get("Location", "")


@pytest.mark.parametrize("host", ["", "a b", '"><script>', "a" * 5_000, "[::1", "a:99999", "é"])
def test_an_impossible_host_breaks_nothing(client: FlaskClient, host: str):
    for path in ("/", "/episodes/hostile", "/feeds/podcast.xml", "/nowhere"):
        answer = client.get(path, headers={"Host": host.encode().decode("latin-1")}, buffered=True)
        assert answer.status_code < 500
        if answer.mimetype == "text/html":
            assert hostile.dangers(answer.text) == []


SEASON = {"number": 1, "title": "t", "field": "red}*{", "ink": "#FFF"}
REFUSED = (
    ("show", {"seasons": [SEASON]}, "a colour as #RRGGBB"),
    ("show", {"name": "a\x00b"}, "control characters"),
    ("show", {"name": "a\ud800b"}, "control characters"),
    ("show", {"name": "w" * 301}, "300 characters at most"),
    ("show", {"links": [{"label": "a", "url": "javascript:alert(1)"}]}, "a web address"),
    ("show", {"language": '"><script>'}, "a language by its tag"),
    ("episode", {"aliases": ["//evil.example"]}, "an old address on this site"),
    ("episode", {"aliases": ["/\\evil.example"]}, "an old address on this site"),
    ("episode", {"aliases": ["/a%00b"]}, "an old address on this site"),
    ("episode", {"slug": "../../etc"}, "small letters"),
    ("episode", {"media": [{"file": "../x.mp4"}]}, "the name of a file"),
    ("episode", {"resources": [{"kind": "a", "title": "b", "url": " data:x"}]}, "a web address"),
    ("episode", {"title": "a\x00b"}, "control characters"),
    ("episode", {"title": "a\x9bb\ufffe"}, "control characters"),
)


@pytest.mark.parametrize(("file", "changes", "words"), REFUSED)
def test_what_cannot_be_taken_in_is_refused_in_words(
    tmp_path: Path, file: str, changes: dict[str, object], words: str
):
    folder = hostile.write_show(tmp_path / "show")
    place = hostile.write_episode(folder, hostile.front_matter("hostile"))
    if file == "show":
        (folder / "show.yaml").write_text(json.dumps(hostile.show_file() | changes))
    else:
        head = hostile.front_matter("hostile", **changes)
        (place / "index.md").write_text(hostile.headed(head, hostile.body()))

    assert words in refusal(folder)


@pytest.mark.parametrize(("text", "words"), [("a\0b", "NUL"), (hostile.WORD, "5,000 characters")])
def test_a_text_that_cannot_be_taken_in_is_refused_in_words(tmp_path: Path, text: str, words: str):
    folder = hostile.write_show(tmp_path / "show")
    hostile.write_episode(folder, hostile.front_matter("hostile"), text=text)

    assert words in refusal(folder)


def refusal(folder: Path) -> str:
    with pytest.raises(BundleRefused) as caught:
        read_bundle(folder)
    return str(caught.value)


LONG = 30_000  # characters; the server takes headers of several times that
GARBAGE = (
    f"a{' ' * LONG}b",
    '"' * LONG,
    "a;q=" * (LONG // 4),
    ",;" * (LONG // 2),
    '"\\' * (LONG // 2),
    f"Mon, 01 Jan {'9' * 20} 00:00:00 GMT",
)
READ = (
    "Accept",
    "If-None-Match",
    "If-Modified-Since",
    "If-Unmodified-Since",
    "Range",
    "If-Range",
    "Cookie",
    "Accept-Language",
)


@pytest.mark.parametrize("name", READ)
def test_a_huge_header_costs_no_time(client: FlaskClient, name: str):
    for value in GARBAGE:
        for path in ("/nowhere", "/episodes/hostile/poster.jpg", "/feeds/podcast.xml"):
            headers = {name: f"bytes={value}" if name == "Range" else value}
            with bounded_work(40):
                answer = client.get(path, headers=headers, buffered=True)
            assert answer.status_code < 500


@pytest.mark.parametrize(
    "query",
    [
        "a" * 10_000,
        "&".join(f"a{number}=b" for number in range(1_000)),
        "&".join(["q=wwww", "topic=topic", "season=1", "before=x", "url=x", "about=x"] * 50),
        "q=%ff%fe&topic=%c3%28&before=%80&season=%f0&about=%ff&url=%ff&maxwidth=%ff",
        f"season={'9' * 5_000}&maxwidth={'9' * 5_000}&before=2026-01-01T00:00:00Z~{'9' * 5_000}",
        "q=a;b&&&=&==&q&url=http://[::1",
    ],
)
def test_odd_queries_are_answered(client: FlaskClient, query: str):
    for path in ("/", "/episodes", "/search", "/topics/topic", "/ask", "/oembed", *FEEDS):
        answer = client.get(path, query_string=query)
        assert answer.status_code in {200, 400, 404, 501}, path


def test_other_methods_are_answered_in_words(app: Flask, client: FlaskClient):
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.rule.startswith(("/desk", "/my-question")):
            values = {
                "slug": "hostile",
                "file": "video.mp4",
                "look": "a",
                "version": "a",
                "name": "a",
                "token": "a",
            }
            path = rule.build(values, append_unknown=False)[1]
            for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "a" * 100):
                answer = client.open(path, method=method)
                assert answer.status_code == 405, (path, method)
                assert {"GET", "HEAD"} <= set(answer.headers["Allow"].split(", "))
                assert "That does not work here" in answer.text
            assert client.options(path).status_code == 200


def test_many_readers_of_a_long_feed_take_no_more_memory_than_a_few(app: Flask):
    """With the threads of one server: others may bring memory of their own (malloc's arenas)."""
    with app.app_context():
        storage.write(add_copies)
    with ThreadPoolExecutor(8) as threads:  # as many as serve, see webapp.settings

        def held_after(readers: int) -> int:
            sizes = threads.map(lambda _: len(app.test_client().get(FEEDS[0]).data), range(readers))
            assert min(sizes) > 0
            return psutil.Process().memory_info().rss

        few = held_after(24)
        assert held_after(64) - few < 64 * 1024 * 1024


def add_copies(session: Session) -> None:
    """Add 1,000 copies of an episode, older than all others, each with a file."""
    original = session.query(Episode).filter_by(slug="hostile").one()
    columns = {column.name: getattr(original, column.name) for column in Episode.__table__.columns}
    small = columns | {"document": "{}", "published_at": LONG_AGO}
    copies = [small | {"id": n, "guid": f"{n}", "slug": f"copy-{n}"} for n in range(9_000, 10_000)]
    session.execute(insert(Episode), copies)
    for copy in copies:
        factories.add_medium(session, session.get(Episode, copy["id"]))
