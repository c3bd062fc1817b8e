"""A mailbag that has moved: all of it is there, and goes on as if it had never been elsewhere."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.operations.rotating import dispose
from tests.pages import main_state
from tests.questions.asking import visitor
from tests.questions.holding import post
from tests.transfer.mailbag.houses import (
    WAYS,
    a_house,
    add_episode,
    ask,
    decide,
    fill,
    ids,
    link_all,
    packed,
    receipt,
    settings_of,
    told,
    unpack,
)
from webapp import create_app, storage
from webapp.moderation.models import RundownItem
from webapp.operations.doctor import examine
from webapp.questions import terms
from webapp.questions.models import Question, QuestionNote, QuestionTerm
from webapp.questions.receiving import find_received
from webapp.storage.history import Act, HistoryLink
from webapp.storage.outbox import OutboxMessage

either_way = pytest.mark.parametrize(("old", "new"), WAYS, indirect=True)


def wrong(app: Flask) -> list[str]:
    """Return what the doctor finds, but for advice."""
    return [finding.words for finding in examine(settings_of(app)) if not finding.is_advice]


def found_by(app: Flask, word: str) -> set[str]:
    """Return the questions that the queue's search finds by a word."""
    with app.app_context():
        [ways] = terms.ways_to_find(storage.current_keyring(), word, "en-GB")
        found = select(QuestionTerm.question_id).where(QuestionTerm.term.in_(ways))
        return set(storage.read().scalars(found))


@either_way
def test_all_that_was_in_the_old_house_is_in_the_new_one(old: Flask, new: Flask, file: Path):
    draft = add_episode(new, "draft", published_at=None)
    add_episode(new, "out")  # their numbers are others than in the old house

    brought = unpack(new, file, old)

    assert next(brought.lines()) == "9 new, 0 there already."
    assert told(new) == told(old)
    assert found_by(new, "walruses") == found_by(old, "walrus")
    assert len(found_by(new, "walrus")) == 2
    assert wrong(new) == []
    link_all(new)
    assert wrong(new) == []
    with new.app_context():
        [message] = storage.read().scalars(select(OutboxMessage))
        assert message.payload == {"episode_id": draft}


@either_way
def test_a_receipt_that_was_written_down_in_the_old_house_opens_in_the_new_one(
    old: Flask, new: Flask, file: Path
):
    ask(new, 100)
    unpack(new, file, old)
    words = receipt(old, 9)
    own = receipt(new, 100)
    slip = words.replace(words[:5], f"{words[:3]}q{words[3:5]}", 1)

    client = visitor(new)
    for typed in (words, slip, words.upper().replace(" ", "-"), own):
        assert main_state(post(client, "", typed)) == "new"
    assert post(client, "", receipt(new, 9)).status_code == 404
    assert post(client, "withdraw", words, confirm="yes").status_code == 200
    assert main_state(post(client, "", words)) == "withdrawn"
    assert wrong(new) == []


def test_a_second_run_changes_nothing(old: Flask, new: Flask, file: Path):
    unpack(new, file, old)
    before, keys = told(new), sorted(settings_of(new).keys_path.iterdir())

    brought = unpack(new, file, old)

    assert next(brought.lines()) == "0 new, 9 there already."
    assert told(new) == before
    assert sorted(settings_of(new).keys_path.iterdir()) == keys
    with new.app_context():
        came = select(Act).where(Act.subject == "mailbag")
        [act] = storage.read().scalars(came)
        assert (act.action, act.actor) == ("imported mailbag", "Olive")
        assert act.detail["questions"] == 9


def test_what_was_done_here_meanwhile_stays(old: Flask, new: Flask, tmp_path: Path):
    first, second, third = (ask(old, number) for number in range(3))
    file = tmp_path / "mailbag"
    file.write_bytes(packed(old))
    unpack(new, file, old)
    decide(new, first, "shortlisted")
    post(visitor(new), "withdraw", receipt(old, 1), confirm="yes")
    with new.app_context():
        storage.write(lambda session: session.delete(session.get_one(Question, second)))
    fourth = ask(old, 3)
    decide(old, third, "erased")
    file.write_bytes(packed(old))

    lines = list(unpack(new, file, old).lines())

    assert lines[:3] == [
        "1 new, 0 there already.",
        "Left as they are here, where they stand otherwise: 2 questions.",
        "Not brought, since they were taken back or erased here: 1 question.",
    ]
    assert "erased in the old house since, and here still: 1 question." in lines[3]
    assert str(third) in lines[3]
    assert ids(new) == {first, third, fourth}
    with new.app_context():
        assert storage.read().get_one(Question, first).state == "shortlisted"


def test_what_the_new_house_lacks_is_left_out_and_told(old: Flask, new: Flask, tmp_path: Path):
    found = fill(old)
    with old.app_context():

        def damage(session):
            session.get_one(Question, found["new"]).text_sealed = bytes(560)
            session.add(factories.Topic(slug="doors", name="Doors", summary="", position=5))
            note = session.scalars(select(QuestionNote)).first()
            note.text_sealed = bytes(560)

        storage.write(damage)
    with new.app_context():
        storage.write(lambda session: session.execute(factories.Topic.__table__.delete()))
    file = tmp_path / "mailbag"
    file.write_bytes(packed(old))

    lines = list(unpack(new, file, old).lines())

    assert lines[:4] == [
        "9 new, 0 there already.",
        "Came as nothing, since they did not open in the old house either: 2 texts.",
        "Links to episodes that are not here, which are left out: 3 links.",
        "Topics that the show here does not have, which are left out: 1 topic.",
    ]
    assert wrong(new) == []
    assert main_state(post(visitor(new), "", receipt(old, 4))) == "recorded"  # without its episode


def test_history_is_linked_anew_and_names_nobody_here(old: Flask, new: Flask, file: Path):
    unpack(new, file, old)

    with new.app_context():
        session = storage.read()
        linked = select(HistoryLink.act_id)
        waiting = session.scalars(select(Act).where(Act.id.not_in(linked))).all()
        assert {act.action for act in waiting} == {"to withdrawn", "replied", "prolonged"}
        by_staff = select(Act).where(Act.role == "owner", Act.subject == "question")
        acts = session.scalars(by_staff).all()
        assert {act.actor for act in acts} == {"Olive"}
        assert {act.actor_id for act in acts} == {None}
        assert session.scalars(select(QuestionNote.author_id)).all() == [None]
        assert session.scalars(select(RundownItem.time_code)).all() == [84]


def test_acts_on_questions_that_are_gone_come_along(old: Flask, new: Flask, tmp_path: Path):
    question_id = ask(old, 1)
    decide(old, question_id, "erased")
    with old.app_context():
        storage.write(lambda session: session.delete(session.get_one(Question, question_id)))
    file = tmp_path / "mailbag"
    file.write_bytes(packed(old))

    unpack(new, file, old)
    unpack(new, file, old)

    acts = [record for kind, record in told(new) if kind == "act"]
    assert acts == [record for kind, record in told(old) if kind == "act"]
    assert [act["action"] for act in acts] == ["to erased"]


def test_a_receipt_outlives_two_moves(
    request: pytest.FixtureRequest, old: Flask, new: Flask, file: Path, tmp_path: Path
):
    unpack(new, file, old)
    further = tmp_path / "further"
    further.write_bytes(packed(new))

    with a_house(request, "sqlite", tmp_path / "third") as third:
        brought = unpack(third, further, new)

        assert len(brought.keys) == 2
        assert main_state(post(visitor(third), "", receipt(old, 9))) == "new"


def test_a_house_that_keeps_its_keys_knows_its_used_tokens(old: Flask, new: Flask, file: Path):
    for key in settings_of(old).keys_path.iterdir():
        (settings_of(new).keys_path / key.name).write_bytes(key.read_bytes())
    moved = create_app(settings_of(new))  # an app that runs keeps the keys that it began with

    brought = unpack(moved, file, old)

    assert brought.keys == ()
    with moved.app_context():
        sent = find_received(
            storage.read(),
            keyring=storage.current_keyring(),
            nonce=(9).to_bytes(16, "big"),
            sent=factories.a_question(),
        )
        assert sent is not None
        assert sent.again
    dispose(moved)
