"""Feeds as they are served: headers, pages, hubs, and what is not for everybody."""

import json
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from tests import factories
from tests.feeds.reading import FEEDS, channel_of, parsed, texts, tree_of
from tests.feeds.rows import add_show_of
from webapp import storage
from webapp.episodes.models import Episode, Show
from webapp.episodes.services import mark_saved
from webapp.settings import Settings, SettingsRefused

TYPES = {
    "/feeds/podcast.xml": "application/rss+xml; charset=utf-8",
    "/feeds/episodes.atom": "application/atom+xml; charset=utf-8",
    "/feeds/episodes.json": "application/feed+json",
    "/sitemap.xml": "application/xml; charset=utf-8",
    "/robots.txt": "text/plain; charset=utf-8",
    "/.well-known/security.txt": "text/plain; charset=utf-8",
}
HOME = "http://127.0.0.1:8000"
THERE = quote(f"{HOME}/episodes/thin-walls")


@pytest.fixture(autouse=True)
def episode(app: Flask) -> None:
    def add(session):
        episode = factories.add_episode(session)
        factories.add_topic(session, episode, "walls")
        factories.add_contribution(session, episode, "the-host")
        factories.add_medium(session, episode)

    with app.app_context():
        storage.write(add)


def change(app: Flask, statement: object) -> None:
    with app.app_context():
        storage.write(lambda session: session.execute(statement) and None)


@pytest.mark.parametrize(("path", "content_type"), TYPES.items())
def test_each_says_what_it_is_and_may_be_kept(client: FlaskClient, path: str, content_type: str):
    response = client.get(path)

    assert response.status_code == 200
    assert response.content_type == content_type
    assert response.headers["Cache-Control"] == "public, max-age=300"
    assert int(response.headers["Content-Length"]) == len(response.data) > 0


@pytest.mark.parametrize("path", [*TYPES, f"/oembed?url={THERE}"])
def test_head_says_what_get_says(client: FlaskClient, path: str):
    got, asked = client.get(path), client.head(path)

    assert asked.data == b""
    assert dict(asked.headers) | {"Date": ""} == dict(got.headers) | {"Date": ""}


@pytest.mark.parametrize("path", FEEDS)
def test_what_has_not_changed_is_not_sent_again(client: FlaskClient, path: str):
    first = client.get(path)

    assert first.headers["Last-Modified"] == "Tue, 06 Jan 2026 08:00:00 GMT"
    for name, value in (
        ("If-None-Match", first.headers["ETag"]),
        ("If-Modified-Since", first.headers["Last-Modified"]),
    ):
        again = client.get(path, headers={name: value})
        assert (again.status_code, again.data) == (304, b"")
    assert client.get(path).data == first.data


@pytest.mark.parametrize("path", FEEDS)
def test_a_correction_is_sent(app: Flask, client: FlaskClient, path: str):
    first = client.get(path)
    change(app, update(Episode).values(updated_at=factories.LONG_AGO + timedelta(days=1)))

    for name, value in (
        ("If-None-Match", first.headers["ETag"]),
        ("If-Modified-Since", first.headers["Last-Modified"]),
    ):
        assert client.get(path, headers={name: value}).status_code == 200


@pytest.mark.parametrize("path", FEEDS)
def test_whatever_was_saved_is_sent_to_those_who_know_only_a_date(
    app: Flask, client: FlaskClient, path: str
):
    with app.app_context():
        storage.write(mark_saved, at=factories.LONG_AGO + timedelta(days=2))
    known = client.get(path).headers["Last-Modified"]
    assert client.get(path, headers={"If-Modified-Since": known}).status_code == 304

    with app.app_context():
        storage.write(mark_saved, at=factories.LONG_AGO + timedelta(days=3))

    assert client.get(path, headers={"If-Modified-Since": known}).status_code == 200


@pytest.mark.parametrize("path", [*FEEDS, f"/oembed?url={THERE}"])
def test_pages_of_other_sites_may_read_feeds(client: FlaskClient, path: str):
    headers = client.get(path).headers

    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize(
    "path", ["/", "/episodes", "/episodes/thin-walls", "/search", "/ask", "/sitemap.xml", "/nope"]
)
def test_other_sites_have_no_business_with_the_rest(client: FlaskClient, path: str):
    assert "Access-Control-Allow-Origin" not in client.get(path).headers


@pytest.mark.parametrize("path", [*FEEDS, "/.well-known/security.txt"])
def test_there_is_none_before_there_is_a_show(app: Flask, client: FlaskClient, path: str):
    change(app, delete(Show))

    assert client.get(path).status_code == 404


@pytest.mark.parametrize("before", ["nonsense", "~", "2026-01-06T08:00:00+00:00~x", "%00", "'--"])
@pytest.mark.parametrize("path", FEEDS)
def test_a_garbled_key_is_the_first_page_or_none(client: FlaskClient, path: str, before: str):
    response = client.get(f"{path}?before={before}")

    if before == "%00":
        assert response.status_code == 404
    else:
        assert response.data == client.get(path).data


def read_page(path: str, data: bytes) -> tuple[list[str], dict[str, str]]:
    """Return the titles on a page of a feed, and its links by their relation."""
    if path.endswith(".json"):
        page = json.loads(data)
        links = {"self": page["feed_url"], "first": HOME + path}
        links |= {"next": page["next_url"]} if "next_url" in page else {}
        return [item["title"] for item in page["items"]], links
    page = parsed(data)
    links = {link.rel: link.href for link in page.feed.links}
    return [entry.title for entry in page.entries], links


@pytest.mark.parametrize("path", FEEDS)
def test_a_thousand_episodes_are_walked_through_exactly_once(
    app: Flask, client: FlaskClient, path: str
):
    with app.app_context():
        storage.write(add_show_of, count=999)
    seen: list[str] = []
    address, pages = HOME + path, 0
    while address:
        titles, links = read_page(path, client.get(address.removeprefix(HOME)).data)
        assert links["self"] == address
        assert links["first"] == HOME + path
        seen += titles
        pages += 1
        address = links.get("next", "")

    assert pages == 10
    assert len(seen) == len(set(seen)) == 1000
    assert set(seen) == {"Thin walls", *(f"Episode {number}" for number in range(1, 1000))}


@pytest.mark.parametrize("path", FEEDS)
def test_a_hub_is_named_in_the_feed_and_its_headers(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str
):
    assert "Link" not in client.get(path).headers
    assert b'rel="hub"' not in client.get(path).data
    hub = "https://hub.example/"
    settings = app.extensions["postbag.settings"]
    with_hub = settings.model_copy(update={"websub_hub": hub})
    monkeypatch.setitem(app.extensions, "postbag.settings", with_hub)

    response = client.get(path)

    assert response.headers.getlist("Link") == [
        f'<{hub}>; rel="hub"', f'<{HOME}{path}>; rel="self"',
    ]  # fmt: skip
    named = json.loads(response.data)["hubs"][0]["url"] if path.endswith("json") else ""
    assert hub in (named, read_page(path, response.data)[1].get("hub"))


def test_drafts_and_what_is_due_later_are_in_nothing(app: Flask, client: FlaskClient):
    noise = Episode.slug.startswith("noise")

    def add_files(session):
        for episode in session.scalars(select(Episode).where(noise)):
            factories.add_medium(session, episode)

    with app.app_context():
        storage.write(add_files)

    for path in (*FEEDS, "/sitemap.xml"):
        assert b"oise" not in client.get(path).data
    for slug in ("noise-draft", "noise-scheduled", "nowhere"):
        assert client.get(f"/oembed?url={quote(f'{HOME}/episodes/{slug}')}").status_code == 404

    change(app, update(Episode).where(noise).values(published_at=factories.LONG_AGO))
    for slug in ("noise-draft", "noise-scheduled"):  # nothing but their dates kept them back
        assert client.get(f"/oembed?url={quote(f'{HOME}/episodes/{slug}')}").status_code == 200
        for path in (*FEEDS, "/sitemap.xml"):
            assert f"/episodes/{slug}" in client.get(path).text


def test_the_sitemap_names_every_page_that_wants_finding(client: FlaskClient):
    found = {url[0].text: url[1:] for url in tree_of(client.get("/sitemap.xml").data)}

    assert {address.removeprefix(HOME) for address in found} == {
        "/", "/episodes", "/about", "/privacy", "/help", "/ask", "/topics/walls",
        "/people/the-host", "/episodes/thin-walls",
    }  # fmt: skip
    [lastmod] = found[f"{HOME}/episodes/thin-walls"]
    assert lastmod.text == "2026-01-06T08:00:00Z"
    for address in found:
        page = client.get(address.removeprefix(HOME))
        assert page.status_code == 200
        assert "noindex" not in page.text + page.headers.get("X-Robots-Tag", "")


def test_a_sitemap_without_room_for_all_names_others_that_have_it(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    with app.app_context():
        storage.write(add_show_of, count=30)
    whole = {url[0].text for url in tree_of(client.get("/sitemap.xml").data)}
    monkeypatch.setattr("webapp.feeds.sitemap.MOST", 12)

    index = tree_of(client.get("/sitemap.xml").data)
    parts = [tree_of(client.get(each[0].text.removeprefix(HOME)).data) for each in index]

    assert index.tag.endswith("}sitemapindex")
    assert {part.tag.partition("}")[2] for part in parts} == {"urlset"}
    assert max(map(len, parts)) <= 12
    named = [url[0].text for part in parts for url in part]
    assert sorted(named) == sorted(whole)
    assert len(named) > 36


@pytest.mark.parametrize("name", ["people-0.xml", "episodes-999.xml", "episodes-1", "1.xml"])
def test_a_sitemap_that_would_have_no_page_is_not_there(client: FlaskClient, name: str):
    assert client.get(f"/sitemaps/{name}").status_code == 404


def test_a_hub_has_to_be_an_address(tmp_path: Path):
    with pytest.raises(SettingsRefused, match="POSTBAG_WEBSUB_HUB"):
        Settings.load(instance=tmp_path, websub_hub="nonsense")


def test_a_picture_whose_file_is_away_is_not_promised(app: Flask, client: FlaskClient):
    with app.app_context():
        storage.write(
            lambda session: (
                factories.add_medium(
                    session,
                    factories.add_episode(session, slug="pictured"),
                    role="poster",
                    file="poster.jpg",
                    content_type="image/jpeg",
                ).position
            )
        )

    answer = client.get(f"/oembed?url={HOME}/episodes/pictured")

    assert answer.status_code == 200
    assert "thumbnail_url" not in answer.json


def test_an_episode_can_be_put_into_another_sites_frame(client: FlaskClient):
    answer = client.get(f"/oembed?url={THERE}&maxwidth=300&maxheight=x&format=json")

    assert answer.content_type == "application/json"
    assert answer.json["author_name"] == "The Host"
    assert (answer.json["width"], answer.json["height"]) == (300, 480)
    assert f"{HOME}/episodes/thin-walls/embed" in answer.json["html"]
    framed = client.get("/episodes/thin-walls/embed")
    assert "frame-ancestors *" in framed.headers["Content-Security-Policy"]


def test_an_episode_is_described_in_xml_too(client: FlaskClient):
    answer = client.get(f"/oembed?url={THERE}&format=xml")

    assert answer.content_type == "text/xml; charset=utf-8"
    assert tree_of(answer.data).findtext("title") == "Thin walls"


@pytest.mark.parametrize(
    ("query", "status"),
    [("", 400), ("?url=", 400), (f"?url={THERE}&format=yaml", 501),
     ("?url=https%3A%2F%2Fevil.example%2Fepisodes%2Fthin-walls", 404), ("?url=%00", 404)],
)  # fmt: skip
def test_what_cannot_be_described_is_said_in_words(client: FlaskClient, query: str, status: int):
    response = client.get(f"/oembed{query}")

    assert response.status_code == status
    assert "<h1" in response.text


def test_an_episode_without_a_file_is_an_article_alone(app: Flask, client: FlaskClient):
    with app.app_context():
        storage.write(lambda session: factories.add_episode(session, slug="a", title="Bare").id)

    counts = [client.get(path).text.count("Bare") > 0 for path in FEEDS]
    assert counts == [False, True, True]
    assert texts(channel_of(client.get(FEEDS[0]).data), "item/title") == ["Thin walls"]
