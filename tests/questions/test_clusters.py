"""A lead that goes passes its place on to the oldest that is merged into it."""

from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from webapp import storage
from webapp.exceptions import Conflict, Refused
from webapp.questions import services
from webapp.questions.models import Question
from webapp.questions.queries import find_last_move, get_question, list_members
from webapp.storage.history import Act, Actor

EDITOR = Actor("Ed", "editor", 2)

pytestmark = pytest.mark.usefixtures("in_app")


def move(question_id: UUID, to: str, **also: object) -> None:
    version = get_question(storage.read(), question_id).version
    given = {"question_id": question_id, "to": to, "seen_version": version, "actor": EDITOR}
    storage.write(services.move, **given, **also)


def stands(question_id: UUID) -> Question:
    storage.read().rollback()
    return get_question(storage.read(), question_id)


@pytest.fixture
def cluster(in_app: Flask) -> list[UUID]:
    """A lead, and two that are merged into it, the older one last."""
    days = (date(2026, 3, 3), date(2026, 3, 2), date(2026, 3, 1))
    lead, *members = [storage.write(factories.add_question, received_on=day) for day in days]
    for member in members:
        move(member, "merged", also={"lead_id": lead})
    return [lead, *members]


def test_the_oldest_leads_when_the_lead_is_taken_back(cluster: list[UUID]):
    lead, younger, older = cluster

    storage.write(services.withdraw, question_id=lead)

    assert (stands(older).state, stands(older).lead_id) == ("new", None)
    assert (stands(younger).state, stands(younger).lead_id) == ("merged", older)
    assert list_members(storage.read(), lead, limit=5) == []


def test_what_its_askers_act_sets_off_has_a_day_and_no_moment(cluster: list[UUID]):
    lead, _, older = cluster

    storage.write(services.withdraw, question_id=lead)

    acts = select(Act).where(Act.subject_id == str(older)).order_by(Act.to_version.desc())
    passed = storage.read().scalars(acts).first()
    assert (passed.actor, passed.action, passed.at) == ("the desk", "to new", None)
    assert passed.detail["instead of"] == str(lead)


@pytest.mark.parametrize("to", ["declined", "spam"])
def test_the_oldest_leads_when_the_lead_is_out(cluster: list[UUID], to: str):
    lead, _, older = cluster
    move(lead, "shortlisted")

    move(lead, to)

    assert stands(older).state == "shortlisted"


def test_a_lead_is_not_merged_itself(cluster: list[UUID]):
    with pytest.raises(Refused, match="merged into it"):
        move(cluster[0], "merged", also={"lead_id": cluster[1]})


def test_whoever_has_no_text_any_more_leads_nothing(cluster: list[UUID]):
    lead, *members = cluster

    def erase_texts(session: Session) -> None:
        for member in members:
            session.get_one(Question, member).text_sealed = None

    storage.write(erase_texts)

    storage.write(services.withdraw, question_id=lead)

    assert [stands(member).state for member in members] == ["merged", "merged"]


def test_the_episode_that_was_to_answer_them_all_still_is_unless_the_heir_is_private(
    cluster: list[UUID],
):
    lead, younger, older = cluster

    def plan(session: Session) -> None:
        session.get_one(Question, lead).planned_for_id = 7
        session.get_one(Question, younger).consent = "private"

    storage.write(plan)

    storage.write(services.withdraw, question_id=lead)
    assert stands(older).planned_for_id == 7

    storage.write(services.withdraw, question_id=older)
    assert (stands(younger).state, stands(younger).planned_for_id) == ("new", None)


def test_what_was_changed_under_somebodys_hands_is_a_conflict(in_app: Flask):
    question_id = storage.write(factories.add_question)
    seen = stands(question_id)
    storage.read().expunge(seen)  # or it would follow what happens
    move(question_id, "shortlisted")

    with pytest.raises(Conflict):
        storage.write(services.change, seen, {"prolonged": True}, actor=EDITOR, action="snoozed")


def undo(question_id: UUID, left: str, to: str) -> None:
    """Take back the newest act that brought a question to the state that it leaves again."""
    act_id = find_last_move(storage.read(), question_id, to=left)
    move(question_id, to, reverses=act_id)


@pytest.mark.parametrize("to", ["declined", "spam"])
def test_a_lead_that_comes_back_leads_all_that_it_led(cluster: list[UUID], to: str):
    lead, *members = cluster
    move(lead, to)

    undo(lead, to, "new")

    assert [stands(member).lead_id for member in members] == [lead, lead]
    assert [stands(member).state for member in members] == ["merged", "merged"]


def test_whoever_has_been_brought_on_meanwhile_keeps_its_place(cluster: list[UUID]):
    lead, younger, older = cluster
    move(lead, "declined")
    move(older, "shortlisted")
    storage.write(factories.write_air_text, question_id=older)
    move(older, "ready")

    undo(lead, "declined", "new")

    assert stands(older).state == "ready"
    assert stands(younger).lead_id == older


def test_a_stand_in_that_somebody_put_there_goes_back_by_whoever_undoes(cluster: list[UUID]):
    lead, _, older = cluster
    move(lead, "declined")
    move(older, "shortlisted")
    move(older, "new")

    undo(lead, "declined", "new")

    assert (stands(older).state, stands(older).lead_id) == ("merged", lead)


def test_what_went_along_into_another_cluster_comes_back(cluster: list[UUID]):
    lead, *members = cluster
    other = storage.write(factories.add_question)

    def hand_over(session: Session) -> None:
        for member in members:
            session.get_one(Question, member).lead_id = other

    storage.write(hand_over)
    along = {"lead": str(other), "went along": [str(member) for member in members]}
    move(lead, "merged", also={"lead_id": other}, detail=along)

    undo(lead, "merged", "new")

    assert [stands(member).lead_id for member in members] == [lead, lead]


def test_undoing_what_history_does_not_have_brings_nothing_back(in_app: Flask):
    question_id = storage.write(factories.add_question)
    move(question_id, "declined")

    move(question_id, "new", reverses=UUID(int=1))

    assert stands(question_id).state == "new"
