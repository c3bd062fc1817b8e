"""The JSON feed."""

import json

import atoma

from tests.feeds.made import HOSTILE, PAGE, TAMED, a_channel, a_feed, a_medium, an_entry
from webapp.feeds.addresses import JSON
from webapp.feeds.json_feed import write

ADDRESS = "https://show.example/feeds/episodes.json"


def read(*entries, **changes):
    data = write(a_feed(*entries, path=JSON, **changes))
    assert atoma.parse_json_feed_bytes(data).title
    return json.loads(data)


def test_the_feed_says_what_the_show_is():
    feed = read(next="k", channel=a_channel(artwork=a_medium(file="abc.jpg")))

    assert feed == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "The Test Show",
        "home_page_url": "https://show.example/",
        "feed_url": ADDRESS,
        "description": "A show for tests.",
        "next_url": f"{ADDRESS}?before=k",
        "icon": "https://show.example/artwork/abc.jpg",
        "authors": [{"name": "The Test Show", "url": "https://show.example/"}],
        "language": "en-GB",
        "items": [],
    }


def test_an_item_says_what_the_episode_is():
    media = (a_medium(), a_medium(role="square"), a_medium(role="poster", sha256="cd" * 32))
    [item] = read(an_entry(media=media))["items"]

    assert "<p>Knock first.</p>" in item.pop("content_html")
    assert item == {
        "id": "guid-thin-walls",
        "url": PAGE,
        "title": "Thin walls",
        "summary": "What to say through a wall.",
        "image": f"{PAGE}/square/abababababab.jpg",
        "banner_image": f"{PAGE}/card/cdcdcdcdcdcd.jpg",
        "date_published": "2026-01-06T08:00:00Z",
        "date_modified": "2026-01-07T08:00:00Z",
        "authors": [{"name": "The Host", "url": "https://show.example/people/the-host"}],
        "tags": ["Walls"],
        "language": "en-GB",
        "attachments": [
            {
                "url": f"{PAGE}/media/video.mp4",
                "mime_type": "video/mp4",
                "title": "Thin walls",
                "size_in_bytes": 1234,
                "duration_in_seconds": 600,
            }
        ],
    }


def test_files_of_one_episode_share_a_title():
    files = (a_medium(), a_medium(file="a.m4a", content_type="audio/x-m4a", label="Sound"))
    [item] = read(an_entry(media=files))["items"]

    assert [file["title"] for file in item["attachments"]] == ["Thin walls", "Thin walls"]


def test_what_is_not_there_is_not_named():
    bare = an_entry(media=(), people=(), topics=(), summary="", duration=0)
    [item] = read(bare)["items"]

    assert set(item) == {
        "id", "url", "title", "content_html", "date_published", "date_modified", "language",
    }  # fmt: skip


def test_a_hub_is_named():
    assert read(hub="https://hub.example/")["hubs"] == [
        {"type": "WebSub", "url": "https://hub.example/"}
    ]


def test_hostile_words_come_out_as_they_went_in():
    feed = read(an_entry(title=HOSTILE * 100), channel=a_channel(name=HOSTILE))

    assert feed["authors"][0]["name"] == feed["title"] == TAMED
    assert feed["items"][0]["title"] == TAMED * 100
