"""What a move needs beside the table: consent, texts, and in the urgent lane an editor."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from webapp import storage
from webapp.exceptions import Conflict, Refused
from webapp.questions import editing, services, workflow
from webapp.questions.models import Label, QuestionNote, QuestionText, question_labels
from webapp.questions.queries import get_question, open_text
from webapp.storage.history import Act, Actor
from webapp.storage.sealing import Keyring, seal

MODERATOR = Actor("Mo", "moderator", 1)
EDITOR = Actor("Ed", "editor", 2)
FACTS = workflow.Facts(
    source="shortlisted",
    lane="ordinary",
    consent="read_aloud",
    original="As it was sent.",
    air_text="As we read it.",
    web_text="",
)


@pytest.mark.parametrize("to", ["declined", "spam", "merged"])
def test_in_the_urgent_lane_an_editor_decides(to: str):
    urgent = replace(FACTS, lane="urgent", has_note=True)

    assert workflow.refusal(to, "moderator", urgent) == workflow.URGENT
    assert workflow.refusal(to, "editor", urgent) == ""
    assert workflow.refusal(to, "moderator", replace(urgent, lane="quarantine")) == ""


def test_declining_in_the_urgent_lane_takes_a_note():
    urgent = replace(FACTS, lane="urgent")

    assert workflow.refusal("declined", "editor", urgent) == workflow.URGENT_NOTE
    assert workflow.refusal("spam", "editor", urgent) == ""
    assert workflow.refusal("merged", "editor", urgent) == ""


@pytest.mark.parametrize("to", sorted(workflow.ON_AIR))
def test_what_is_private_never_goes_on_air(to: str):
    private = replace(FACTS, consent="private")

    assert workflow.refusal(to, "owner", private) == workflow.NOT_AIRED


def test_what_is_private_is_answered_only_with_the_cluster_that_it_is_in():
    private = replace(FACTS, consent="private")

    assert workflow.refusal("answered", "owner", private) == workflow.NOT_ANSWERED
    assert workflow.refusal("answered", "owner", replace(private, source="merged")) == ""


@pytest.mark.parametrize(
    ("air_text", "web_text", "consent", "why"),
    [
        ("Ours.", "", "read_aloud", ""),
        ("", "Ours.", "read_aloud", ""),
        ("", "", "read_aloud", workflow.NO_TEXT),
        (" \n", "\t", "read_aloud", workflow.NO_TEXT),
        ("As it  was sent.", "", "read_aloud", ""),
        ("As it  was sent.", "", "paraphrase", workflow.NOT_READ_OUT),
        ("AS IT WAS\u200b SENT!", "", "paraphrase", workflow.NOT_READ_OUT),
        ("Ours.", "As it was sent", "paraphrase", workflow.NOT_PRINTED),
        ("", "Ours.", "paraphrase", workflow.NO_TEXT),
        ("Ours.", "", "paraphrase", ""),
    ],
)
def test_ready_needs_a_text_that_its_asker_allows(
    air_text: str, web_text: str, consent: str, why: str
):
    facts = replace(FACTS, air_text=air_text, web_text=web_text, consent=consent)

    assert workflow.refusal("ready", "editor", facts) == why
    back = replace(facts, source="scheduled")
    assert workflow.refusal("ready", "editor", back) == ""


@pytest.fixture
def question(in_app: Flask) -> UUID:
    return storage.write(factories.add_question)


def move(question_id: UUID, to: str, actor: Actor = EDITOR, **also: object) -> None:
    version = get_question(storage.read(), question_id).version
    given = {"question_id": question_id, "to": to, "seen_version": version, "actor": actor}
    storage.write(services.move, **given, **also)


def write_texts(question_id: UUID, air_text: str, actor: Actor = EDITOR, **also: object):
    return storage.write(
        editing.set_texts,
        keyring=storage.current_keyring(),
        question_id=question_id,
        seen_version=get_question(storage.read(), question_id).version,
        actor=actor,
        air_text=air_text,
        web_text="",
        **also,
    )


def test_a_guard_refuses_in_words_and_changes_nothing(question: UUID):
    move(question, "shortlisted")

    with pytest.raises(Refused, match="Write an air text"):
        move(question, "ready")

    assert get_question(storage.read(), question).state == "shortlisted"


def test_what_was_ready_goes_back_when_its_text_is_edited(question: UUID, session: Session):
    move(question, "shortlisted")
    write_texts(question, "One way to say it.")
    move(question, "ready")

    write_texts(question, "Another way to say it.", MODERATOR)

    assert get_question(storage.read(), question).state == "shortlisted"
    newest = session.scalars(select(Act).order_by(Act.to_version.desc())).first()
    assert (newest.actor, newest.action) == ("the desk", "to shortlisted")


def test_it_stays_ready_when_an_editor_has_gone_through_the_checklist_again(question: UUID):
    move(question, "shortlisted")
    write_texts(question, "One way to say it.")
    move(question, "ready")

    write_texts(question, "Another way to say it.", checked=True)
    assert get_question(storage.read(), question).state == "ready"

    write_texts(question, "A third.", MODERATOR, checked=True)
    assert get_question(storage.read(), question).state == "shortlisted"


def test_in_a_rundown_a_text_changes_only_with_its_checklist(question: UUID, keyring: Keyring):
    move(question, "shortlisted")
    write_texts(question, "One way to say it.")
    move(question, "ready")
    move(question, "scheduled")

    with pytest.raises(Refused, match="ticks the checklist again"):
        write_texts(question, "Another way to say it.")
    with pytest.raises(Refused, match="ticks the checklist again"):
        write_texts(question, "Another way to say it.", MODERATOR, checked=True)

    write_texts(question, "Another way to say it.", checked=True)
    scheduled = get_question(storage.read(), question)
    assert scheduled.state == "scheduled"
    assert open_text(keyring, scheduled, "air_text_sealed") == "Another way to say it."


def test_what_stays_ready_is_never_left_without_a_text(question: UUID):
    move(question, "shortlisted")
    write_texts(question, "One way to say it.")
    move(question, "ready")

    with pytest.raises(Refused, match="Write an air text"):
        write_texts(question, " ", checked=True)

    assert get_question(storage.read(), question).state == "ready"


def test_every_text_that_was_saved_is_kept_sealed_with_its_author(question: UUID, session: Session):
    write_texts(question, "One way to say it.")
    assert write_texts(question, "One way to say it.") is None
    write_texts(question, "Another way to say it.", MODERATOR)

    versions = session.scalars(select(QuestionText).order_by(QuestionText.version)).all()
    assert [(each.version, each.author) for each in versions] == [(2, "Ed"), (3, "Mo")]
    assert all(b"way to say" not in each.air_text_sealed for each in versions)


def test_what_hangs_on_the_words_goes_with_them(question: UUID, session: Session):
    write_texts(question, "One way to say it.")

    def hang(session: Session) -> None:
        label = Label(name="later")
        session.add(label)
        session.flush()
        session.execute(question_labels.insert().values(question_id=question, label_id=label.id))
        note = QuestionNote(
            id=uuid4(),
            question_id=question,
            at=factories.LONG_AGO,
            author="Mo",
            author_id=1,
            text_sealed=seal(storage.current_keyring(), question, "x", "Call them."),
        )
        session.add(note)

    storage.write(hang)

    storage.write(services.withdraw, question_id=question)

    for table in (QuestionText, QuestionNote, question_labels):
        assert session.scalar(select(func.count()).select_from(table)) == 0


def test_texts_of_what_has_changed_since_are_a_conflict(question: UUID):
    with pytest.raises(Conflict):
        storage.write(
            editing.set_texts,
            keyring=storage.current_keyring(),
            question_id=question,
            seen_version=7,
            actor=EDITOR,
            air_text="Mine.",
            web_text="",
        )
