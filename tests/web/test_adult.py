"""What is for adults shows nowhere before it is opened; what is not published, nowhere at all."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import hostile
from tests.feeds.reading import FEEDS
from tests.postgres import temporary_database
from tests.transfer.made_media import jpeg, mp3, mp4
from webapp.web.surface import is_desk

# What each note closes, of the things that `secret_episode` says.
WRITTEN = ("part", "sub", "check", "footnote", "correction")
CLOSES = {
    "video": ("cue", "voice"),
    "audio": ("cue", "voice"),
    "pictures": ("picture",),
    "part:x": WRITTEN,
    "text": (
        *WRITTEN,
        *("question", "sign", "short", "picture", "title", "other", "resource", "general", "cue"),
        *("voice", "chapter"),
    ),
}
COMBINATIONS = (
    *((about,) for about in CLOSES),
    ("video", "audio"),
    ("video", "part:x"),
    ("video", "text"),
    ("pictures", "part:x"),
    ("text", "part:x"),
    tuple(CLOSES),
)


def slug_of(notes: tuple[str, ...]) -> str:
    """Return the slug of the episode that has these notes for adults."""
    return "".join(notes).replace(":", "")


def secret(slug: str, thing: str) -> str:
    """Return the word that only one thing of one episode says."""
    return f"zq{slug}{thing}"


def secrets_of(notes: tuple[str, ...]) -> set[str]:
    """Return the words of an episode that nobody may see before opening something."""
    return {secret(slug_of(notes), thing) for about in notes for thing in CLOSES[about]}


def write_secret(folder: Path, slug: str, adult: tuple[str, ...], **changes: object) -> None:
    """Write an episode that says a word of its own in each of its things, some for adults."""
    words = {thing: secret(slug, thing) for about in CLOSES for thing in CLOSES[about]}
    head = {
        "guid": slug,
        "title": "A plain title",
        "slug": slug,
        "date": "2026-03-03T08:00:00+01:00",
        "summary": "A plain summary.",
        "topics": ["topic"],
        "question": {"text": f"How {words['question']}, or why?", "sign_off": words["sign"]},
        "episode": {"season": 1, "number": 1, "duration": 60},
        "media": [{"file": "video.mp4", "primary": True}, {"file": "audio.mp3"}],
        "notes": [
            {"about": about, "level": "adult", "text": f"Said before {about}."} for about in adult
        ],
        "contributors": [{"person": "someone", "role": "host"}],
        "parts": [{"id": "x", "at": 5}],
        "resources": [{"kind": "book", "title": words["resource"]}],
        "corrections": [
            {"date": "2026-04-01", "text": words["general"]},
            {"date": "2026-04-01", "part": "x", "text": words["correction"]},
        ],
    } | changes
    text = SECRET_BODY.format(**words)
    place = folder / "episodes" / slug
    place.mkdir(parents=True)
    (place / "index.md").write_text(hostile.headed(head, text))
    cue = f"<v {words['voice']}>Said {words['cue']}.\n"
    (place / "transcript.en.vtt").write_text(f"WEBVTT\n\n00:05.000 --> 00:08.000\n{cue}")
    found = [{"startTime": 5, "title": words["chapter"]}]
    (place / "chapters.json").write_text(json.dumps({"version": "1.2.0", "chapters": found}))
    (place / "poster.jpg").write_bytes(jpeg())
    (place / "video.mp4").write_bytes(mp4())
    (place / "audio.mp3").write_bytes(mp3())


SECRET_BODY = """Short {short}. ![{picture}](/static/icon.svg)

## First {title} {{#x}}

Of x: {part}.[^n]

### Sub {sub} {{#sub}}

- [ ] {check}

[^n]: Note {footnote}.

## Second {title} {{#y}}

Open words {other}. [Down](#sub)
"""


def write_secrets(folder: Path) -> Path:
    """Write a plain show with an episode for each combination of notes, and three without any.

    One of these is open, one a draft, one due in the year 2999; the last two have a topic and a
    contributor of their own.
    """
    (folder / "people").mkdir(parents=True)
    show = hostile.show_file() | {
        "name": "The Show",
        "tagline": "A tagline",
        "description": "A show.",
    }
    (folder / "show.yaml").write_text(json.dumps(show))
    topics = [{"slug": slug, "name": slug.title()} for slug in ("topic", "unseen-topic")]
    (folder / "topics.yaml").write_text(json.dumps(topics))
    for slug in ("someone", "unseen-person"):
        (folder / "people" / f"{slug}.md").write_text(hostile.headed({"name": slug.title()}))
    for notes in COMBINATIONS:
        write_secret(folder, slug_of(notes), notes)
    write_secret(folder, "open", ())
    own: hostile.Front = {
        "topics": ["unseen-topic", "topic"],
        "contributors": [{"person": "unseen-person", "role": "host"}],
        "title": "Zqunseen",
        "episode": {"season": 2, "number": 1},
    }
    write_secret(folder, "unseen-draft", (), draft=True, aliases=["/old-draft"], **own)
    soon = {"date": "2999-01-01T00:00:00Z", "aliases": ["/old-scheduled"]}
    write_secret(folder, "unseen-scheduled", (), **soon, **own)
    return folder


EACH = pytest.mark.parametrize("notes", COMBINATIONS, ids=slug_of)
PLAYED = ("video", "pictures")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """A show with an episode for each combination of notes, taken in once on each engine."""
    folder = tmp_path_factory.mktemp("adult")
    settings = {}
    with ExitStack() as stack:
        if request.param == "postgresql":
            shared = temporary_database(tmp_path_factory.getbasetemp())
            settings["database_url"] = stack.enter_context(shared)
        bundle = write_secrets(folder / "show")
        yield stack.enter_context(hostile.app_of(bundle, folder / "instance", **settings))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def at_first(html: str) -> BeautifulSoup:
    """Return a page without what lies in closed boxes; their lids stay."""
    page = BeautifulSoup(html, "html5lib")
    for box in page.find_all("details"):
        if not box.has_attr("open"):
            for child in list(box.children):
                if child.name != "summary":
                    child.extract()
    return page


def shown_in(text: str, words: set[str]) -> set[str]:
    return {word for word in words if word in text}


@EACH
def test_a_page_shows_nothing_for_adults_before_it_is_opened(
    client: FlaskClient, notes: tuple[str, ...]
):
    html = client.get(f"/episodes/{slug_of(notes)}").text
    words = secrets_of(notes)

    assert shown_in(str(at_first(html)), words) == set()
    assert "pictures" not in notes or at_first(html).find_all("img") == []
    opened = words - {secret(slug_of(notes), "picture")}  # a link leads to it
    assert shown_in(html, opened) == opened


@EACH
def test_a_page_says_every_note_beforehand_and_keeps_the_rest_open(
    client: FlaskClient, notes: tuple[str, ...]
):
    slug = slug_of(notes)
    shown = at_first(client.get(f"/episodes/{slug}").text)
    text = shown.main.get_text()

    for about in notes:
        is_inside = about == "part:x" and "text" in notes
        assert is_inside or f"Said before {about}." in text
    everything = {secret(slug, thing) for thing in CLOSES["text"]} - {"picture"}
    kept = everything - secrets_of(notes) - {secret(slug, "picture")}
    closed_too = {secret(slug, "footnote"), secret(slug, "cue")}
    folded = {secret(slug, "voice")}  # a long transcript is folded for everybody
    assert shown_in(str(shown), kept - closed_too - folded) == kept - closed_too - folded


@EACH
def test_a_part_for_adults_has_a_way_round(client: FlaskClient, notes: tuple[str, ...]):
    page = BeautifulSoup(client.get(f"/episodes/{slug_of(notes)}").text, "html5lib")

    for part in page.select(".c-closed--part"):
        way = part.find_previous("a")
        assert way.get_text().startswith("Go round it")
        assert page.find(id=way["href"].removeprefix("#"))


@EACH
def test_the_player_and_its_poster_stay_in_a_closed_box(
    client: FlaskClient, notes: tuple[str, ...]
):
    for path in ("", "/embed"):
        page = BeautifulSoup(client.get(f"/episodes/{slug_of(notes)}{path}").text, "html5lib")
        box = page.video.find_parent("details")
        assert (box is not None) == any(about in notes for about in PLAYED)
        assert box is None or not box.has_attr("open")
        for about in set(notes) & set(PLAYED):
            assert f"Said before {about}." in box.summary.get_text()
        for picture in page.select("img, meta[property='og:image']"):
            assert "poster" not in (picture.get("src") or picture.get("content"))


@EACH
def test_a_frame_holds_no_word_of_what_is_closed(client: FlaskClient, notes: tuple[str, ...]):
    html = client.get(f"/episodes/{slug_of(notes)}/embed").text

    assert shown_in(html, secrets_of(notes)) == set()


@pytest.mark.parametrize("path", ["/", "/episodes", "/topics/topic", "/people/someone", "/ask"])
def test_lists_hold_no_word_of_what_is_closed(client: FlaskClient, path: str):
    html = client.get(path).text

    for notes in COMBINATIONS:
        assert shown_in(html, secrets_of(notes)) == set()


@EACH
def test_related_episodes_hold_no_word_of_what_is_closed(
    client: FlaskClient, notes: tuple[str, ...]
):
    html = client.get("/episodes/open").text

    assert shown_in(html, secrets_of(notes)) == set()


@EACH
def test_search_finds_what_is_closed_and_does_not_quote_it(
    client: FlaskClient, notes: tuple[str, ...]
):
    for word in sorted(secrets_of(notes)):
        beginning, mistyped = word[:-1], f"{word[:-1]}q"
        found = client.get(f"/search?q={beginning}").text
        assert shown_in(found, {word}) == set()
        assert word not in client.get(f"/search?q={mistyped}").text
        assert word not in client.get(f"/nowhere/{beginning}").text
        others = secrets_of(notes) - {word}
        assert shown_in(found, others) == set()


@EACH
@pytest.mark.parametrize("path", FEEDS)
def test_feeds_hold_no_word_of_what_is_closed_and_say_the_notes(
    client: FlaskClient, path: str, notes: tuple[str, ...]
):
    feed = client.get(path).text

    assert shown_in(feed, secrets_of(notes)) == set()
    for about in notes:
        assert f"Said before {about}." in feed


def test_an_episode_without_notes_is_told_whole_in_feeds(client: FlaskClient):
    for path in FEEDS:
        feed = client.get(path).text
        for thing in ("question", "short", "part", "footnote", "resource", "correction"):
            assert secret("open", thing) in feed


@EACH
def test_what_others_show_of_a_link_is_neutral(client: FlaskClient, notes: tuple[str, ...]):
    slug = slug_of(notes)
    head = BeautifulSoup(client.get(f"/episodes/{slug}").text, "html5lib").head
    told = client.get(f"/oembed?url={hostile.SITE}/episodes/{slug}").text
    picture = head.find("meta", property="og:image")["content"].removeprefix(hostile.SITE)

    assert shown_in(str(head) + told, secrets_of(notes)) == set()
    assert json.loads(told)["thumbnail_url"] == f"{hostile.SITE}{picture}"
    assert client.get(picture).data != client.get(f"/episodes/{slug}/poster.jpg").data
    data = json.loads(head.find("script", type="application/ld+json").string)
    assert {thing["isFamilyFriendly"] for thing in data["@graph"]} == {False}


def test_the_pictures_of_adult_episodes_show_no_question(client: FlaskClient):
    # Same title, same number: they can differ by their questions alone.
    for kind in ("card", "square"):
        found = {
            client.get(f"/episodes/{slug_of(notes)}/{kind}/x.jpg", follow_redirects=True).data
            for notes in COMBINATIONS
        }
        assert len(found) == 1


UNSEEN = ("unseen-draft", "unseen-scheduled")
OWN = {"episodes.topic": "unseen-topic", "episodes.person": "unseen-person"}


def at_slug(app: Flask, slug: str) -> Iterator[tuple[str, str]]:
    """Yield every public address that a slug has, and the slug that stands in it."""
    for rule in app.url_map.iter_rules():
        if "slug" in rule.arguments and "GET" in rule.methods and not is_desk(rule.rule):
            here = OWN.get(rule.endpoint, slug) if slug in UNSEEN else slug
            values = {"slug": here, "file": "video.mp4", "version": "any"}
            yield rule.build(values, append_unknown=False)[1], here


def as_unknown(answer: TestResponse, slug: str) -> tuple[object, ...]:
    """Return an answer with the slug, as an address and as words, made the same for all."""

    def masked(text: str) -> str:
        return text.replace(slug, "SLUG").replace(slug.replace("-", " "), "SLUG")

    headers = {name: masked(value) for name, value in answer.headers if name != "Content-Length"}
    return answer.status_code, masked(answer.text), headers


@pytest.mark.parametrize("slug", UNSEEN)
def test_what_is_unpublished_answers_as_what_never_was(app: Flask, slug: str):
    client = app.test_client()
    never = dict(
        zip([at for at, _ in at_slug(app, slug)], at_slug(app, "unsaid-thing"), strict=True)
    )

    assert len(never) > 10
    for (address, here), (other, unknown) in zip(at_slug(app, slug), never.values(), strict=True):
        for method in ("GET", "HEAD", "POST", "OPTIONS"):
            seen = client.open(address, method=method)
            assert as_unknown(seen, here) == as_unknown(client.open(other, method=method), unknown)
        assert client.get(address).status_code == 404
    for way in (f"/oembed?url={hostile.SITE}/episodes/{slug}", f"/{slug}", f"/old-{slug[7:]}"):
        assert client.get(way).status_code == 404


EVERYWHERE = (
    *("/", "/episodes", "/topics/topic", "/people/someone", "/episodes/open", "/sitemap.xml"),
    *("/search?q=zqunsee", "/search?q=zqunseem", "/search?q=zqunseen-draft", "/zqunsee", *FEEDS),
    *("/ask?about=unseen-draft", "/episodes?season=2"),
)


@pytest.mark.parametrize("path", EVERYWHERE)
def test_nothing_names_what_is_unpublished(client: FlaskClient, path: str):
    html = client.get(path).text

    assert "zqunseen" not in html.lower().replace(path.rpartition("=")[2], "")
    assert "unseen-" not in html.replace("unseen-draft", "") or "unseen-" in path


def test_an_episode_appears_at_its_second(client: FlaskClient):
    before = [client.get(path).text for path in ("/", "/topics/topic")]

    with time_machine.travel(datetime(2998, 12, 31, 23, 59, 59, tzinfo=UTC), tick=False):
        assert client.get("/episodes/unseen-scheduled").status_code == 404
        assert client.get("/topics/unseen-topic").status_code == 404
    with time_machine.travel(datetime(2999, 1, 1, tzinfo=UTC), tick=False):
        for path in ("/episodes/unseen-scheduled", "/topics/unseen-topic", "/people/unseen-person"):
            assert client.get(path).status_code == 200
        assert client.get("/old-scheduled").headers["Location"] == "/episodes/unseen-scheduled"
        for path in ("/", "/episodes", "/sitemap.xml", "/search?q=zqunsee", *FEEDS):
            assert "unseen-scheduled" in client.get(path).text
            assert "unseen-draft" not in client.get(path).text
    assert [client.get(path).text for path in ("/", "/topics/topic")] == before
