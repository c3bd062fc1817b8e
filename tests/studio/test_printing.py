"""What an episode prints of a question: nothing before it is published, an edited text then."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests import factories
from tests.moderation.clustering import EDITH, SAM, add, add_episode, move, plan, settle, stands
from tests.studio.asked import WORDS, chosen, episode_of, file_of, start, write
from webapp import clock, storage
from webapp.episodes.front_matter import read
from webapp.episodes.models import BundleFile, Episode
from webapp.episodes.searching.models import Passage, SearchWord
from webapp.exceptions import Refused
from webapp.moderation import clusters, leads
from webapp.questions.models import Question
from webapp.questions.purging import Purged, purge
from webapp.questions.services import THE_RETENTION, withdraw
from webapp.questions.services import move as move_question
from webapp.settings import Settings
from webapp.storage.history import Actor
from webapp.storage.sealing import seal
from webapp.studio import printing, services

OWNER = Actor("Olga", "owner", 3)
LATER = timedelta(days=3)


def publish(episode_id: int, **how: object) -> None:
    storage.write(services.publish, episode_id=episode_id, actor=EDITH, **how)


def schedule(question: UUID | None = None) -> tuple[UUID, int]:
    """Return a question and its episode that goes out in three days."""
    question = question or chosen()
    episode_id = start(question)
    publish(episode_id, at=clock.now() + LATER)
    return question, episode_id


def erase(question: UUID, actor: Actor) -> None:
    storage.write(
        move_question,
        question_id=question,
        to="erased",
        seen_version=stands(question).version,
        actor=actor,
    )


def add_asking(text: str) -> int:
    """Add a draft that prints a question which came with it."""
    episode_id = add_episode()

    def ask(session: Session) -> None:
        one = update(Episode).where(Episode.id == episode_id)
        session.execute(one.values(question_text=text))

    storage.write(ask)
    return episode_id


def seal_web_text(question: UUID, text: str) -> None:
    """Give a question a web text that nobody was asked about."""
    place = "questions.web_text_sealed"

    def seal_it(session: Session) -> None:
        sealed = seal(storage.current_keyring(), question, place, text)
        one = update(Question).where(Question.id == question)
        session.execute(one.values(web_text_sealed=sealed))

    storage.write(seal_it)


def told(episode_id: int) -> Sequence[str]:
    """Return all that an episode says of a question: its columns, its file, the search's."""
    found = episode_of(episode_id)
    passages = select(Passage.text).where(Passage.episode_id == episode_id)
    texts = storage.read().scalars(passages.where(Passage.kind == "question")).all()
    asked = read(file_of(episode_id), file="index.md").question
    file = (asked.text, asked.sign_off) if asked else ()
    columns = (found.question_text, found.question_sign_off, found.question_asked)
    return [each for each in (*columns, *texts, *file) if each]


def words_in(in_app: Flask, words: str) -> list[str]:
    """Return the runs of words that stand in the clear anywhere in the database tonight."""
    settings: Settings = in_app.extensions["postbag.settings"]
    storage.forget_order()
    storage.read().rollback()
    if settings.database_url:
        columns = (Episode.question_text, BundleFile.text, Passage.text, Passage.words)
        kept = "\n".join(
            text for column in columns for text in storage.read().scalars(select(column))
        )
    else:
        folder: Path = settings.instance_path
        files = folder.glob("postbag.sqlite3*")
        kept = "\n".join(path.read_bytes().decode("latin-1") for path in files)
    some = words.lower().split()
    runs = {" ".join(some[at : at + 3]) for at in range(len(some) - 2)}
    return sorted(run for run in runs if run in kept.lower())


def test_no_words_stand_in_the_clear_before_the_episode_is_published(in_app: Flask):
    question = chosen()
    start(question)

    assert words_in(in_app, WORDS) == []
    assert words_in(in_app, factories.LETTER) == []


def test_publishing_prints_the_question_its_sign_off_and_its_month(in_app: Flask):
    question = chosen()
    episode_id = start(question)

    publish(episode_id)

    found, month = episode_of(episode_id), f"{stands(question).received_on:%Y-%m}"
    assert (found.question_text, found.question_sign_off) == (WORDS, "Curious in Kansas")
    assert (found.question_asked, found.question_edited) == (month, True)
    front = read(file_of(episode_id), file="index.md")
    assert front.question.model_dump() == {
        "text": WORDS,
        "sign_off": "Curious in Kansas",
        "asked": month,
        "edited": True,
    }
    assert (front.draft, front.date) == (False, found.published_at)
    assert told(episode_id).count(WORDS) == 3


def test_an_editor_may_change_the_sign_off_that_is_printed(in_app: Flask):
    episode_id = start(chosen())

    publish(episode_id, at=clock.now() + LATER, sign_off="Somebody")
    publish(episode_id)

    assert episode_of(episode_id).question_sign_off == "Somebody"


def test_the_web_text_goes_before_the_air_text_and_the_letter_is_never_printed(in_app: Flask):
    first, second, third = (chosen() for _ in range(3))
    write(second, air="Said.")
    write(first, air="Said.", web="Printed.")

    episodes = [start(each, web="") for each in (first, second, third)]
    for each in episodes:
        publish(each)

    assert [episode_of(each).question_text for each in episodes] == ["Printed.", "Said.", ""]


@pytest.mark.parametrize("web", [factories.LETTER, factories.LETTER.upper() + "!"])
def test_what_may_only_be_paraphrased_is_never_printed_as_it_was_sent(in_app: Flask, web: str):
    question = chosen(consent="paraphrase")
    episode_id = start(question, web="")
    seal_web_text(question, web)

    publish(episode_id)

    assert told(episode_id) == []


def test_what_is_private_is_never_printed(in_app: Flask):
    question, episode_id = chosen(), add_asking("")
    write(question, web=WORDS)
    plan(question, episode_id)

    def make_private(session: Session) -> None:
        one = update(Question).where(Question.id == question)
        session.execute(one.values(consent="private"))

    storage.write(make_private)
    publish(episode_id)

    assert episode_of(episode_id).question_text == ""
    with pytest.raises(Refused):
        printing.find_printed(storage.current_keyring(), stands(question))


def test_words_of_an_editors_own_stay(in_app: Flask):
    question, episode_id = chosen(), add_asking("In our own words.")
    write(question, web=WORDS)
    plan(question, episode_id)

    publish(episode_id)
    storage.write(services.take_back, episode_id=episode_id, actor=EDITH)

    assert episode_of(episode_id).question_text == "In our own words."


def test_the_search_finds_a_question_only_once_its_episode_is_out(in_app: Flask):
    _question, episode_id = schedule()

    assert told(episode_id).count(WORDS) == 2
    storage.read().rollback()
    assert storage.read().get(SearchWord, "quarrelling") is None
    with time_machine.travel(clock.now() + 2 * LATER):
        settle(episode_id)
        assert told(episode_id).count(WORDS) == 3
        settle(episode_id)
        assert told(episode_id).count(WORDS) == 3


def withdrawn(question: UUID) -> None:
    storage.write(withdraw, question_id=question)


def erased_by_the_owner(question: UUID) -> None:
    erase(question, OWNER)


def erased_by_retention(question: UUID) -> None:
    erase(question, THE_RETENTION)


def texts_erased_by_retention(question: UUID) -> None:
    def make_due(session: Session) -> None:
        one = update(Question).where(Question.id == question)
        session.execute(one.values(texts_until=date(2020, 1, 1), kept_until=date(2999, 1, 1)))

    storage.write(make_due)
    while storage.write(purge, today=clock.today()) != Purged():
        pass


def named_for_nothing(question: UUID) -> None:
    plan(question, None)


def declined(question: UUID) -> None:
    decide(question, "declined")


def not_ready(question: UUID) -> None:
    decide(question, "shortlisted")


def edited(question: UUID) -> None:
    write(question, web="Other words by now.")


def decide(question: UUID, *states: str) -> None:
    for to in ("shortlisted", *states):
        if stands(question).state != to:
            storage.write(
                move_question,
                question_id=question,
                to=to,
                seen_version=stands(question).version,
                actor=EDITH,
                also={"decline_reason": "covered"} if to == "declined" else None,
            )


WAYS_OUT = [
    withdrawn,
    erased_by_the_owner,
    erased_by_retention,
    texts_erased_by_retention,
    named_for_nothing,
    declined,
    not_ready,
    edited,
]


@pytest.mark.parametrize("way_out", WAYS_OUT)
def test_what_is_taken_back_before_the_moment_is_printed_nowhere(in_app: Flask, way_out):
    question, episode_id = schedule()
    assert words_in(in_app, WORDS)

    way_out(question)

    assert told(episode_id) == []
    assert words_in(in_app, WORDS) == []
    assert "Curious in Kansas" not in file_of(episode_id)


def test_a_text_that_was_edited_since_goes_with_its_question(in_app: Flask):
    question, episode_id = schedule()
    write(question, web="Other words by now.")

    withdrawn(question)

    assert told(episode_id) == []


def test_what_cannot_be_opened_is_taken_out_all_the_same(in_app: Flask):
    question, episode_id = schedule()

    def break_it(session: Session) -> None:
        one = update(Question).where(Question.id == question)
        session.execute(one.values(text_sealed=b"broken" * 20))

    storage.write(break_it)
    withdrawn(question)

    assert told(episode_id) == []


@pytest.mark.parametrize("state", ["recorded", "answered"])
def test_what_was_put_off_after_it_was_out_goes_with_its_question(in_app: Flask, state: str):
    question = chosen()
    episode_id = start(question)
    if state == "recorded":
        move(question, "ready", "scheduled", "recorded")
    else:
        publish(episode_id)
        settle(episode_id)
    publish(episode_id, at=clock.now() + LATER)

    withdrawn(question)

    assert told(episode_id) == []


@pytest.mark.parametrize("way_out", WAYS_OUT[:3])
def test_what_was_printed_stays_when_its_question_is_erased(in_app: Flask, way_out):
    question = chosen()
    episode_id = start(question)
    publish(episode_id)
    settle(episode_id)

    way_out(question)

    assert episode_of(episode_id).question_text == WORDS
    assert told(episode_id).count(WORDS) == 3


@pytest.mark.parametrize("is_out", [False, True])
def test_a_draft_again_has_no_words_until_it_is_published_again(in_app: Flask, is_out: bool):
    question = chosen()
    episode_id = start(question)
    publish(episode_id, at=None if is_out else clock.now() + LATER)
    settle(episode_id)

    storage.write(services.take_back, episode_id=episode_id, actor=EDITH)
    settle(episode_id)

    assert told(episode_id) == []
    assert words_in(in_app, WORDS) == []
    write(question, web="Newer words.")
    publish(episode_id)
    assert episode_of(episode_id).question_text == "Newer words."


def test_a_draft_that_is_published_without_its_question_prints_none(in_app: Flask):
    question = chosen()
    episode_id = start(question)
    withdrawn(question)

    publish(episode_id)

    assert told(episode_id) == []


def test_a_question_that_is_named_later_is_printed_by_publishing_once_more(in_app: Flask):
    question, episode_id = chosen(), add_asking("")
    moment = clock.now() + LATER
    publish(episode_id, at=moment)
    write(question, web=WORDS)
    plan(question, episode_id)

    publish(episode_id, at=moment)

    assert episode_of(episode_id).question_text == WORDS


def test_the_one_that_leads_by_now_is_printed(in_app: Flask):
    question, other = chosen(), add()
    episode_id = start(question, web="")
    storage.write(
        clusters.merge,
        lead=clusters.Seen(question, stands(question).version),
        members=[clusters.Seen(other, stands(other).version)],
        actor=SAM,
    )
    storage.write(leads.make_lead, question_id=other, seen_version=stands(other).version, actor=SAM)
    write(other, web="The other one.")

    publish(episode_id)

    assert episode_of(episode_id).question_text == "The other one."


def test_what_is_only_shortlisted_is_never_printed(in_app: Flask):
    question = chosen()
    episode_id = start(question)
    decide(question, "shortlisted")

    publish(episode_id)

    assert told(episode_id) == []


def test_what_was_erased_after_it_was_out_is_not_printed_again_once_taken_back(in_app: Flask):
    question = chosen()
    episode_id = start(question)
    publish(episode_id)
    settle(episode_id)
    withdrawn(question)

    storage.write(services.take_back, episode_id=episode_id, actor=EDITH)
    publish(episode_id)

    assert told(episode_id) == []
    assert words_in(in_app, WORDS) == []
