"""What feeds say of the show, as show.yaml has it."""

import pytest

from tests.transfer.conftest import SHOW, problems_of
from webapp.episodes.categories import CATEGORIES, split_category
from webapp.episodes.podcast import name_of_feed
from webapp.transfer.bundle import read_bundle

PODCAST = """\
podcast:
  author: "Dot and Sam"
  categories: ["Society & Culture > Relationships", "Comedy"]
  type: serial
  license: {name: cc-by-4.0}
  funding: [{url: "https://give.example/kettle", label: "Buy us a kettle"}]
  update_frequency: {text: "Twice a week", rrule: "FREQ=WEEKLY;BYDAY=TU,FR"}
"""


@pytest.mark.parametrize(
    "address",
    ["podnews.net/rss", "https://podnews.net/rss", "http://podnews.net/rss/", "podnews.net/rss//"],
)
def test_a_podcast_is_named_by_the_address_of_its_feed(address: str):
    """The example of the podcast namespace, "Guid"."""
    assert name_of_feed(address) == "9b024349-ccf0-5f69-a609-6b82873eab3c"


def test_categories_are_those_of_the_directories():
    assert {"Society & Culture > Relationships", "Comedy", "True Crime"} <= CATEGORIES
    assert split_category("Society & Culture > Relationships") == (
        "Society & Culture",
        "Relationships",
    )
    assert split_category("Comedy") == ("Comedy", "")


def test_a_show_says_what_feeds_say_of_it(show):
    (show / "show.yaml").write_text(SHOW + PODCAST)

    podcast = read_bundle(show).show.podcast

    assert podcast.author == "Dot and Sam"
    assert podcast.type == "serial"
    assert podcast.funding[0].label == "Buy us a kettle"
    assert podcast.update_frequency.rrule == "FREQ=WEEKLY;BYDAY=TU,FR"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("Comedy", "comedy", "podcast.categories: expected a category of Apple's list"),
        ("Comedy", "Society & Culture > Relationships", "podcast.categories: expected each"),
        ("serial", "weekly", "podcast.type: expected episodic or serial"),
        ("https://give.example/kettle", "kettle", "podcast.funding.1.url: expected a web address"),
        ("FREQ=WEEKLY", "weekly", "podcast.update_frequency.rrule: expected a rule"),
        ("author:", "guid: no-uuid\n  author:", "podcast.guid: expected a UUID"),
    ],
)
def test_what_no_feed_may_say_is_refused_by_line(show, old: str, new: str, problem: str):
    (show / "show.yaml").write_text(SHOW + PODCAST.replace(old, new))

    (found,) = problems_of(show)

    assert problem in found
