"""The Atom feed."""

import atoma
import pytest

from tests.feeds.made import GUID, HOSTILE, PAGE, TAMED, a_channel, a_feed, a_medium, an_entry
from tests.feeds.reading import parsed
from webapp.episodes.pages import ContributorLine
from webapp.feeds.addresses import ATOM
from webapp.feeds.atom import write

GUEST = ContributorLine("the-guest", "The Guest", "guest", "")


def read(*entries, **changes):
    return atoma.parse_atom_bytes(write(a_feed(*entries, path=ATOM, **changes)))


def test_the_feed_says_what_the_show_is():
    show = a_channel(tagline="Answers", copyright="© us", artwork=a_medium(file="abc.jpg"))
    feed = read(channel=show, next="k", hub="https://hub.example/")

    assert feed.id_ == f"urn:uuid:{GUID}"
    assert (feed.title.value, feed.subtitle.value) == ("The Test Show", "Answers")
    assert feed.updated.isoformat() == "2026-01-07T08:00:00+00:00"
    assert (feed.rights.value, feed.logo) == ("© us", "https://show.example/artwork/abc.jpg")
    [author] = feed.authors
    assert (author.name, author.email) == ("The Test Show", "hello@example.org")
    address = "https://show.example/feeds/episodes.atom"
    assert [(link.rel, link.href) for link in feed.links] == [
        ("alternate", "https://show.example/"),
        ("self", address),
        ("first", address),
        ("next", f"{address}?before=k"),
        ("hub", "https://hub.example/"),
    ]


def test_an_entry_says_what_the_episode_is():
    host = ContributorLine("the-host", "The Host", "host", "")
    [entry] = read(an_entry(people=(host, GUEST)), channel=a_channel(copyright="© us")).entries

    assert entry.id_.startswith("urn:uuid:")
    assert (entry.title.value, entry.summary.value) == ("Thin walls", "What to say through a wall.")
    assert entry.published.isoformat() == "2026-01-06T08:00:00+00:00"
    assert entry.updated.isoformat() == "2026-01-07T08:00:00+00:00"
    assert [person.name for person in entry.authors] == ["The Host"]
    assert [person.name for person in entry.contributors] == ["The Guest"]
    assert [(category.term, category.label) for category in entry.categories] == [
        ("walls", "Walls")
    ]
    assert entry.rights.value == "© us"
    assert entry.content.text_type == atoma.atom.AtomTextType.html
    assert "<p>Knock first.</p>" in entry.content.value
    assert [(link.rel, link.href, link.type_, link.length) for link in entry.links] == [
        ("alternate", PAGE, "text/html", None),
        ("enclosure", f"{PAGE}/media/video.mp4", "video/mp4", 1234),
    ]


def test_an_entry_is_named_by_its_guid_whatever_its_page_is_called():
    [here] = read(an_entry()).entries
    [moved] = read(an_entry(slug="elsewhere")).entries

    assert here.id_ == moved.id_
    assert here.links[0].href != moved.links[0].href


@pytest.mark.parametrize("show", [a_channel(updated_at=None), a_channel(updated_at=None, email="")])
def test_an_empty_show_is_a_feed_too(show):
    feed = read(channel=show)

    assert feed.entries == []
    assert feed.updated.year == 1970


def test_an_article_without_media_is_in_it():
    [entry] = read(an_entry(media=(), question_text="", people=(), topics=())).entries

    assert [link.rel for link in entry.links] == ["alternate"]


def test_hostile_words_come_out_as_they_went_in():
    hostile = an_entry(title=HOSTILE * 100, summary=HOSTILE, people=(GUEST,))
    data = write(a_feed(hostile, channel=a_channel(name=HOSTILE), path=ATOM))

    feed = atoma.parse_atom_bytes(data)
    assert feed.title.value == TAMED
    assert feed.entries[0].title.value == TAMED * 100
    assert len(parsed(data).entries) == 1
