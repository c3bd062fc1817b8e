"""What published feeds do that no specification has: none of it is lost, or taken for another."""

import pytest

from tests.transfer.feed_import.made_feed import NAMES
from tests.transfer.feed_import.test_mapping import write_bundle
from webapp.transfer.bundle import read_bundle
from webapp.transfer.feed_import.html_to_markdown import to_markdown
from webapp.transfer.feed_import.mapping import plan_of
from webapp.transfer.feed_import.plan import FeedPlan, PlannedEpisode
from webapp.transfer.feed_import.reading import read_feed

FEEDBURNER = 'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
PODLOVE = 'xmlns:psc="http://podlove.org/simple-chapters"'
FILE = '<enclosure url="https://a.example/1.mp3" type="audio/mpeg"/>'
DATE = "<pubDate>Mon, 12 Jan 2009 08:00:00 GMT</pubDate>"


def planned(item: str, *, channel: str = "") -> FeedPlan:
    return plan_of(
        read_feed(
            f"<rss {NAMES} {FEEDBURNER} {PODLOVE}><channel><title>Rye</title>{channel}"
            f"<item>{item}</item></channel></rss>".encode()
        )
    )


def episode(item: str) -> PlannedEpisode:
    (found,) = planned(f"<title>Salt</title><guid>1</guid>{DATE}{item}").episodes
    return found


def test_notes_with_line_breaks_and_no_blocks_keep_their_paragraphs_and_lists():
    notes = (
        'First.\n\nSecond, on <a\nhref="https://a.example/s">salt</a>.\n\n'
        "Named:\n- a <b>bowl</b>\n- a scale"
    )

    assert to_markdown(notes) == (
        "First.\n\nSecond, on [salt](<https://a.example/s>).\n\nNamed:\n\n- a **bowl**\n- a scale\n"
    )


def test_a_last_paragraph_that_only_leads_back_to_the_item_is_left_out():
    back = '<p><a href="https://rye.example/1?a=1&amp;amp;b=2" rel="x">Read on</a></p>'
    text = back.replace("<", "&lt;").replace(">", "&gt;")
    link = "<link>https://rye.example/1?a=1&amp;b=2</link>"
    of_salt = "&lt;p&gt;Of salt.&lt;/p&gt;"

    own = episode(f"{link}<description>{of_salt}{text}</description>")
    other = episode(f"<link>https://rye.example/2</link><description>{of_salt}{text}</description>")

    assert own.body == "Of salt.\n"
    assert "Read on" in other.body


def test_line_breaks_inside_blocks_mean_nothing():
    assert to_markdown("<p>One\n\ntwo</p>") == "One two\n"


def test_a_picture_that_only_decorates_is_left_out():
    notes = '<p>a <img src="https://a.example/count.gif" alt=""> <img src="https://a.example/b.jpg"></p>'

    assert to_markdown(notes) == "a [Picture](<https://a.example/b.jpg>)\n"


def test_a_subtitle_with_entities_or_tags_is_read_as_words():
    channel = "<itunes:subtitle>&lt;p&gt;All of rye&lt;/p&gt;</itunes:subtitle>"
    item = "<itunes:subtitle><![CDATA[Bread&nbsp;: what&#8217;s in it]]></itunes:subtitle>"
    plan = planned(f"<title>Salt</title><guid>1</guid>{item}", channel=channel)

    assert plan.show["tagline"] == "All of rye"
    assert plan.episodes[0].front["summary"] == "Bread : what’s in it"


def test_the_addresses_from_before_feedburner_are_taken():
    burnt = (
        f"<link>https://feedproxy.example/~r/1</link>{FILE}"
        "<feedburner:origLink>https://rye.example/old/salt</feedburner:origLink>"
        "<feedburner:origEnclosureLink>https://rye.example/salt.mp3</feedburner:origEnclosureLink>"
    )
    plan = planned(
        f"<title>Salt</title><guid>1</guid>{burnt}", channel="<link>https://rye.example</link>"
    )
    (found,) = plan.episodes

    assert found.front["aliases"] == ["/old/salt"]
    assert [file.url for file in found.files] == ["https://rye.example/salt.mp3"]
    assert not plan.unmapped


def test_a_link_that_was_encoded_whole_is_read():
    plan = planned("<guid>1</guid>", channel="<link>http%3A%2F%2Frye.example%2Fshow</link>")

    assert plan.show["links"][0]["url"] == "http://rye.example/show"


def test_a_picture_that_is_named_in_the_wrong_place_is_found():
    image = "<itunes:image>https://a.example/1.jpg</itunes:image>"

    assert [file.url for file in episode(image).files] == ["https://a.example/1.jpg"]


@pytest.mark.parametrize("kind", ["audio/x-mpeg", "audio/mpg"])
def test_an_mp3_is_known_by_other_names(kind: str):
    found = episode(f'<enclosure url="https://a.example/1" type="{kind}"/>')

    assert [file.name for file in found.media] == ["audio.mp3"]
    assert found.reasons == ()


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (
            FILE + '<enclosure url="https://a.example/1.pdf" type="application/pdf"/>',
            "one more file is of a kind that is not played here (application/pdf), and is left out",
        ),
        (
            '<enclosure url="ftp://a.example/1.mp3" type="audio/mpeg"/>',
            "the address of its file (“ftp://a.example/1.mp3”) leads nowhere",
        ),
        (
            '<podcast:chapters url="https://a.example/1.txt" type="text/plain"/>',
            "its chapters are of a kind that cannot be read (text/plain)",
        ),
        (
            (
                '<podcast:transcript url="https://a.example/1.vtt" type="text/vtt" language="en"/>'
                '<podcast:transcript url="https://a.example/1.srt" type="text/srt" language="en"/>'
                '<podcast:transcript url="https://a.example/2.vtt" type="text/vtt" language="fr"/>'
            ),
            "its transcript in “fr” is left out; there is room for one",
        ),
        (
            (
                '<psc:chapters><psc:chapter start="soon" title="a"/>'
                '<psc:chapter start="1" title="b"/></psc:chapters>'
            ),
            "1 of its chapters have no time or title that can be read, and are left out",
        ),
        (
            "<itunes:episode>S1E4</itunes:episode>",
            "its number “S1E4” cannot be read; 1 is taken, by its date",
        ),
        ("<itunes:season>0</itunes:season>", "its season “0” cannot be used; 1 is taken"),
    ],
)
def test_what_has_no_place_is_said(item: str, said: str):
    assert said in episode(item).remarks


def test_a_link_of_the_show_that_leads_nowhere_is_said():
    plan = planned("<guid>1</guid>", channel="<link>rye.example/show</link>")

    assert "the address of its link (“rye.example/show”) leads nowhere" in plan.remarks


def test_what_stands_for_a_guid_is_named():
    by_link = planned(f"<link>https://a.example/1</link>{DATE}").episodes[0]
    by_file = planned(f"{FILE}{DATE}").episodes[0]
    by_nothing = planned("<title>Salt</title>")

    assert "it has no guid; its link stands for it" in by_link.remarks
    assert "it has no guid; the address of its file stands for it" in by_file.remarks
    assert not by_nothing.episodes
    assert next(iter(by_nothing.lines())).startswith("left out: item 1, “Salt”: it has neither")


def test_what_has_no_date_has_no_number_by_date():
    (found,) = planned("<title>Salt</title><guid>1</guid>").episodes

    assert "it has no number; 1 is taken" in found.remarks


def test_a_category_whose_outer_one_is_known_keeps_that():
    channel = (
        '<itunes:category text="Technology"><itunes:category text="Gadgets"/></itunes:category>'
    )
    plan = planned("<guid>1</guid>", channel=channel)

    assert plan.show["podcast"]["categories"] == ["Technology"]
    assert (
        "the category “Technology > Gadgets” is not on Apple’s list; Technology is taken"
        in plan.remarks
    )


def test_longer_and_shorter_addresses_of_a_namespace_are_the_same():
    feed = (
        '<rss xmlns:g="http://www.google.com/schemas/play-podcasts/1.0/play-podcasts.xsd" '
        'xmlns:i="http://itunes.com/dtds/podcast-1.0.dtd"><channel><title>Rye</title>'
        "<g:author>Ada</g:author><i:subtitle>All of rye</i:subtitle></channel></rss>"
    )
    plan = plan_of(read_feed(feed.encode()))

    assert plan.show["tagline"] == "All of rye"
    assert plan.show["podcast"]["author"] == "Ada"


def test_what_no_file_can_have_is_left_out_and_the_rest_taken(tmp_path):
    persons = (
        '<podcast:person href="https://u:secret@a.example/">Ada</podcast:person>'
        '<podcast:episode display="3&#x85;b">3</podcast:episode>'
        '<podcast:season name="One&#x9b;">1</podcast:season>'
    )
    plan = planned(f"<title>Salt</title><guid>1</guid>{DATE}{FILE}{persons}")

    write_bundle(plan, tmp_path)

    (read,) = read_bundle(tmp_path).episodes
    assert (read.front.episode.feed_display, plan.episodes[0].remarks) != ("", ())
    assert b"secret" not in (tmp_path / "episodes" / read.slug / "index.md").read_bytes()
