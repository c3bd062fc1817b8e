"""Episodes that may already answer a letter: which, by which part and words. On both engines."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from sqlalchemy import event, update
from sqlalchemy.orm import Session

from tests.episodes.finding import a_part, add_findable, said
from tests.postgres import temporary_database
from webapp import storage
from webapp.episodes.document import Note
from webapp.episodes.models import Show
from webapp.episodes.searching import Alike, find_alike
from webapp.episodes.searching.likeness import Place
from webapp.operations.instance import make_instance
from webapp.settings import Settings
from webapp.transfer.importing import import_bundle

SEEDS = Path(__file__).parents[2] / "seeds"
LETTER = (
    "My flatmate has bought a trumpet, and the wall between our rooms is made of cardboard. "
    "I hear every scale. How do I tell my flatmate that I loathe the trumpet?"
)
QUESTION = "How do I tell my flatmate that I can hear his trumpet through the wall?"


def slugs(found: tuple[Alike, ...]) -> list[str]:
    return [alike.slug for alike in found]


def add_other(slug: str = "other", **values: object) -> None:
    add_findable(slug, title="On ferries", question="Do ferries have a captain?", **values)


def test_an_episode_is_offered_with_the_part_that_fits_and_words_of_the_letter(session: Session):
    knock = a_part("Knock", "A trumpet needs a wall of brick, and a flatmate who asks.")
    add_findable("walls", title="Thin walls", question="Can he hear us?", parts=(knock,))
    add_other()

    assert find_alike(session, LETTER) == (
        Alike(
            slug="walls",
            title="Thin walls",
            part=Place("part-one", "Knock"),
            words=("wall", "flatmate", "trumpet"),
        ),
    )


def test_there_is_no_part_where_the_question_itself_fits_best(session: Session):
    add_findable("walls", question=QUESTION, parts=(a_part("Knock", "On the wall."),))

    (alike,) = find_alike(session, LETTER)

    assert alike.part is None


def test_words_are_alike_in_all_their_forms(session: Session):
    add_findable("walls", question="Flatmates! Trumpeting! A walled garden! Loathing! Scales!")

    (alike,) = find_alike(session, LETTER)

    assert alike.words == ("flatmate", "trumpet", "loathe", "scale")


def test_words_side_by_side_are_named_together_as_they_were_typed(session: Session):
    add_findable("weddings", question="Am I only a plus one for my best friend?")

    (alike,) = find_alike(session, "I was my best friend’s plus-one for years.")

    assert set(alike.words) == {"best friend", "plus-one"}


@pytest.mark.parametrize(
    "letter",
    [
        "",
        "?!",
        "🎉",
        "Hello, is this thing on?",
        "Can I tell him that I love him, or do I wait for a year?",
        "The trumpet in the loft belongs to my grandmother, who plays the organ on Sundays.",
        "Zgrt plmf trkw",
    ],
)
def test_nothing_is_offered_rather_than_something_silly(session: Session, letter: str):
    add_findable("walls", question=QUESTION, summary="I love him. Do I wait for a year?")
    add_other()

    assert find_alike(session, letter) == ()


def test_nothing_is_offered_before_there_is_an_episode(session: Session):
    assert find_alike(session, LETTER) == ()
    add_findable("draft", question=QUESTION, published_at=None)
    assert find_alike(session, LETTER) == ()


def test_words_that_most_episodes_have_count_little(session: Session):
    for number in range(8):
        add_findable(f"e{number}", question="Does the flatmate like the wall?", days=number)
    add_findable("trumpets", question="Why do I loathe a trumpet and its scales?")

    assert slugs(find_alike(session, LETTER)) == ["trumpets"]


def test_a_word_of_every_episode_counts_little_also_where_only_the_newest_are_read(
    session: Session, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("webapp.episodes.searching.occurrences.NEWEST", 2)
    add_findable("loathing", question="Why do I loathe a rehearsal, and my bed of cardboard?")
    for number in range(20):
        add_findable(f"e{number}", question=f"{QUESTION} Every scale!", days=number)

    letter = f"{LETTER} It is a rehearsal each evening."
    assert slugs(find_alike(session, letter)) == ["loathing"]


def test_a_word_of_some_episodes_counts_more_the_further_its_newest_ones_lie_apart(
    session: Session, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("webapp.episodes.searching.occurrences.NEWEST", 2)
    monkeypatch.setattr("webapp.episodes.searching.occurrences.SAMPLE", 4)
    for number in range(40):
        question = f"{QUESTION} Scales!" if number % 19 == 0 else "Do ferries have a captain?"
        add_findable(f"e{number}", question=question, days=number)

    assert slugs(find_alike(session, LETTER)) == ["e38", "e19"]


def test_what_is_only_said_in_a_recording_does_not_answer(session: Session):
    add_findable("said", transcript=(said(QUESTION),), people=("Trumpet Flatmate Wall",))

    assert find_alike(session, LETTER) == ()


def test_what_is_not_published_is_not_offered(session: Session):
    later = datetime(2030, 5, 1, 8, tzinfo=UTC)
    add_findable("draft", question=QUESTION, published_at=None)
    add_findable("later", question=QUESTION, published_at=later)
    add_other()

    assert find_alike(session, LETTER) == ()
    with time_machine.travel(later, tick=False):
        assert slugs(find_alike(session, LETTER)) == ["later"]


def test_drafts_do_not_make_a_word_common(session: Session):
    add_findable("walls", question=QUESTION)
    add_other()
    before = find_alike(session, LETTER)

    for number in range(9):
        add_findable(f"draft-{number}", question=QUESTION, published_at=None)

    assert find_alike(session, LETTER) == before != ()


def test_the_episode_that_was_asked_from_is_left_out(session: Session):
    add_findable("walls", question=QUESTION)
    assert find_alike(session, LETTER, besides="walls") == ()
    add_findable("again", question=QUESTION)
    for number in range(6):
        add_other(f"other-{number}")

    assert slugs(find_alike(session, LETTER, besides="walls")) == ["again"]


def test_the_best_come_first_and_of_equals_the_newest_up_to_three(session: Session):
    part = a_part("The trumpet", QUESTION)
    add_findable("best", question=f"{QUESTION} Every scale!", parts=(part,))
    for number in (2, 1, 3):
        add_findable(f"walls-{number}", question=QUESTION, parts=(part,), days=number)
    for number in range(16):
        add_other(f"other-{number}", days=9)

    letter = "I hear my flatmate through the wall. The trumpet! The scales!"
    assert slugs(find_alike(session, letter)) == ["best", "walls-3", "walls-2"]
    assert slugs(find_alike(session, letter, limit=1)) == ["best"]


def test_a_closed_part_is_offered_by_its_heading_and_nothing_in_it_is_named(session: Session):
    closed = a_part("Knock", "A trumpet, a wall, a flatmate, a scale.", adult=True)
    add_findable("walls", title="The wall", parts=(closed,))

    (alike,) = find_alike(session, LETTER)

    assert alike.part == Place("part-one", "Knock")
    assert alike.words == ("wall",)


def test_of_a_closed_text_not_even_a_heading_is_told(session: Session):
    add_findable(
        "walls",
        title="The wall",
        question="Do you loathe a scale?",
        parts=(a_part("Trumpet", "A trumpet, a wall, a flatmate."),),
        notes=(Note(about="text", level="adult", text="Frank."),),
    )

    (alike,) = find_alike(session, LETTER)

    assert alike.part is None
    assert alike.words == ("wall",)


def test_in_another_language_words_count_by_their_rarity_alone(session: Session):
    storage.write(lambda writing: writing.execute(update(Show).values(language="de")))
    for number in range(8):
        add_findable(f"e{number}", question="Was sage ich ihm, wenn er nicht mit mir in die Berge?")
    add_findable("walls", question="Was sage ich, wenn die Trompete durch die Wand zu hören ist?")

    letter = "Er hat eine Trompete, und die Wand ist nicht dick. Was sage ich ihm?"
    assert slugs(find_alike(session, letter)) == ["walls"]
    assert find_alike(session, "Was sage ich ihm, wenn er nicht mit mir in die Oper will?") == ()


@pytest.mark.parametrize("episodes", [1, 12])
@pytest.mark.parametrize(("letter", "statements"), [(LETTER, 4), ("Zgrt", 2), (LETTER * 40, 4)])
def test_it_takes_the_same_number_of_statements_for_any_number_of_episodes(
    session: Session, episodes: int, letter: str, statements: int
):
    for number in range(episodes):
        add_findable(f"e{number}", question=QUESTION, parts=(a_part("Knock", QUESTION),))
    counted: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if statement.lstrip("(").startswith("SELECT"):
            counted.append(statement)

    event.listen(storage.db.engine, "before_cursor_execute", note)
    try:
        find_alike(session, letter)
    finally:
        event.remove(storage.db.engine, "before_cursor_execute", note)

    assert len(counted) == statements


def test_nothing_of_a_letter_is_logged(session: Session, caplog: pytest.LogCaptureFixture):
    add_findable("walls", question=QUESTION)

    with caplog.at_level(logging.DEBUG):
        find_alike(session, LETTER)

    assert "trumpet" not in caplog.text.lower()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(letter=st.text(st.characters(exclude_categories=()), max_size=300))
def test_no_letter_fails(session: Session, letter: str):
    find_alike(session, letter)
    find_alike(session, f"{LETTER} {letter} {LETTER}")


@pytest.mark.parametrize(
    "letter",
    [
        f"{LETTER} " * 1_000,
        LETTER + " ".join(f"word{number}" for number in range(30_000)),
        LETTER + "".join(map(chr, range(0x4E00, 0x9000))),
    ],
)
def test_of_a_letter_without_end_its_beginning_counts(session: Session, letter: str):
    add_findable("walls", question=f"{QUESTION} {LETTER}" * 9)

    find_alike(session, letter)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def show(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Session]:
    """The show that comes with the project."""
    given: dict[str, object] = {"instance": tmp_path_factory.mktemp(f"alike-{request.param}")}
    with ExitStack() as stack:
        if request.param == "postgresql":
            shared = tmp_path_factory.getbasetemp()
            given["database_url"] = stack.enter_context(temporary_database(shared))
        app = make_instance(Settings.load(**given))
        with app.app_context():
            import_bundle(SEEDS / "show")
            yield storage.read()
        with app.app_context():
            storage.db.engine.dispose()


@pytest.fixture(scope="module")
def letters() -> dict[str, str]:
    """The letters of the demonstration, by how they are signed."""
    rows = YAML(typ="safe").load((SEEDS / "questions.yaml").read_text(encoding="utf-8"))
    return {row["sign_off"]: row["text"] for row in rows}


@pytest.mark.parametrize(
    ("signed", "slug"),
    [
        ("Slow and Steady", "the-ex-with-the-dog"),
        ("Bike Widow, Bath", "the-chair-with-the-clothes"),
        ("Tired", "the-chair-with-the-clothes"),
        ("Patient, I Thought", "getting-to-yes"),
        ("Second in the League", "plus-one-minus-me"),
        ("The Falconry Dress", "plus-one-minus-me"),
    ],
)
def test_a_letter_about_the_same_matter_gets_that_episode(
    show: Session, letters: dict[str, str], signed: str, slug: str
):
    assert slugs(find_alike(show, letters[signed])) == [slug]


@pytest.mark.parametrize(
    "signed",
    [
        "Financially Free Fiona",
        "Full Stops Out",
        "Newly Single, Still Hungry",
        "One Room in Whitby",
        "Happy Again",
        "Still in the car",
        "Best Regards",
        "slept great!",
        "Not Craig",
        "Claims Pending",
        "All Right, Me",
        "4 minutes",
        "Box Room Queen",
    ],
)
def test_a_letter_about_something_else_gets_none(
    show: Session, letters: dict[str, str], signed: str
):
    assert find_alike(show, letters[signed]) == ()


@pytest.mark.parametrize(
    ("letter", "slug", "part"),
    [
        (
            "Both our names are on the tenancy. Who pays the rent, and who keeps the deposit?",
            "nothing-wrong-with-him",
            "part-the-lease",
        ),
        (
            "The condom broke while we had anal sex. Do I need PEP, and from which clinic?",
            "getting-to-yes",
            "part-five",
        ),
        (
            "She checks my phone, has my passwords, knows my location. Jealous or controlling?",
            "the-ex-with-the-dog",
            "part-control",
        ),
        (
            "I met him online. He asked me for money, and my bank says that I should report it.",
            "seven-weeks-of-good-morning",
            "part-five",
        ),
    ],
)
def test_a_letter_lands_at_the_part_that_answers_it(
    show: Session, letter: str, slug: str, part: str
):
    (alike,) = find_alike(show, letter)

    assert alike.slug == slug
    assert alike.part is not None
    assert alike.part.anchor == part
