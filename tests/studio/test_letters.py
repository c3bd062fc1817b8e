"""What an episode has printed of a letter stays a letter's, whatever becomes of its question."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.moderation.clustering import EDITH, plan, settle, stands
from tests.pages import soup
from tests.studio.asked import WORDS, chosen, episode_of, file_of, start, write
from tests.studio.test_printing import (
    erased_by_retention,
    erased_by_the_owner,
    texts_erased_by_retention,
    withdrawn,
)
from tests.studio.writing import change, draft, fields_of, open_page, save_by_itself, text_of
from webapp import clock, storage
from webapp.episodes.models import Episode
from webapp.episodes.searching.models import SearchWord
from webapp.moderation import answering
from webapp.questions.queries import find_last_move
from webapp.storage.base import Base
from webapp.storage.history import Act
from webapp.studio import services
from webapp.studio.preview_links import make_link
from webapp.studio.remaking import remake_all
from webapp.studio.revisions import get_revision
from webapp.transfer.exporting import current_source, get_folder, read_folder
from webapp.transfer.folders import export_to
from webapp.transfer.importing import import_bundle

WORD = "quarrelling"
LATER = timedelta(days=3)
ERASING = [withdrawn, erased_by_the_owner, erased_by_retention, texts_erased_by_retention]
SINGLE_WORDS = {"search_words", "near_words"}  # what was out stays among the words of the search

pytestmark = pytest.mark.usefixtures("in_app")


def where(word: str) -> set[str]:
    """Return the tables that have a word in the clear."""
    storage.read().rollback()
    return {
        table.name
        for table in Base.metadata.sorted_tables
        for row in storage.read().execute(table.select())
        if table.name not in SINGLE_WORDS and any(word in str(value) for value in row)
    }


def publish(episode_id: int, **how: object) -> None:
    storage.write(services.publish, episode_id=episode_id, actor=EDITH, **how)


def take_back(episode_id: int) -> None:
    storage.write(services.take_back, episode_id=episode_id, actor=EDITH)


def save(episode_id: int) -> None:
    change(episode_id, "episode:", "summary: Another one.\nepisode:")


def out() -> tuple[UUID, int]:
    """Return a question and the episode that was started from it, out and settled."""
    question = chosen()
    episode_id = start(question)
    publish(episode_id)
    settle(episode_id)
    return question, episode_id


def named_only() -> tuple[UUID, int]:
    """Return a question and an episode that was written before, out and settled."""
    question, episode_id = chosen(), draft()
    write(question, web=WORDS)
    plan(question, episode_id)
    publish(episode_id)
    settle(episode_id)
    return question, episode_id


def older(made: Callable[[], tuple[UUID, int]]) -> tuple[UUID, int]:
    """Return them as they were before episodes knew from which question they print."""
    question, episode_id = made()

    def forget(session: Session) -> None:
        one = update(Episode).where(Episode.id == episode_id)
        session.execute(one.values(question_from=None))

    storage.write(forget)
    return question, episode_id


def named_by_an_older_one() -> tuple[UUID, int]:
    return older(named_only)


def out_by_an_older_one() -> tuple[UUID, int]:
    return older(out)


MADE = [out, named_only, out_by_an_older_one, named_by_an_older_one]


def answer_undone() -> tuple[UUID, int]:
    question, episode_id = out()
    act_id = find_last_move(storage.read(), question, to="answered")
    act = storage.read().scalars(select(Act).where(Act.id == act_id)).one()
    version = stands(question).version
    storage.write(answering.undo_answer, act=act, seen_version=version, actor=EDITH)
    settle(episode_id)
    return question, episode_id


def named_no_more() -> tuple[UUID, int]:
    """Return a question that was named for an episode until this was out, not yet settled."""
    question = chosen()
    episode_id = start(question)
    publish(episode_id)
    plan(question, None)
    settle(episode_id)
    return question, episode_id


LET_GO = [answer_undone, named_no_more]


@pytest.mark.parametrize("made", [*MADE, *LET_GO])
def test_a_page_that_prints_a_letter_is_written_without_its_words(
    desk: FlaskClient, made: Callable[[], tuple[UUID, int]]
):
    _question, episode_id = made()

    page = open_page(desk, episode_id)
    save_by_itself(desk, page, 1, {"summary": "Typed"})

    assert soup(page).select_one("[name=question_text]") is None
    assert WORD not in str(fields_of(page))
    assert WORD in text_of(page)
    assert "unsaved_pages" not in where(WORD)


def test_the_page_links_to_the_question_that_it_prints(desk: FlaskClient):
    question, episode_id = named_no_more()

    page = open_page(desk, episode_id)

    assert soup(page).select_one(f"#f-question a[href$='{question}']")


@pytest.mark.parametrize("gone", ERASING)
@pytest.mark.parametrize("made", [out, named_only])
def test_the_words_of_a_question_that_is_gone_come_into_no_revision(made, gone):
    question, episode_id = made()
    gone(question)
    assert where(WORD) == {"bundle_files", "episodes", "passages"}  # what is out stays as printed

    save(episode_id)

    number = episode_of(episode_id).revision
    assert WORD not in get_revision(storage.read(), episode_id, number)["index.md"].text
    assert "source_texts" not in where(WORD)
    take_back(episode_id)
    settle(episode_id)
    assert where(WORD) == set()


@pytest.mark.parametrize("made", LET_GO)
def test_what_is_out_is_a_letters_though_its_question_was_let_go(made):
    question, episode_id = made()

    save(episode_id)

    assert where(WORD) == {"bundle_files", "episodes", "passages"}
    assert episode_of(episode_id).question_from == question
    take_back(episode_id)
    settle(episode_id)
    assert where(WORD) == set()
    assert episode_of(episode_id).question_from is None


@pytest.mark.parametrize("made", LET_GO)
def test_what_is_put_off_prints_nothing_of_a_question_that_was_let_go(made):
    _question, episode_id = made()

    publish(episode_id, at=clock.now() + LATER)

    assert where(WORD) == set()


def test_what_is_put_off_prints_the_question_that_is_named_by_now():
    _question, episode_id = named_no_more()
    other = chosen()
    write(other, web="Why do the others keep so still?")
    plan(other, episode_id)

    publish(episode_id, at=clock.now() + LATER)

    found = episode_of(episode_id)
    assert (found.question_text, found.question_from) == ("Why do the others keep so still?", other)
    assert where(WORD) == set()


def test_the_column_outlives_a_save_a_remake_and_an_import(tmp_path: Path):
    question, episode_id = named_no_more()
    export_to(tmp_path / "out", current_source())
    index = tmp_path / "out" / file_path(episode_id)
    index.write_text(index.read_text() + "\nA longer answer.\n")

    save(episode_id)
    remake_all()
    import_bundle(tmp_path / "out")

    found = episode_of(episode_id)
    assert "A longer answer." in found.document
    assert (found.question_from, found.question_text) == (question, WORDS)
    assert "source_texts" not in where(WORD)


@pytest.mark.parametrize("made", LET_GO)
def test_an_import_keeps_the_letter_that_is_printed_and_brings_back_none(made, tmp_path: Path):
    question, episode_id = made()
    withdrawn(question)
    export_to(tmp_path / "out", current_source())
    index = tmp_path / "out" / file_path(episode_id)
    before = index.read_text()
    assert WORD in before

    index.write_text(before.replace(WORDS, "Something else?") + "\nA longer answer.\n")
    import_bundle(tmp_path / "out")

    assert (episode_of(episode_id).question_text, WORD in file_of(episode_id)) == (WORDS, True)
    take_back(episode_id)
    assert WORD not in file_of(episode_id)


def file_path(episode_id: int) -> str:
    return f"episodes/{episode_of(episode_id).slug}/index.md"


def test_a_letter_that_is_put_off_is_in_no_export_and_behind_no_preview_link(
    desk: FlaskClient, app: Flask
):
    _question, episode_id = out()
    publish(episode_id, at=clock.now() + LATER)
    token = storage.write(make_link, episode_id=episode_id, days=7, actor=EDITH)

    source = current_source()
    files = read_folder(source, get_folder(source, episode_id))
    page = app.test_client().get(f"/preview/{token}")

    assert WORD in file_of(episode_id)
    assert WORD not in str(files)
    assert page.status_code == 200
    assert WORD not in page.text


def test_an_editors_own_words_are_nobodys_letter(desk: FlaskClient):
    episode_id = draft()
    change(episode_id, "episode:", f'question: {{text: "{WORDS}"}}\nepisode:')
    publish(episode_id)
    settle(episode_id)

    page = open_page(desk, episode_id)

    assert fields_of(page)["question_text"] == [WORDS]
    assert episode_of(episode_id).question_from is None
    take_back(episode_id)
    assert episode_of(episode_id).question_text == WORDS


@pytest.mark.parametrize("gone", ERASING)
def test_own_words_stay_an_editors_when_a_question_that_names_the_page_is_gone(gone):
    question, episode_id = chosen(), draft()
    change(episode_id, "episode:", 'question: {text: "May I knock?"}\nepisode:')
    plan(question, episode_id)
    publish(episode_id)
    settle(episode_id)
    gone(question)

    save(episode_id)

    number = episode_of(episode_id).revision
    assert "May I knock?" in get_revision(storage.read(), episode_id, number)["index.md"].text
    take_back(episode_id)
    assert episode_of(episode_id).question_text == "May I knock?"


def test_a_page_that_lost_its_question_by_a_save_prints_no_letter():
    _question, episode_id = out()
    asked = file_of(episode_id)
    question = asked[asked.index("question:") : asked.index("episode:")]

    change(episode_id, question, "")

    found = episode_of(episode_id)
    assert (found.question_text, found.question_from) == ("", None)


@pytest.mark.parametrize("is_older", [False, True])
def test_the_search_has_no_word_of_a_letter_before_its_moment(is_older: bool):
    def schedule() -> tuple[UUID, int]:
        question = chosen()
        episode_id = start(question)
        publish(episode_id, at=clock.now() + LATER)
        return question, episode_id

    _question, episode_id = older(schedule) if is_older else schedule()

    save(episode_id)
    remake_all()

    assert "passages" not in where(WORD)
    assert storage.read().get(SearchWord, WORD) is None
    with time_machine.travel(clock.now() + 2 * LATER):
        settle(episode_id)
        assert "passages" in where(WORD)
        change(episode_id, "summary: Another one.", "summary: One more.")
        assert "passages" in where(WORD)
