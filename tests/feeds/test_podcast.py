"""The podcast feed, tag by tag."""

from datetime import UTC, datetime

import pytest

from tests import factories
from tests.feeds.made import (
    GUID,
    HOSTILE,
    PAGE,
    TAMED,
    a_channel,
    a_feed,
    a_medium,
    adult,
    an_entry,
)
from tests.feeds.reading import attributes, channel_of, parsed, texts
from webapp.episodes.pages import ContributorLine
from webapp.episodes.podcast import Funding, License, Podcast, TextRecord, UpdateFrequency
from webapp.feeds.channel import Feed
from webapp.feeds.podcast import write
from webapp.transcripts import Chapter

HOST = ContributorLine("the-host", "The Host", "host", "")


def channel(feed: Feed):
    return channel_of(write(feed))


def item(**changes: object):
    return channel(a_feed(an_entry(**changes))).find("item")


def test_namespaces_are_exact_to_the_letter():
    data = write(a_feed(an_entry()))

    for declared in (
        b'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"',
        b'xmlns:podcast="https://podcastindex.org/namespace/1.0"',
        b'xmlns:content="http://purl.org/rss/1.0/modules/content/"',
        b'xmlns:atom="http://www.w3.org/2005/Atom"',
    ):
        assert data.count(declared) == 1
    assert data.startswith(b'<?xml version="1.0" encoding="utf-8"?>')


def test_a_channel_without_words_for_feeds_has_what_it_must():
    found = channel(a_feed())

    for path, text in (
        ("title", "The Test Show"),
        ("link", "https://show.example/"),
        ("description", "A show for tests."),
        ("language", "en-GB"),
        ("lastBuildDate", "Wed, 07 Jan 2026 08:00:00 GMT"),
        ("itunes:author", "The Test Show"),
        ("itunes:type", "episodic"),
        ("itunes:explicit", "false"),
        ("itunes:owner/itunes:email", "hello@example.org"),
        ("itunes:owner/itunes:name", "The Test Show"),
        ("podcast:guid", GUID),
        ("podcast:locked", "no"),
        ("podcast:medium", "podcast"),
    ):
        assert texts(found, path) == [text]
    for absent in ("itunes:category", "itunes:image", "copyright", "podcast:funding", "item"):
        assert texts(found, absent) == []


def test_a_channel_says_all_that_the_show_says_of_itself():
    podcast = Podcast(
        author="Dot Farrow",
        owner="Sam Iyer",
        categories=("Society & Culture > Relationships", "Education"),
        type="serial",
        locked=True,
        medium="video",
        license=License(name="cc-by-4.0"),
        funding=(Funding(url="https://fund.example/", label="Buy us a kettle"),),
        txt=(TextRecord(text="proof", purpose="verify"), TextRecord(text="free")),
        update_frequency=UpdateFrequency(text="Weekly", rrule="FREQ=WEEKLY", complete=True),
    )
    artwork = a_medium(role="artwork", file="abc.jpg")
    show = a_channel(podcast=podcast, artwork=artwork, copyright="© us", hosts=(HOST,))
    found = channel(a_feed(channel=show))

    assert texts(found, "itunes:owner/itunes:name") == ["Sam Iyer"]
    assert attributes(found, "itunes:category") == [
        {"text": "Society & Culture"}, {"text": "Education"},
    ]  # fmt: skip
    assert attributes(found, "itunes:category/itunes:category") == [{"text": "Relationships"}]
    assert attributes(found, "itunes:image") == [{"href": "https://show.example/artwork/abc.jpg"}]
    assert (texts(found, "podcast:locked"), attributes(found, "podcast:locked")) == (
        ["yes"], [{"owner": "hello@example.org"}],
    )  # fmt: skip
    assert (texts(found, "podcast:license"), texts(found, "copyright")) == (["cc-by-4.0"], ["© us"])
    assert texts(found, "podcast:funding") == ["Buy us a kettle"]
    assert attributes(found, "podcast:funding") == [{"url": "https://fund.example/"}]
    assert texts(found, "podcast:txt") == ["proof", "free"]
    assert attributes(found, "podcast:txt") == [{"purpose": "verify"}, {}]
    assert texts(found, "podcast:updateFrequency") == ["Weekly"]
    assert attributes(found, "podcast:updateFrequency") == [
        {"rrule": "FREQ=WEEKLY", "complete": "true"}
    ]
    assert texts(found, "podcast:person") == ["The Host"]


def test_an_item_says_what_apps_show():
    found = item(kind="bonus", topics=())

    for path, text in (
        ("title", "Thin walls"),
        ("link", PAGE),
        ("guid", "guid-thin-walls"),
        ("pubDate", "Tue, 06 Jan 2026 08:00:00 GMT"),
        ("itunes:duration", "600"),
        ("itunes:season", "1"),
        ("itunes:episode", "2"),
        ("itunes:episodeType", "bonus"),
        ("itunes:explicit", "false"),
        ("podcast:season", "1"),
        ("podcast:episode", "2"),
    ):
        assert texts(found, path) == [text]
    assert attributes(found, "podcast:season") == [{"name": "One"}]
    assert attributes(found, "enclosure") == [
        {"url": f"{PAGE}/media/video.mp4", "length": "1234", "type": "video/mp4"}
    ]


def test_a_guid_is_a_permanent_link_only_if_it_is_the_pages_address():
    assert attributes(item(), "guid") == [{"isPermaLink": "false"}]
    assert attributes(item(guid="https://old.example/1"), "guid") == [{"isPermaLink": "false"}]
    assert attributes(item(guid=PAGE), "guid") == [{"isPermaLink": "true"}]


def test_files_beside_the_enclosure_are_alternates():
    sound = a_medium(file="a.m4a", content_type="audio/x-m4a", size=99, label="Sound only " * 9)
    found = item(media=(a_medium(primary=True), sound))

    [about] = attributes(found, "podcast:alternateEnclosure")
    assert (about["type"], about["length"], len(about["title"])) == ("audio/x-m4a", "99", 32)
    assert attributes(found, "podcast:alternateEnclosure/podcast:source") == [
        {"uri": f"{PAGE}/media/a.m4a"}
    ]


def test_an_episode_without_a_file_is_in_no_podcast_feed():
    assert channel(a_feed(an_entry(media=()))).findall("item") == []


def test_an_item_names_everybody_with_their_role_and_the_hosts_again():
    baker = ContributorLine("sam", "Sam " * 50, "Baker", "")
    found = item(people=(HOST, baker))

    assert attributes(found, "podcast:person") == [
        {"role": "host", "group": "cast", "href": "https://show.example/people/the-host"},
        {"role": "Baker", "group": "misc.", "href": "https://show.example/people/sam"},
    ]
    assert [len(name) <= 128 for name in texts(found, "podcast:person")] == [True, True]


def test_a_group_that_is_said_of_somebody_goes_before_that_of_their_role():
    people = (HOST, ContributorLine("sam", "Sam", "guest", "", "https://sam.example"))
    found = item(people=people, document=factories.a_document(feed_groups=("", "Regulars")))

    assert attributes(found, "podcast:person") == [
        {"role": "host", "group": "cast", "href": "https://show.example/people/the-host"},
        {"role": "guest", "group": "Regulars", "href": "https://sam.example"},
    ]


def test_a_transcript_comes_in_three_forms_webvtt_first():
    assert attributes(item(), "podcast:transcript") == [
        {"url": f"{PAGE}/transcript.vtt", "type": "text/vtt", "language": "en"},
        {"url": f"{PAGE}/transcript.srt", "type": "application/x-subrip", "language": "en"},
        {"url": f"{PAGE}/transcript.txt", "type": "text/plain", "language": "en"},
    ]
    assert attributes(item(has_transcript=False), "podcast:transcript") == []


def test_chapters_are_named_if_there_are_any():
    document = factories.a_document(chapters=(Chapter(0, "Hello"),))

    assert attributes(item(document=document), "podcast:chapters") == [
        {"url": f"{PAGE}/chapters.json", "type": "application/json+chapters"}
    ]
    assert attributes(item(), "podcast:chapters") == []


def test_what_is_for_adults_is_marked():
    document = factories.a_document(notes=(adult("video"),))

    assert texts(item(document=document), "itunes:explicit") == ["true"]


@pytest.mark.parametrize("number", [0, -1])
def test_numbers_that_directories_refuse_are_left_out(number: int):
    found = item(number=number, duration=0)

    assert texts(found, "itunes:episode") == texts(found, "itunes:duration") == []


def test_an_episode_of_another_house_keeps_the_numbers_that_it_had_there():
    decimal = item(number=3, document=factories.a_document(feed_number="3.5"))
    assert texts(decimal, "itunes:episode") == ["3"]
    assert texts(decimal, "podcast:episode") == ["3.5"]

    shown = item(document=factories.a_document(feed_number="3.5", feed_display="3½"))
    assert attributes(shown, "podcast:episode") == [{"display": "3½"}]
    assert attributes(decimal, "podcast:episode") == [{}]

    bare = item(document=factories.a_document(feed_number="none", feed_season="none"))
    for name in ("itunes:episode", "podcast:episode", "itunes:season", "podcast:season"):
        assert texts(bare, name) == []


def test_an_item_names_an_author_only_if_that_is_not_the_shows():
    other = item(document=factories.a_document(feed_author="The Neighbours"))

    assert texts(other, "itunes:author") == ["The Neighbours"]
    assert texts(item(), "itunes:author") == []


def test_a_picture_for_apps_is_the_square_one():
    found = item(media=(a_medium(), a_medium(role="square"), a_medium(role="poster")))

    assert attributes(found, "itunes:image") == [{"href": f"{PAGE}/square/abababababab.jpg"}]
    assert attributes(item(), "itunes:image") == []


def test_hostile_words_come_out_as_they_went_in():
    people = (ContributorLine("x", HOSTILE, HOSTILE, ""),)
    podcast = Podcast.model_construct(author=HOSTILE)
    show = a_channel(name=HOSTILE, description=HOSTILE, podcast=podcast, hosts=people)
    entry = an_entry(title=HOSTILE * 100, summary=HOSTILE, season_title=HOSTILE, people=people)

    data = write(a_feed(entry, channel=show))

    assert texts(channel_of(data), "title") == [TAMED]
    assert texts(channel_of(data), "item/title") == [TAMED * 100]
    assert parsed(data).entries[0].title.startswith("<script>alert('x')</script> & \"]]>\"")


def test_an_empty_show_is_a_feed_too():
    data = write(a_feed(channel=a_channel(updated_at=None, email="")))

    assert parsed(data).entries == []
    assert texts(channel_of(data), "lastBuildDate") == []
    assert texts(channel_of(data), "itunes:owner/itunes:email") == []


def test_moments_are_in_gmt():
    late = datetime.fromisoformat("2026-07-01T00:30:00+02:00")

    assert texts(item(published_at=late), "pubDate") == ["Tue, 30 Jun 2026 22:30:00 GMT"]
    assert late.astimezone(UTC).hour == 22
