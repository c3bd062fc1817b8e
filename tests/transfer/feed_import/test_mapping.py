"""A feed becomes files of a bundle: every item accounted for, and nothing lost unsaid."""

from pathlib import Path

import pytest

from tests.transfer.feed_import.conftest import FEEDS
from webapp.episodes.question_block import dump
from webapp.studio.drafts import compose
from webapp.transfer.bundle import read_bundle
from webapp.transfer.feed_import.mapping import plan_of
from webapp.transfer.feed_import.plan import Around, FeedPlan, Kept, PlannedEpisode
from webapp.transfer.feed_import.reading import read_feed

HOUSES = sorted(file.stem for file in FEEDS.glob("*.xml"))


def planned(house: str, **kept: Kept) -> FeedPlan:
    feed = read_feed((FEEDS / f"{house}.xml").read_bytes())
    return plan_of(feed, around=Around(kept=kept))


def only(plan: FeedPlan) -> PlannedEpisode:
    (episode,) = plan.episodes
    return episode


def write_bundle(plan: FeedPlan, folder: Path) -> None:
    """Write a plan as the folder that it describes, with an address where the feed has none."""
    (folder / "people").mkdir(parents=True)
    show = {**plan.show, "email": plan.show["email"] or "hello@show.example"}
    (folder / "show.yaml").write_text(dump(show))
    if plan.topics:
        (folder / "topics.yaml").write_text(
            "".join(
                f"- {{slug: {topic['slug']}, name: {topic['name']!r}}}\n" for topic in plan.topics
            )
        )
    for person in plan.people:
        (folder / "people" / f"{person.slug}.md").write_text(compose(person.front, ""))
    for episode in plan.episodes:
        place = folder / "episodes" / episode.slug
        place.mkdir(parents=True)
        (place / "index.md").write_text(compose(episode.front, episode.body))
        for name, text in episode.texts.items():
            (place / name).write_text(text)


@pytest.mark.parametrize("house", HOUSES)
def test_a_plan_is_a_bundle_that_can_be_read(house: str, tmp_path: Path):
    plan = planned(house)

    write_bundle(plan, tmp_path)
    bundle = read_bundle(tmp_path)

    assert {episode.front.guid for episode in bundle.episodes} == {
        episode.guid for episode in plan.episodes
    }
    assert all(episode.front.draft for episode in bundle.episodes)


@pytest.mark.parametrize("house", HOUSES)
def test_every_item_is_accounted_for(house: str):
    feed = read_feed((FEEDS / f"{house}.xml").read_bytes())

    plan = plan_of(feed)

    told = [episode.position for episode in plan.episodes] + [
        item.position for item in plan.left_out
    ]
    assert sorted(told) == [item.position for item in feed.items]
    assert len(list(plan.lines())) >= len(feed.items)


def test_the_plan_is_said_in_words():
    assert list(planned("serial").lines()) == [
        "new: episodes/prologue: it has no number; 2 is taken, by its date",
        "new: episodes/chapter-1",
        "new: episodes/chapter-1-2026-02-15: another episode has its old address, /ch?id=1",
        (
            "new: episodes/episode: it has no guid; the address of its file stands for it; it has "
            "no title; Episode 3 is taken; it has no number; 3 is taken, by its date"
        ),
        "left out: item 4, “A copy”: its guid is that of item 2",
        (
            "left out: item 5, “Nothing at all”: it has neither a guid nor a file nor a link to "
            "know it by"
        ),
        "note: It uses the prefixes itunes, podcast and does not say what they are.",
        (
            "for the owner: The feed says no time zone; UTC is taken until the show’s settings "
            "name one."
        ),
        "4 new, 0 drafts, 2 left out",
    ]


def test_an_episode_keeps_all_that_its_item_says():
    episode = only(planned("castopod"))

    assert episode.front == {
        "guid": "https://pod.example/@deuxvoix/episodes/dire-non-sans-blesser",
        "title": "Dire non sans blesser",
        "slug": "dire-non-sans-blesser",
        "date": "2026-03-03T07:00:00+00:00",
        "draft": True,
        "summary": "Comment dire non ? Avec une phrase courte. Merci à Léa.",
        "aliases": ["/@deuxvoix/episodes/dire-non-sans-blesser"],
        "episode": {
            "season": 2,
            "number": 3,
            "type": "full",
            "duration": 645,
            "feed_number": "3.5",
            "feed_display": "3½",
        },
        "contributors": [
            {"person": "zoe-blanc", "role": "host"},
            {"person": "lea-noir", "role": "guest"},
            {"person": "lea-noir", "role": "audio editor"},
        ],
        "source": {
            "feed": "https://pod.example/@deuxvoix/feed.xml",
            "guid": "https://pod.example/@deuxvoix/episodes/dire-non-sans-blesser",
            "permalink": True,
            "link": "https://pod.example/@deuxvoix/episodes/dire-non-sans-blesser",
            "season": "2",
            "season_name": "Le corps",
            "episode": "3.5",
            "enclosure": {
                "url": "https://pod.example/audio/@deuxvoix/dire-non.mp3?_from=-+Unknown+-",
                "type": "audio/mpeg",
                "length": 9_876_543,
            },
            "people": [{"name": "Léa Noir", "image": "https://pod.example/lea.jpg"}],
        },
    }
    assert episode.body == "Comment dire non ? Avec une phrase courte.\n\n*Merci à Léa.*\n"


def test_files_beside_an_episode_are_to_be_fetched_in_their_best_form():
    files = only(planned("buzzsprout")).files

    assert [(file.kind, file.name) for file in files] == [
        ("media", "audio.mp3"),
        ("transcript", "transcript.en-US.vtt"),
        ("chapters", "chapters.json"),
    ]
    assert files[1].url.endswith("transcript.vtt")


def test_chapters_that_stand_in_the_feed_need_no_fetching():
    assert '"title": "Lehne"' in only(planned("podlove")).texts["chapters.json"]


def test_the_show_is_mapped_and_what_lacks_is_asked():
    plan = planned("buzzsprout")

    assert plan.show["podcast"] == {
        "guid": "9b024349-ccf0-5f69-a609-6b82873eab3c",
        "author": "June Post",
        "owner": "June Post",
        "categories": [
            "Society & Culture > Personal Journals",
            "Health & Fitness > Mental Health",
            "Health & Fitness > Sexuality",
        ],
        "type": "serial",
        "explicit": True,
        "funding": [{"url": "https://give.example/letters", "label": "Buy us a stamp"}],
        "txt": [{"purpose": "verify", "text": "letters-1830921"}],
    }
    assert plan.show["language"] == "en-US"
    assert plan.asks[0] == "The feed names no mail address; the show needs one."
    assert plan.artwork == "https://img.buzz.example/v/letters.jpg"


def test_a_locked_feed_asks_the_owner_and_says_no_address():
    plan = planned("libsyn")

    assert plan.is_locked
    assert plan.asks[0] == "The feed is locked: only its owner may take it over."
    assert "post@kettle.example" not in "\n".join(plan.lines())


def test_what_cannot_be_played_or_dated_stays_a_draft_with_its_reasons():
    _talk, article, film = planned("powerpress").episodes

    assert article.reasons == ("it has no file to play",)
    assert film.reasons == (
        "its date “irgendwann im Januar” cannot be read",
        "its file is of a kind that is not played here (video/ogg)",
    )
    assert "date" not in film.front


def test_tags_without_a_place_are_listed_with_their_number():
    lines = list(planned("libsyn").lines())

    assert "no place for: itunes:keywords (2)" in lines


def test_topics_are_the_categories_of_the_items():
    plan = planned("powerpress")

    assert plan.topics == ({"slug": "nahe", "name": "Nähe"}, {"slug": "ruhe", "name": "Ruhe"})
    assert plan.episodes[0].front["topics"] == ["nahe", "ruhe"]


def test_an_item_that_names_nobody_has_the_shows_own_people():
    plan = planned("buzzsprout")

    assert only(plan).front["contributors"] == [{"person": "june-post", "role": "host"}]
    assert plan.people[0].front == {
        "name": "June Post",
        "links": [{"label": "Their own page", "url": "https://june.example", "feed": True}],
        "source": {"image": "https://june.example/face.jpg"},
    }


def test_two_runs_make_the_same_files():
    assert planned("anchor") == planned("anchor")


def test_what_was_imported_before_keeps_its_slug_and_number():
    kept = {"Buzzsprout-14001": Kept("bus-stop", 2, 9)}

    front = only(planned("buzzsprout", **kept)).front

    assert (front["slug"], front["episode"]["number"]) == ("bus-stop", 9)


def test_a_guid_that_no_bundle_can_hold_is_left_out_with_its_reason():
    long = "x" * 501
    items = f"<item><guid>{long}</guid></item><item><guid>a\nb</guid></item>"

    plan = plan_of(read_feed(f"<rss><channel>{items}</channel></rss>".encode()))

    assert [item.why for item in plan.left_out] == [
        "its guid is longer than 500 characters, or has more than one line"
    ] * 2


def test_a_text_that_the_page_cannot_show_becomes_plain_paragraphs():
    notes = "&lt;p&gt;" + "word " * 60_000 + "&lt;/p&gt;"
    item = f"<item><guid>a</guid><description>{notes}</description></item>"

    episode = only(plan_of(read_feed(f"<rss><channel>{item}</channel></rss>".encode())))

    assert any("plain paragraphs" in remark for remark in episode.remarks)
    assert episode.body.count("word") > 10_000
