"""What feeds say of the show, and the names that never change."""

from uuid import UUID, uuid5

from tests.feeds.made import GUID, a_channel, a_feed, an_entry
from webapp.episodes.podcast import Podcast, name_of_feed


def test_a_podcast_is_named_by_the_address_of_its_feed():
    assert name_of_feed("https://podnews.net/rss") == "9b024349-ccf0-5f69-a609-6b82873eab3c"
    assert name_of_feed("http://podnews.net/rss///") == "9b024349-ccf0-5f69-a609-6b82873eab3c"


def test_a_show_without_words_for_feeds_speaks_with_its_name():
    channel = a_channel(description="", tagline="")

    assert (channel.author, channel.owner, channel.summary) == ("The Test Show",) * 3
    named = a_channel(podcast=Podcast(author="Dot", owner="Sam"))
    assert (named.author, named.owner) == ("Dot", "Sam")


def test_a_description_keeps_within_what_directories_take():
    assert len(a_channel(description="語" * 4000).summary.encode()) <= 4000


def test_a_show_is_explicit_if_anything_in_it_is():
    assert not a_channel().is_explicit
    assert a_channel(has_explicit=True).is_explicit
    assert a_channel(podcast=Podcast(explicit=True)).is_explicit


def test_an_episode_is_named_by_its_uuid_else_by_one_made_of_its_guid():
    own = an_entry(guid="BA9187ED-088C-4966-9392-A9B1136567F5")

    assert a_channel().entry_id(own) == "urn:uuid:ba9187ed-088c-4966-9392-a9b1136567f5"
    assert a_channel().entry_id(an_entry(guid="7")) == uuid5(UUID(GUID), "7").urn
    assert a_channel().entry_id(an_entry(guid="\ud800")).startswith("urn:uuid:")


def test_a_feed_names_its_next_page_and_its_hub_only_if_there_is_one():
    first = a_feed(next="2026-01-06T08:00:00+00:00~7", hub="https://hub.example/")
    address = "https://show.example/feeds/podcast.xml"

    assert a_feed().links() == {"self": address, "first": address}
    assert first.links() == {
        "self": address,
        "first": address,
        "next": f"{address}?before=2026-01-06T08%3A00%3A00%2B00%3A00~7",
        "hub": "https://hub.example/",
    }
    assert a_feed(before="k").links()["self"] == f"{address}?before=k"
