"""The feeds of the show that comes with the project, held to what directories and readers ask.

Sources: Apple's "A Podcaster's Guide to RSS", the podcast namespace, RSS 2.0, RFC 4287, RFC 5005,
JSON Feed 1.1, and what the W3C's feed validator warns of.
"""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from io import BytesIO
from uuid import UUID
from xml.etree import ElementTree as ET
from xml.parsers import expat

import atoma
import podcastparser
import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from PIL import Image

from tests.feeds.reading import (
    FEEDS,
    NAMES,
    SITE,
    addresses_in,
    attributes,
    channel_of,
    controls_in,
    get,
    parsed,
    path_of,
    texts,
    tree_of,
)
from webapp import clock
from webapp.episodes.categories import CATEGORIES
from webapp.feeds.entries import ENCLOSED

EPISODES = 6
# what may stand more than once in a channel or an item
REPEATED = {
    "category", "item", f"{{{NAMES['atom']}}}link", f"{{{NAMES['itunes']}}}category",
    *(f"{{{NAMES['podcast']}}}{name}" for name in
      ("person", "transcript", "alternateEnclosure", "funding", "txt")),
}  # fmt: skip


@pytest.fixture(scope="module")
def podcast(seeds: FlaskClient) -> bytes:
    return seeds.get("/feeds/podcast.xml").data


@pytest.fixture(scope="module")
def channel(podcast: bytes) -> ET.Element:
    return channel_of(podcast)


@pytest.fixture(scope="module")
def items(channel: ET.Element) -> list[ET.Element]:
    return channel.findall("item")


@pytest.fixture(scope="module")
def atom(seeds: FlaskClient) -> bytes:
    return seeds.get("/feeds/episodes.atom").data


@pytest.fixture(scope="module")
def json_feed(seeds: FlaskClient) -> dict[str, object]:
    return json.loads(seeds.get("/feeds/episodes.json").data)


def html_in(podcast: bytes, atom: bytes, json_feed: dict) -> Iterator[str]:
    yield from texts(channel_of(podcast), "item/description")
    yield from texts(channel_of(podcast), "item/content:encoded")
    yield from texts(tree_of(atom), "atom:entry/atom:content")
    yield from (item["content_html"] for item in json_feed["items"])


@pytest.mark.parametrize("path", FEEDS[:2])
def test_the_bytes_are_well_formed_utf_8_and_declared(seeds: FlaskClient, path: str):
    data = seeds.get(path).data

    assert data.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    assert not controls_in(data.decode())
    assert b"<!DOCTYPE" not in data
    expat.ParserCreate().Parse(data, True)


def test_namespaces_are_exact_to_the_letter(podcast: bytes):
    head = podcast[:600].decode()

    for prefix, uri in NAMES.items():
        assert f'xmlns:{prefix}="{uri}"' in head
    assert podcast.count(b"xmlns:") == len(NAMES)


def test_parsers_that_are_not_ours_read_the_podcast(podcast: bytes):
    address = f"{SITE}/feeds/podcast.xml"
    for titles in (
        [entry.title for entry in parsed(podcast).entries],
        [item.title for item in atoma.parse_rss_bytes(podcast).items],
        [each["title"] for each in podcastparser.parse(address, BytesIO(podcast))["episodes"]],
    ):
        assert len(titles) == EPISODES
        assert "Getting to yes is the wrong way round" in titles


def test_a_podcast_app_finds_its_way(podcast: bytes):
    read = podcastparser.parse(f"{SITE}/feeds/podcast.xml", BytesIO(podcast))

    assert read["cover_url"].startswith(f"{SITE}/artwork/")
    assert read["itunes_owner"]["email"] == "hello@itsprobablyyou.example"
    assert read["explicit"] is True
    for episode in read["episodes"]:
        [enclosure] = episode["enclosures"]
        assert enclosure["mime_type"] == "video/mp4"
        assert episode["total_time"] > 0
        assert episode["episode_art_url"].startswith(SITE)


def test_the_podcast_namespace_is_seen_by_a_parser_that_is_not_ours(podcast: bytes):
    read = parsed(podcast)

    assert read.namespaces["podcast"] == NAMES["podcast"]
    assert UUID(read.feed.podcast_guid).version == 5
    assert read.feed.podcast_medium in {"podcast", "video"}
    for entry in read.entries:
        assert entry.podcast_chapters["url"].endswith("/chapters.json")
        assert entry.podcast_transcript["url"].startswith(SITE)
        assert entry.podcast_season["name"]


def test_readers_that_are_not_ours_read_atom_and_json(seeds: FlaskClient, atom: bytes):
    by_feedparser = [entry.id for entry in parsed(atom).entries]
    by_atoma = [entry.id_ for entry in atoma.parse_atom_bytes(atom).entries]
    by_json = atoma.parse_json_feed_bytes(seeds.get("/feeds/episodes.json").data).items

    assert by_feedparser == by_atoma
    assert by_feedparser == [UUID(item.id_).urn for item in by_json]
    assert len(by_feedparser) == EPISODES


def test_the_channel_has_what_directories_require(channel: ET.Element):
    for path in (
        "title", "link", "description", "language", "itunes:author", "itunes:type",
        "itunes:explicit", "itunes:owner/itunes:name", "itunes:owner/itunes:email",
        "podcast:guid", "podcast:locked", "podcast:medium", "lastBuildDate",
    ):  # fmt: skip
        [text] = texts(channel, path)
        assert text.strip()
    assert texts(channel, "itunes:explicit") == ["true"]
    assert len(texts(channel, "description")[0].encode()) <= 4000
    assert texts(channel, "podcast:person") == ["Dot Farrow"]
    [self_link] = [each for each in attributes(channel, "atom:link") if each["rel"] == "self"]
    assert self_link["href"] == f"{SITE}/feeds/podcast.xml"


def test_categories_are_those_of_the_list(channel: ET.Element):
    for outer in channel.findall("itunes:category", NAMES):
        inner = [each.attrib["text"] for each in outer.findall("itunes:category", NAMES)]
        assert outer.attrib["text"] in CATEGORIES
        assert {f"{outer.attrib['text']} > {name}" for name in inner} <= CATEGORIES


def test_nothing_stands_twice_that_may_stand_once(channel: ET.Element, items: list[ET.Element]):
    for parent in (channel, *items):
        counted = Counter(child.tag for child in parent)
        assert {tag for tag, count in counted.items() if count > 1} <= REPEATED


def test_every_item_has_what_directories_require(items: list[ET.Element]):
    assert len(items) == EPISODES
    for item in items:
        for path in (
            "title", "link", "guid", "pubDate", "description", "content:encoded",
            "itunes:duration", "itunes:explicit", "itunes:season", "itunes:episode",
            "itunes:episodeType", "podcast:season", "podcast:episode",
        ):  # fmt: skip
            [text] = texts(item, path)
            assert text.strip()
        [title] = texts(item, "title")
        assert not title[:1].isdigit()
        assert texts(item, "itunes:explicit")[0] in {"true", "false"}
        assert texts(item, "itunes:episodeType")[0] in {"full", "trailer", "bonus"}
        for number in ("duration", "season", "episode"):
            assert int(texts(item, f"itunes:{number}")[0]) > 0


def test_a_description_is_short_and_has_few_tags(items: list[ET.Element]):
    for item in items:
        [html] = texts(item, "description")
        assert 0 < len(html.encode()) <= 4000
        tags = {tag.name for tag in BeautifulSoup(html, "html.parser").find_all(True)}
        assert tags <= {"p", "ol", "ul", "li", "a"}


def test_notes_for_adults_are_the_first_line(items: list[ET.Element]):
    [first] = [item for item in items if "getting-to-yes" in texts(item, "link")[0]]

    for path in ("description", "content:encoded"):
        assert texts(first, path)[0].startswith("<p>For adults, the video: Frank talk about")
    assert texts(first, "itunes:explicit") == ["true"]


def test_guids_are_there_once_each_and_no_links(items: list[ET.Element]):
    guids = [text for item in items for text in texts(item, "guid")]

    assert len(set(guids)) == EPISODES
    for item in items:
        assert attributes(item, "guid") == [{"isPermaLink": "false"}]


def test_moments_are_rfc_5322_newest_first_and_never_to_come(items: list[ET.Element]):
    moments = [parsedate_to_datetime(texts(item, "pubDate")[0]) for item in items]

    assert all(text.endswith(" GMT") for item in items for text in texts(item, "pubDate"))
    assert moments == sorted(moments, reverse=True)
    assert max(moments) <= clock.now()


def test_moments_are_rfc_3339_in_atom_and_json(atom: bytes, json_feed: dict):
    for path in ("atom:updated", "atom:entry/atom:updated", "atom:entry/atom:published"):
        assert all(datetime.fromisoformat(text).tzinfo for text in texts(tree_of(atom), path))
    for item in json_feed["items"]:
        published = datetime.fromisoformat(item["date_published"])
        assert published <= datetime.fromisoformat(item["date_modified"]) <= clock.now()


def test_enclosures_are_what_is_served(seeds: FlaskClient, items: list[ET.Element]):
    for item in items:
        [enclosure] = attributes(item, "enclosure")
        [sound] = attributes(item, "podcast:alternateEnclosure")
        [source] = attributes(item, "podcast:alternateEnclosure/podcast:source")
        assert enclosure["type"] in ENCLOSED
        for address, told in ((enclosure["url"], enclosure), (source["uri"], sound)):
            assert address.isascii()
            with seeds.head(path_of(address)) as served:
                assert served.status_code == 200
                assert served.headers["Content-Length"] == told["length"]
                assert served.headers["Content-Type"] == told["type"]
                assert served.headers["Accept-Ranges"] == "bytes"


def test_pictures_are_square_jpegs_of_the_size_that_directories_take(
    seeds: FlaskClient, channel: ET.Element, items: list[ET.Element]
):
    for parent in (channel, *items):
        [picture] = attributes(parent, "itunes:image")
        with get(seeds, picture["href"]) as served, Image.open(BytesIO(served.data)) as image:
            assert (image.format, image.mode) == ("JPEG", "RGB")
            assert image.width == image.height
            assert 1400 <= image.width <= 3000


def test_transcripts_and_chapters_are_there_for_apps(seeds: FlaskClient, items: list[ET.Element]):
    for item in items:
        transcripts = attributes(item, "podcast:transcript")
        [chapters] = attributes(item, "podcast:chapters")
        assert [each["type"] for each in transcripts] == [
            "text/vtt", "application/x-subrip", "text/plain",
        ]  # fmt: skip
        assert chapters["type"] == "application/json+chapters"
        for told in (*transcripts, chapters):
            served = get(seeds, told["url"])
            assert served.mimetype == told["type"]
            assert served.headers["Access-Control-Allow-Origin"] == "*"
        assert json.loads(get(seeds, chapters["url"]).data)["version"] == "1.2.0"


def test_everybody_has_a_page_and_the_hosts_stand_in_every_item(
    seeds: FlaskClient, items: list[ET.Element]
):
    for item in items:
        people = attributes(item, "podcast:person")
        assert people[0]["role"] == "host"
        assert len(people) >= 2
        for person in people:
            get(seeds, person["href"])


def test_every_address_is_absolute(podcast: bytes, atom: bytes, json_feed: dict):
    pieces = list(html_in(podcast, atom, json_feed))

    assert len(pieces) == 4 * EPISODES
    for html in pieces:
        for address in addresses_in(html):
            assert address.startswith(("https://", "http://", "mailto:", "tel:"))
    for root in (tree_of(podcast), tree_of(atom)):
        for element in root.iter():
            for name in ("href", "url", "uri"):
                assert element.get(name, SITE).startswith("https://")


def test_html_in_feeds_needs_nothing_of_our_page(podcast: bytes, atom: bytes, json_feed: dict):
    for html in html_in(podcast, atom, json_feed):
        page = BeautifulSoup(html, "html.parser")
        assert not page.find(["script", "style", "iframe", "form", "input", "label"])
        assert not [tag for tag in page.find_all(True) if {"id", "class", "style"} & set(tag.attrs)]
        assert not controls_in(html)


def test_the_whole_answer_is_in_every_feed(podcast: bytes, atom: bytes, json_feed: dict):
    whole = [html for html in html_in(podcast, atom, json_feed) if "<h2>" in html]

    assert len(whole) == 3 * EPISODES
    for html in whole:
        assert "<blockquote>" in html
        assert "☐" in html
        assert "To read, ring and visit" in html
        assert len(BeautifulSoup(html, "html.parser").get_text().split()) > 1200


def test_atom_and_json_have_what_they_must(seeds: FlaskClient, atom: bytes, json_feed: dict):
    root = tree_of(atom)
    for path in ("atom:id", "atom:title", "atom:updated"):
        assert len(texts(root, path)) == 1
        assert [len(texts(entry, path)) for entry in root.findall("atom:entry", NAMES)] == [
            1
        ] * EPISODES
    assert len(set(texts(root, "atom:entry/atom:id"))) == EPISODES
    assert json_feed["version"] == "https://jsonfeed.org/version/1.1"
    for item in json_feed["items"]:
        assert isinstance(item["id"], str)
        assert len({file["title"] for file in item["attachments"]}) == 1
        for name in ("image", "banner_image"):
            get(seeds, item[name]).close()


def test_every_episode_can_be_embedded_with_its_picture(seeds: FlaskClient, json_feed: dict):
    for item in json_feed["items"]:
        answer = seeds.get("/oembed", query_string={"url": item["url"]}).json
        assert answer["title"] == item["title"]
        assert answer["author_name"] == "Dot Farrow"
        with (
            get(seeds, answer["thumbnail_url"]) as served,
            Image.open(BytesIO(served.data)) as image,
        ):
            assert image.size == (answer["thumbnail_width"], answer["thumbnail_height"])
