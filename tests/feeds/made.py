"""Entries and feeds for tests of what needs no database."""

from datetime import UTC, datetime

from tests import factories
from webapp.episodes.document import Note
from webapp.episodes.pages import ContributorLine, MediumLine, TopicLink
from webapp.episodes.podcast import Podcast
from webapp.feeds.addresses import PODCAST, Addresses
from webapp.feeds.channel import Channel, Feed
from webapp.feeds.entries import Entry

SITE = Addresses("https://show.example")
PAGE = "https://show.example/episodes/thin-walls"
GUID = "917393e3-1b1e-5cef-ace4-edaa54e1f810"
HOSTILE = "<script>alert('x')</script> & \"]]>\" \u202eabc\u202c \U0001f346 \x00\x07\ufffe\ud800!"
TAMED = "<script>alert('x')</script> & \"]]>\" \u202eabc\u202c \U0001f346 !"


def a_medium(**changes: object) -> MediumLine:
    """Return a file of an episode."""
    values = {
        "role": "media",
        "file": "video.mp4",
        "url": "",
        "label": "",
        "primary": False,
        "content_type": "video/mp4",
        "size": 1234,
        "sha256": "ab" * 32,
    }
    return MediumLine(**(values | changes))


def adult(about: str, text: str = "Frank talk.") -> Note:
    """Return a note that closes what it is about."""
    return Note(about=about, level="adult", text=text)


def an_entry(**changes: object) -> Entry:
    """Return an episode with a video, a question, a host and a topic."""
    values = {
        "id": 1,
        "guid": "guid-thin-walls",
        "slug": "thin-walls",
        "title": "Thin walls",
        "summary": "What to say through a wall.",
        "season": 1,
        "season_title": "One",
        "number": 2,
        "kind": "full",
        "duration": 600,
        "explicit": False,
        "published_at": datetime(2026, 1, 6, 8, tzinfo=UTC),
        "updated_at": datetime(2026, 1, 7, 8, tzinfo=UTC),
        "question_text": "Can you hear me?",
        "question_sign_off": "Next Door",
        "has_transcript": True,
        "document": factories.a_document(),
        "topics": (TopicLink("walls", "Walls"),),
        "people": (ContributorLine("the-host", "The Host", "host", "not a doctor"),),
        "media": (a_medium(),),
    }
    return Entry(**(values | changes))


def a_channel(**changes: object) -> Channel:
    """Return a show that says no more of itself than it must."""
    values = {
        "name": "The Test Show",
        "tagline": "",
        "description": "A show for tests.",
        "language": "en-GB",
        "email": "hello@example.org",
        "copyright": "",
        "podcast": Podcast(),
        "guid": GUID,
        "artwork": a_medium(role="artwork", file=""),
        "updated_at": datetime(2026, 1, 7, 8, tzinfo=UTC),
        "saved_at": None,
        "has_explicit": False,
        "hosts": (),
    }
    return Channel(**(values | changes))


def a_feed(*entries: Entry, path: str = PODCAST, **changes: object) -> Feed:
    """Return a page of a feed with these entries."""
    channel = changes.pop("channel", None) or a_channel()
    return Feed(channel, entries, SITE, path, **changes)
