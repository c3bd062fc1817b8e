"""No tag of a feed is lost in silence: each has a place, or is listed with what has none."""

import pytest

from tests.transfer.feed_import.test_in_the_wild import DATE, FILE, episode, planned

KNOWN = f"<title>Salt</title><guid>1</guid><description>Of salt.</description>{DATE}{FILE}"
ADA, BO = "<itunes:author>Ada</itunes:author>", "<dc:creator>Bo</dc:creator>"


def left_of_item(*tags: str) -> dict[str, int]:
    return dict(planned(KNOWN + "".join(tags)).unmapped)


def left_of_channel(*tags: str) -> dict[str, int]:
    return dict(planned(KNOWN, channel="".join(tags)).unmapped)


@pytest.mark.parametrize(
    ("tags", "left"),
    [
        ("<itunes:title>S1E1: Salt</itunes:title>", "itunes:title"),
        ("<googleplay:description>Salted.</googleplay:description>", "googleplay:description"),
        ("<description>Of pepper.</description>", "description"),
        (f"{BO}<author>bo@rye.example</author>", "author"),
        ("<dc:date>2021-01-01</dc:date>", "dc:date"),
        ("<itunes:season>1</itunes:season><podcast:season>2</podcast:season>", "itunes:season"),
        ("<itunes:explicit>no</itunes:explicit><itunes:explicit>yes</itunes:explicit>",
         "itunes:explicit"),
        ("<link>https://rye.example/1</link><link>https://rye.example/2</link>", "link"),
        ('<atom:link rel="payment" href="https://give.example"/>', "atom:link rel=payment"),
        ('<itunes:image href="https://a.example/1.jpg"/><itunes:image href="https://a.example/2.jpg"/>',
         "itunes:image"),
        ("<guid>2</guid>", "guid"),
        ('<podcast:person img="https://a.example/1.jpg">Ada</podcast:person>',
         "podcast:person@img"),
        ('<podcast:person href="nowhere:1">Ada</podcast:person>', "podcast:person@href"),
        ("<podcast:soundbite>Hm</podcast:soundbite>", "podcast:soundbite"),
    ],
)  # fmt: skip
def test_what_an_item_says_otherwise_a_second_time_is_listed(tags: str, left: str):
    assert left_of_item(tags) == {left: 1}


@pytest.mark.parametrize(
    "tags",
    [
        "<itunes:title> Salt\n</itunes:title>",
        "<itunes:summary>&lt;p&gt;Of salt.&lt;/p&gt;</itunes:summary>",
        "<dc:date>2009-01-12T09:00:00+01:00</dc:date>",
        "<itunes:season>2</itunes:season><podcast:season>02</podcast:season>",
        "<itunes:episode>3</itunes:episode><podcast:episode>3.5</podcast:episode>",
        "<itunes:explicit>no</itunes:explicit><googleplay:explicit>clean</googleplay:explicit>",
        f"{BO}<author>Bo</author>",
    ],
)
def test_what_an_item_says_twice_in_other_letters_is_not(tags: str):
    assert left_of_item(tags) == {}


@pytest.mark.parametrize(
    ("tags", "left"),
    [
        ("<description>Rye.</description><itunes:summary>Wheat.</itunes:summary>",
         "itunes:summary"),
        ("<itunes:author>Ada</itunes:author><author>bo@rye.example</author>", "author"),
        (("<itunes:owner><itunes:email>a@rye.example</itunes:email></itunes:owner>"
         "<webMaster>b@rye.example</webMaster>"), "webMaster"),
        (('<itunes:image href="https://a.example/1.jpg"/>'
         "<image><url>https://a.example/2.jpg</url></image>"), "image"),
        ('<atom:link rel="me" href="https://ada.example"/>', "atom:link rel=me"),
        ('<podcast:license url="https://a.example/l"/>', "podcast:license"),
        ('<podcast:funding url="nowhere:1">Tea</podcast:funding>', "podcast:funding"),
        ('<podcast:locked owner="a@rye.example">no</podcast:locked>', "podcast:locked@owner"),
        ('<podcast:updateFrequency dtstart="2026-01-01">Weekly</podcast:updateFrequency>',
         "podcast:updateFrequency@dtstart"),
    ],
)  # fmt: skip
def test_what_a_channel_says_and_has_no_place_is_listed(tags: str, left: str):
    assert left_of_channel(tags) == {left: 1}


def test_what_delivers_the_feed_says_nothing_of_the_show():
    pages = ("self", "first", "next", "last", "prev", "hub", "current")
    links = (f'<atom:link rel="{one}" href="https://rye.example/{one}"/>' for one in pages)

    assert left_of_channel(*links, "<ttl>60</ttl><generator>G</generator>") == {}


def test_a_summary_that_says_something_else_is_kept_with_the_episode():
    text = "<content:encoded>Of salt, at length.</content:encoded>"
    found = episode(
        f"<description>Of salt.</description>{text}<itunes:summary>Dry.</itunes:summary>"
    )

    assert found.front["source"]["summary"] == "Dry."


def test_an_author_of_the_item_alone_is_its_author_in_feeds_and_a_creator_is_kept():
    found = episode(ADA + BO)
    by_bo = episode(BO)

    assert found.front["episode"]["feed_author"] == "Ada"
    assert (found.front["source"]["author"], found.front["source"]["creator"]) == ("Ada", "Bo")
    assert by_bo.front["source"]["author"] == "Bo"
    assert "feed_author" not in by_bo.front["episode"]


def test_the_shows_author_is_not_said_again_of_an_item():
    (found,) = planned(f"<title>Salt</title><guid>1</guid>{DATE}{ADA}", channel=ADA).episodes

    assert "feed_author" not in found.front["episode"]


def test_somebody_keeps_the_first_page_that_the_feed_names_and_the_others_are_said():
    one, two = (
        f'<podcast:person role="guest" group="Regulars" href="https://ada.example/{at}">Ada'
        "</podcast:person>" for at in (1, 2)
    )  # fmt: skip
    plan = planned(f"<guid>1</guid>{one}{two}")
    (found,) = plan.episodes

    assert plan.people[0].front["links"] == [
        {"label": "Their own page", "url": "https://ada.example/1", "feed": True}
    ]
    assert found.front["contributors"] == [{"person": "ada", "role": "guest", "group": "Regulars"}]
    assert found.front["source"]["people"] == [{"name": "Ada", "href": "https://ada.example/2"}]
    assert (
        "https://ada.example/2, a page of “Ada” that is not the first one, is left out"
        in found.remarks
    )


def test_somebody_of_the_show_who_is_in_no_item_is_said():
    plan = planned(
        "<guid>1</guid><podcast:person>Bo</podcast:person>",
        channel="<podcast:person>Ada</podcast:person>",
    )

    assert "“Ada”, whom the show names, is in no item, and is left out" in plan.remarks


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("<itunes:episodeType>short</itunes:episodeType>",
         "its type “short” is none that is known; full is taken"),
        ('<podcast:transcript url="nowhere:1" type="text/vtt"/>',
         "the address of its transcript (“nowhere:1”) leads nowhere"),
        (('<podcast:chapters url="https://a.example/1.json" type="application/json"/>'
         '<podcast:chapters url="https://a.example/2.json" type="application/json"/>'),
         "of its 2 files of chapters the first is taken"),
        (('<podcast:transcript url="https://a.example/1.vtt" type="text/vtt" language="en"/>'
         '<podcast:transcript url="https://a.example/2.html" type="text/html" language="fr"/>'),
         "its transcript in “fr” is left out; there is room for one"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_of_an_item_is_said(item: str, said: str):
    assert said in episode(item).remarks


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        ("<itunes:type>odd</itunes:type>",
         "its type “odd” is none that is known; episodic is taken"),
        ("<itunes:explicit>perhaps</itunes:explicit>",
         "whether the show is explicit (“perhaps”) cannot be read"),
        ('<podcast:updateFrequency rrule="soon">Soon</podcast:updateFrequency>',
         "its rule for when episodes come, “soon”, cannot be read, and is left out"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_of_the_show_is_said(channel: str, said: str):
    assert said in planned("<guid>1</guid>", channel=channel).remarks
