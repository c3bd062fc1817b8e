"""Starting an episode: what its draft has of a question, and what it must never have."""

from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.moderation.clustering import (
    EDITH,
    acts,
    add,
    add_cluster,
    add_episode,
    plan,
    settle,
    stands,
    states,
)
from tests.studio.asked import chosen, write
from webapp import storage
from webapp.episodes.front_matter import read
from webapp.episodes.models import Alias, BundleFile, Episode, Topic
from webapp.episodes.question_block import keepable
from webapp.exceptions import Conflict, Refused
from webapp.questions.models import question_topics
from webapp.questions.services import withdraw
from webapp.storage.history import Act
from webapp.studio import services, starting
from webapp.studio.drafts import compose
from webapp.studio.starting import Started, slug_of
from webapp.transfer.bundle import read_bundle
from webapp.transfer.importing import import_bundle


def start(question: UUID, **changes: object) -> Started:
    values = {
        "question_id": question,
        "seen_version": stands(question).version,
        "actor": EDITH,
        "title": "The wall, and you",
        "season": 1,
    }
    return storage.write(starting.start_episode, **(values | changes))


def draft(episode_id: int) -> Episode:
    storage.read().rollback()
    return storage.read().get_one(Episode, episode_id)


def file_of(episode_id: int) -> str:
    path = f"episodes/{draft(episode_id).slug}/index.md"
    return storage.read().get_one(BundleFile, path).text


def test_a_draft_has_the_next_number_and_none_of_the_words(in_app: Flask):
    storage.write(lambda session: factories.add_episode(session, number=4).id)
    question = chosen()
    write(question, web="Can one hear me?")

    started = start(question)

    found = draft(started.episode_id)
    assert (found.slug, found.title) == ("the-wall-and-you", "The wall, and you")
    assert (found.season, found.number, found.published_at) == (1, 5, None)
    assert (found.question_text, found.question_sign_off, found.question_asked) == ("", "", "")
    assert read(file_of(started.episode_id), file="index.md").question is None
    assert stands(question).planned_for_id == started.episode_id


def test_its_file_is_read_back_by_an_import_as_the_same_episode(in_app: Flask, tmp_path: Path):
    question = chosen()
    storage.write(put_under_walls, question)
    write(question, web="Can one hear me?")
    episode_id = start(question).episode_id
    services_publish(episode_id)
    before = draft(episode_id)
    folder = tmp_path / "episodes" / before.slug
    folder.mkdir(parents=True)
    (folder / "index.md").write_text(file_of(episode_id), encoding="utf-8")
    seen = (before.guid, before.title, before.question_text, before.number, before.published_at)

    [episode] = read_bundle(tmp_path).episodes
    import_bundle(tmp_path)

    assert (episode.front.topics, episode.front.draft) == (("walls",), False)
    after = draft(episode_id)
    assert seen == (
        after.guid, after.title, after.question_text, after.number, after.published_at,
    )  # fmt: skip
    assert file_of(episode_id) == (folder / "index.md").read_text(encoding="utf-8")
    assert len(published(episode_id)) == 1


def put_under_walls(session: Session, question: UUID) -> None:
    walls = session.scalars(select(Topic.id).where(Topic.slug == "walls")).one()
    session.execute(question_topics.insert().values(question_id=question, topic_id=walls))


def services_publish(episode_id: int) -> None:
    storage.write(services.publish, episode_id=episode_id, actor=EDITH)


def published(episode_id: int) -> list[Act]:
    storage.read().rollback()
    of_it = Act.subject_id == str(episode_id), Act.action == "published"
    return list(storage.read().scalars(select(Act).where(*of_it)))


def test_nothing_is_started_from_what_no_episode_can_answer(in_app: Flask):
    _lead, [member] = add_cluster(1)
    gone = chosen()
    storage.write(withdraw, question_id=gone)

    for question, words in (
        (chosen(consent="private"), "kept between you"),
        (add(), "Shortlist it first"),
        (member, "goes with another"),
        (gone, "erased"),
    ):
        with pytest.raises(Refused, match=words):
            start(question)
    with pytest.raises(Refused, match="no such season"):
        start(chosen(), season=77)


def test_what_changed_meanwhile_is_a_conflict(in_app: Flask):
    with pytest.raises(Conflict):
        start(chosen(), seen_version=1)


def test_starting_twice_makes_one_draft(in_app: Flask):
    question = chosen()
    version = stands(question).version

    first = start(question, seen_version=version)
    second = start(question, seen_version=version)

    assert (second.episode_id, second.already) == (first.episode_id, True)


def test_one_that_an_episode_was_named_for_leads_there(in_app: Flask):
    question, episode = chosen(), add_episode()
    plan(question, episode)

    assert start(question) == Started(episode, already=True)


def test_history_says_who_started_it_from_which_question(in_app: Flask):
    question = chosen()

    episode_id = start(question).episode_id

    storage.read().rollback()
    [act] = storage.read().scalars(select(Act).where(Act.action == "started episode"))
    assert (act.subject_id, act.actor) == (str(episode_id), "Edith")
    assert act.detail == {"question": str(question)}
    assert acts(question, "named episode")[0].detail == {"from": None, "to": episode_id}


def test_publishing_it_answers_the_whole_cluster(in_app: Flask):
    lead, members = add_cluster(2)
    episode_id = start(lead).episode_id

    services_publish(episode_id)
    settle(episode_id)

    assert states([lead, *members]) == ["answered"] * 3


def test_each_draft_has_an_address_that_no_episode_has_or_had(in_app: Flask):
    first = draft(start(chosen()).episode_id)
    storage.write(
        lambda session: session.add(Alias(path="/episodes/the-wall-and-you-2", episode_id=first.id))
    )

    second = draft(start(chosen()).episode_id)

    assert (first.slug, second.slug) == ("the-wall-and-you", "the-wall-and-you-3")
    assert (first.number, second.number) == (first.number, first.number + 1)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Don’t, don't & Café!", "dont-dont-cafe"),
        ("  ÄÖ 2 ", "ao-2"),
        ("日本", "episode"),
        ("", "episode"),
        ("a" * 300, "a" * 80),
        ("word " * 60, "-".join(["word"] * 16)),
    ],
)
def test_an_address_is_made_of_small_letters_and_digits(title: str, slug: str):
    assert slug_of(title) == slug


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text(min_size=1, max_size=300).filter(lambda text: bool(text.strip())))
def test_any_letter_comes_back_from_the_file_as_it_was(text: str):
    text = keepable(text)
    if not text.strip():
        return
    front = {
        "guid": "one",
        "title": "One",
        "slug": "one",
        "draft": True,
        "question": {"text": text, "sign_off": " ".join(text.split())[:60], "asked": "2026-01"},
        "episode": {"season": 1, "number": 1},
    }
    question = read(compose(front, ""), file="index.md").question

    assert question.text == text
    assert question.sign_off == front["question"]["sign_off"]
