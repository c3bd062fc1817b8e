"""Feeds in the idiom of the houses that make them: every tag that has a place is read."""

from contextlib import suppress
from datetime import UTC, datetime

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transfer.feed_import.conftest import FEEDS
from tests.work import bounded_work
from webapp.exceptions import Refused
from webapp.transfer.feed_import.feed import Feed, PersonTag
from webapp.transfer.feed_import.reading import FeedRefused, read_feed

HOUSES = sorted(file.stem for file in FEEDS.glob("*.xml"))
SECOND = "https://feeds.soundcloud.example/users/soundcloud:users:1/sounds.rss?before=200"


def feed_of(house: str) -> Feed:
    return read_feed((FEEDS / f"{house}.xml").read_bytes())


@pytest.mark.parametrize("house", HOUSES)
def test_items_are_those_that_another_reader_finds(house: str):
    data = (FEEDS / f"{house}.xml").read_bytes()
    if house in {"powerpress", "serial"}:  # what is wrong with these stops the other reader
        return
    other = feedparser.parse(data)

    feed = read_feed(data)

    assert feed.channel.title == other.feed.title
    assert [item.title for item in feed.items] == [entry.title for entry in other.entries]
    for item, entry in zip(feed.items, other.entries, strict=True):
        assert item.guid == entry.id
        assert item.published is not None
        moment = datetime(*entry.published_parsed[:6], tzinfo=UTC)
        knows_zone = house not in {"windows-1251", "podlove"}  # the other knows no MSK, no CET
        assert item.published == moment or not knows_zone
        assert item.enclosures[0].url == entry.enclosures[0].href.replace(" ", "%20")


def test_a_feed_of_libsyn():
    channel = feed_of("libsyn").channel
    first, trailer = feed_of("libsyn").items

    assert (channel.owner, channel.email) == ("Ada Brew", "post@kettle.example")
    assert channel.categories == ("Society & Culture > Relationships", "Comedy")
    assert (channel.locked, channel.locked_owner) == (True, "post@kettle.example")
    assert channel.explicit is False
    assert (first.title, first.duration, first.episode) == (
        "112: The cup nobody washes",
        1966,
        "112",
    )
    assert first.enclosures[0].length == 31_457_280
    assert (trailer.type, trailer.episode, trailer.image) == ("trailer", "", "")


def test_a_feed_of_buzzsprout():
    channel = feed_of("buzzsprout").channel
    (item,) = feed_of("buzzsprout").items

    assert channel.guid == "9b024349-ccf0-5f69-a609-6b82873eab3c"
    assert channel.funding == (("https://give.example/letters", "Buy us a stamp"),)
    assert channel.txt == (("verify", "letters-1830921"),)
    assert channel.type == "serial"
    assert (item.season, item.episode, item.explicit) == ("2", "4", True)
    assert [beside.type for beside in item.transcripts][-1] == "text/vtt"
    assert [(chapter.start, chapter.title) for chapter in item.inline_chapters] == [
        (0, "Stamp"),
        (3723.5, "Envelope"),
    ]
    assert feed_of("buzzsprout").unmapped == {
        "itunes:keywords": 1,
        "podcast:soundbite": 1,
        "podcast:person@img": 1,
        "psc:chapters": 1,  # which the file of chapters has too
    }


def test_a_feed_of_castopod():
    channel = feed_of("castopod").channel
    (item,) = feed_of("castopod").items

    assert channel.license == ("cc-by-4.0", "https://creativecommons.org/licenses/by/4.0/")
    assert channel.update_frequency == ("Tous les mardis", "FREQ=WEEKLY;BYDAY=TU", "")
    assert channel.medium == "podcast"
    assert (item.season, item.season_name) == ("2", "Le corps")
    assert (item.episode, item.episode_name) == ("3.5", "3½")
    assert item.is_permalink
    assert item.people[1] == PersonTag(
        "Léa Noir", "guest", "cast", "", "https://pod.example/lea.jpg"
    )
    assert item.people[2].role == "audio editor"
    assert item.description.startswith("<p>Comment dire non")


def test_a_feed_of_wordpress_with_its_sins():
    feed = feed_of("powerpress")
    item, article, film = feed.items

    assert len(feed.remarks) == 2
    assert feed.channel.description == "Plain answers & no fuss.\u00a0Every other Friday."
    assert feed.channel.explicit is False
    assert item.title == "Über Nähe & Ruhe"
    assert item.categories == ("Nähe", "Ruhe")
    assert item.content.startswith("<p>Was tun")
    assert article.enclosures == ()
    assert (film.published, film.duration) == (None, 0)
    assert len(film.remarks) == 2


def test_a_feed_of_podlove():
    feed = feed_of("podlove")
    (item,) = feed.items

    assert item.published == datetime(2026, 3, 2, 19, tzinfo=UTC)
    assert item.duration == 2519
    assert [chapter.title for chapter in item.inline_chapters] == ["Intro", "Lehne"]
    assert item.people == (PersonTag("Jörg Bein", "guest", "", "https://gast.example/", ""),)
    assert feed.channel.update_frequency == ("Complete", "", "true")


def test_a_feed_of_transistor():
    channel = feed_of("transistor").channel

    assert (
        channel.new_address == channel.address == "https://feeds.transistor.example/after-dark-post"
    )
    assert channel.language == "en_GB"
    assert channel.locked


def test_a_feed_in_an_old_encoding():
    first, second = feed_of("windows-1251").items

    assert first.title == "Про чай и молчание"
    assert first.enclosures[0].url == "http://kuhnya.example/mp3/pro%20chai.mp3"
    assert first.published == datetime(2026, 3, 3, 21, 30, tzinfo=UTC)
    assert second.published == datetime(2026, 2, 24, 21, 30, tzinfo=UTC)


def test_the_pages_of_a_feed_are_read_to_the_end_and_no_item_twice():
    asked: list[str] = []

    def fetch(url: str) -> tuple[bytes, str]:
        asked.append(url)
        return (FEEDS / "soundcloud-2.xml").read_bytes(), ""

    feed = read_feed((FEEDS / "soundcloud.xml").read_bytes(), fetch=fetch)

    assert asked == [SECOND]
    assert [item.title for item in feed.items] == ["Tape 3", "Tape 2", "Tape 1"]
    assert [item.position for item in feed.items] == [1, 2, 4]


def test_pages_that_lead_in_a_circle_end():
    first = (FEEDS / "soundcloud.xml").read_bytes()

    feed = read_feed(first, fetch=lambda _url: (first, ""))

    assert len(feed.items) == 2


def test_a_page_that_is_lost_is_said():
    def fetch(_url: str) -> tuple[bytes, str]:
        raise Refused("feeds.soundcloud.example cannot be reached.")

    feed = read_feed((FEEDS / "soundcloud.xml").read_bytes(), fetch=fetch)

    (remark,) = feed.remarks
    assert remark == (
        "Its further pages could not be read, from page 2 on: "
        "feeds.soundcloud.example cannot be reached."
    )


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"<html><body>Sign in</body></html>", "This is a web page."),
        (b"<!DOCTYPE html>\n<html lang=en><p>Sign in<br></html>", "This is a web page."),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'/>", "an Atom feed, which names no files"),
        (b"<rss version='2.0'></rss>", "no <channel>"),
        (b"<rss><channel>" + b"<item/>" * 20_001 + b"</channel></rss>", "more than 20,000 items"),
    ],
)
def test_what_is_no_feed_is_refused_in_a_sentence(data: bytes, says: str):
    with pytest.raises(FeedRefused, match=says):
        read_feed(data)


def test_a_hundred_thousand_items_are_refused_before_long():
    items = b"<item><title>x</title><guid>y</guid></item>" * 100_000

    with bounded_work(350), pytest.raises(FeedRefused, match="more than"):
        read_feed(b"<rss><channel>" + items + b"</channel></rss>")


TAGS = (
    *(
        "title",
        "link",
        "guid",
        "pubDate",
        "description",
        "enclosure",
        "itunes:duration",
        "category",
    ),
    *("itunes:image", "itunes:owner", "podcast:person", "podcast:transcript", "psc:chapters"),
    *("podcast:episode", "itunes:explicit", "atom:link", "language", "podcast:locked", "x:y"),
)
TEXTS = st.text(max_size=20).map(lambda text: text.replace("<", "&lt;").replace('"', "&quot;"))
VALUES = TEXTS | st.sampled_from(["http://[", "//x", "http://a.example/%00", "1:", "-1", "1e999"])


@st.composite
def elements(draw: st.DrawFn) -> str:
    tag = draw(st.sampled_from(TAGS))
    names = draw(st.lists(st.sampled_from(["url", "href", "length", "type", "start"]), unique=True))
    attributes = "".join(f' {name}="{draw(VALUES)}"' for name in names)
    return f"<{tag}{attributes}>{draw(VALUES)}</{tag}>"


@given(st.lists(elements(), max_size=6), st.lists(elements(), max_size=8))
def test_whatever_tags_say_the_feed_is_read_or_refused(channel: list[str], item: list[str]):
    data = f"<rss><channel>{''.join(channel)}<item>{''.join(item)}</item></channel></rss>"
    with suppress(FeedRefused):
        assert len(read_feed(data.encode("utf-8", "replace")).items) == 1
