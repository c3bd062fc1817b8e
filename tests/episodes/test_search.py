"""Searching: what is found, in which order, and where one lands. The same on both engines."""

from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import delete, event, func, select
from sqlalchemy.orm import Session

from tests.episodes.finding import a_part, add_findable, marked, said, slugs
from webapp import storage
from webapp.episodes.document import Note, Resource
from webapp.episodes.models import Episode
from webapp.episodes.searching import search
from webapp.episodes.searching.models import Passage


def test_the_title_counts_most_then_question_heading_text_and_what_was_said(session: Session):
    add_findable("said", transcript=(said("About walls."),))
    add_findable("text", parts=(a_part("Knock", "Through walls."),))
    add_findable("heading", parts=(a_part("Walls", "Knock."),))
    add_findable("question", question="Why are walls thin?")
    add_findable("title", title="Thin walls")

    assert slugs(search(session, "walls")) == ["title", "question", "heading", "text", "said"]


def test_whole_words_come_before_beginnings_and_newer_before_older(session: Session):
    add_findable("article-newest", title="An article", days=9)
    add_findable("art-older", title="Art", days=1)
    add_findable("art-newer", title="Art", days=2)

    assert slugs(search(session, "art")) == ["art-newer", "art-older", "article-newest"]


def test_a_hit_says_where_to_land(session: Session):
    add_findable(
        "walls",
        title="Walls",
        question="Which walls?",
        short_answer_html="<p>All <em>walls</em>.</p>",
        parts=(a_part("On walls", "Knock.", part_id="on-walls"),),
        transcript=(said("Hello."), said("Walls, then.", 65.7)),
    )

    def places(query: str) -> list[tuple[str, str, str, int | None]]:
        (episode,) = search(session, query).episodes
        return [(hit.kind, hit.heading, hit.anchor, hit.at) for hit in episode.hits]

    assert places("walls") == [
        ("title", "Walls", "", None),
        ("question", "", "", None),
        ("part", "On walls", "part-on-walls", None),
    ]
    assert places("all walls") == [("short-answer", "", "page-short-answer", None)]
    assert places("then") == [("transcript", "The Host", "t=65", 65)]


def test_an_episode_shows_three_places_and_counts_the_others(session: Session):
    parts = tuple(a_part("Walls", "Thin.", part_id=f"part{number}") for number in range(5))
    add_findable("walls", parts=parts)

    (episode,) = search(session, "walls").episodes

    assert [hit.anchor for hit in episode.hits] == ["part-part0", "part-part1", "part-part2"]
    assert episode.more == 2


def test_words_of_a_heading_and_its_text_stand_in_one_place(session: Session):
    add_findable("walls", parts=(a_part("Going slowly", "Knock on the wall."),))

    results = search(session, "slowly knock")

    assert slugs(results) == ["walls"]
    assert results.fit == "place"


@pytest.mark.parametrize(
    ("written", "query"),
    [
        ("café", "cafe"),
        ("cafe", "CAFÉ"),
        ("naïve", "naive"),
        ("Straße", "strasse"),
        ("strasse", "straße"),
        ("Smørrebrød", "smorrebrod"),
        ("don’t", "don't"),
        ("don't", "dont"),
        ("l’amour", "amour"),
        ("relationship", "relat"),
        ("well-being", "being"),
        ("Ёлка", "елка"),
        ("関係性について", "関係"),
        ("関係性について", "性"),
        ("ความสัมพันธ์ที่ดี", "พันธ์"),
        ("re\u00adlation", "relation"),
        ("C3PO", "c3po"),
        ("AND", "and"),
        ("near", "NEAR"),
    ],
)
def test_words_are_found_however_they_are_written(session: Session, written: str, query: str):
    add_findable("it", transcript=(said(f"So: {written}, then."),))
    add_findable("other", transcript=(said("Something else."),))

    (episode,) = search(session, query).episodes

    assert episode.slug == "it"
    assert marked(episode.hits[0]) != []


@pytest.mark.parametrize("query", ["a", "関話", "elation", "cafés", "thins"])
def test_what_nobody_wrote_is_not_found(session: Session, query: str):
    add_findable("it", title="Relation", summary="Thin walls, café, 関係性と会話.")

    assert search(session, query).episodes == ()


def test_a_phrase_is_found_as_it_stands(session: Session):
    add_findable("phrase", transcript=(said("It is probably you, he said."),))
    add_findable("words", transcript=(said("You probably know it is."),))

    phrase = search(session, "“Probably you”")

    assert slugs(phrase) == ["phrase"]
    assert phrase.fit == "place"
    assert marked(phrase.episodes[0].hits[0]) == ["probably you"]


def test_a_phrase_that_nobody_said_is_loosened_to_its_words(session: Session):
    add_findable("words", transcript=(said("You probably know it is."),))

    results = search(session, '"probably you"')

    assert slugs(results) == ["words"]
    assert results.fit == "episode"


def test_a_quote_without_its_partner_is_ignored(session: Session):
    add_findable("words", transcript=(said("You probably know it is."),))

    assert search(session, 'probably" you').fit == "place"


def test_a_query_is_loosened_to_one_episode_and_then_to_some_words(session: Session):
    add_findable("both", question="Is it jealousy?", transcript=(said("The holiday."),))
    add_findable("one", question="Is it jealousy?", days=9)

    assert slugs(search(session, "jealousy holiday")) == ["both"]
    assert slugs(search(session, "jealousy holiday kitchen")) == ["both", "one"]
    assert search(session, "jealousy holiday").fit == "episode"
    assert search(session, "jealousy holiday kitchen").fit == "some"
    assert search(session, "jealousy").fit == "place"


def test_nothing_unpublished_is_found_counted_or_suggested(session: Session):
    later = datetime(2030, 5, 1, 8, tzinfo=UTC)
    add_findable("draft", title="Relationship", published_at=None)
    add_findable("later", title="Relationship", published_at=later)

    for query in ("relationship", "relatonship", "relationship kitchen", '"relationship"'):
        assert search(session, query).episodes == ()
        assert search(session, query).suggestions == ()
    with time_machine.travel(later, tick=False):
        assert slugs(search(session, "relationship")) == ["later"]


def test_what_is_closed_is_found_but_not_told(session: Session):
    add_findable("part", parts=(a_part("Slowly", "A lubricant helps.", adult=True),))
    for about in ("video", "text"):
        notes = (Note(about=about, level="adult", text="Frank."),)
        add_findable(about, notes=notes, transcript=(said("Some lubricant."),))

    results = search(session, "lubricant")

    hits = [episode.hits[0] for episode in results.episodes]
    assert slugs(results) == ["part", "text", "video"]
    assert [(hit.closed, hit.excerpt) for hit in hits] == [(True, ())] * 3
    assert (hits[0].anchor, hits[0].heading) == ("part-one", "Slowly")
    assert search(session, "lubricent").suggestions == ()


def test_an_adult_text_closes_its_question_answer_and_the_titles_in_it(session: Session):
    resource = Resource(
        kind="book", title="Walls", by="", url="", country="", cost="", checked=None
    )
    add_findable(
        "adult",
        title="Thin walls",
        question="Which walls?",
        notes=(Note(about="text", level="adult", text="Frank."),),
        short_answer_html="<p>No walls at all.</p>",
        parts=(a_part("Walls, slowly", "Knock."),),
        resources=(resource,),
    )

    for query, kind in (("which", "question"), ("all", "short-answer")):
        (hit,) = search(session, query).episodes[0].hits
        assert (hit.kind, hit.closed) == (kind, True)
    (episode,) = search(session, "walls").episodes
    assert [hit.heading for hit in episode.hits] == ["Thin walls", "", ""]
    assert [hit.kind for hit in episode.hits] == ["title", "question", "part"]
    assert episode.more == 2


@pytest.mark.parametrize(
    ("query", "suggested"),
    [
        ("relatonship", ("relationship",)),
        ("relationshiip", ("relationship",)),
        ("reltaionship", ("relationship",)),
        ("xelationship", ("relationship",)),
        ("cafw", ("café",)),
        ("jelous relatonship", ("jealous relationship",)),
        ("zzzzzz", ()),
    ],
)
def test_a_mistyped_word_brings_a_near_one(
    session: Session, query: str, suggested: tuple[str, ...]
):
    add_findable("it", title="A jealous relationship", summary="In a café.")

    results = search(session, query)

    assert results.episodes == ()
    assert results.suggestions == suggested
    for suggestion in suggested:
        assert search(session, suggestion).episodes != ()


def test_there_are_three_suggestions_at_most_the_nearest_first(session: Session):
    add_findable("it", title="Waltz", summary="Wally walls a wall.")

    assert search(session, "wallz").suggestions == ("wall", "walls", "wally")


def test_saving_again_replaces_and_deleting_leaves_nothing(session: Session):
    add_findable("it", title="Before")
    storage.write(lambda writing: writing.execute(delete(Episode).where(Episode.slug == "it")))
    assert search(session, "before").episodes == ()
    add_findable("it", title="After")

    assert search(session, "before").episodes == ()
    assert slugs(search(session, "after")) == ["it"]
    assert session.scalar(select(func.count()).select_from(Passage)) == 3


@pytest.mark.parametrize("episodes", [1, 30])
@pytest.mark.parametrize(
    ("query", "statements"),
    [
        ("emoji 🎉", 4),
        ("walls", 4),
        ("jealousy walls", 5),
        ("kitchen walls", 6),
        ("wallz", 4),
        ("qqqqqq", 3),
        ("🎉", 0),
    ],
)
def test_a_search_takes_the_same_number_of_statements_for_any_number_of_episodes(
    session: Session, episodes: int, query: str, statements: int
):
    for number in range(episodes):
        add_findable(f"e{number}", title="Walls emoji", question="Jealousy?")
    counted: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if statement.lstrip("(").startswith("SELECT"):
            counted.append(statement)

    event.listen(storage.db.engine, "before_cursor_execute", note)
    try:
        search(session, query)
    finally:
        event.remove(storage.db.engine, "before_cursor_execute", note)

    assert len(counted) == statements


def test_a_page_of_results_is_bounded(session: Session):
    for number in range(25):
        add_findable(f"e{number}", title="Walls", days=number)

    assert len(search(session, "walls").episodes) == 20
    assert slugs(search(session, "walls", limit=2)) == ["e24", "e23"]


def test_an_episode_is_found_by_who_speaks_in_it(session: Session):
    add_findable("heard", people=("Imani Brandt", "Dot Farrow"))

    (found,) = search(session, "imani").episodes

    assert [(hit.kind, hit.anchor, marked(hit)) for hit in found.hits] == [
        ("people", "page-people", ["Imani"])
    ]


def test_more_episodes_than_are_shown_are_said(session: Session):
    for number in range(3):
        add_findable(f"e{number}", title="Walls")

    assert search(session, "walls", limit=2).more
    assert not search(session, "walls", limit=3).more
