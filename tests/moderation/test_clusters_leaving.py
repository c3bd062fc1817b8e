"""A lead that leaves passes its place on: to the oldest of its cluster, with all the others."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests import factories
from tests.moderation.clustering import (
    acts,
    add,
    add_cluster,
    add_episode,
    merge,
    move,
    plan,
    settle,
    stands,
    states,
)
from tests.questions.test_races import counts_are_true
from webapp import clock, storage
from webapp.episodes.models import Episode
from webapp.questions import services
from webapp.questions.models import Question
from webapp.questions.purging import BATCH, Purged, purge


def withdraw(question: UUID) -> None:
    storage.write(services.withdraw, question_id=question)


def change(ids: list[UUID], **values: object) -> None:
    def change_them(session: Session) -> None:
        session.execute(update(Question).where(Question.id.in_(ids)).values(**values))

    storage.write(change_them)


def aged_cluster(count: int, *, lead_state: str = "shortlisted") -> tuple[UUID, list[UUID]]:
    """Return a cluster whose members came a day apart, the first the oldest."""
    lead, members = add_cluster(count, lead_state=lead_state)
    for age, member in enumerate(members):
        change([member], received_on=clock.today() - timedelta(days=count - age))
    return lead, members


@pytest.mark.parametrize(("state", "after"), [("new", "new"), ("recorded", "shortlisted")])
def test_the_oldest_leads_when_the_asker_takes_the_lead_back(in_app: Flask, state: str, after: str):
    lead, [heir, *others] = aged_cluster(3, lead_state=state)

    withdraw(lead)

    assert (stands(heir).state, stands(heir).lead_id) == (after, None)
    assert {(stands(each).state, stands(each).lead_id) for each in others} == {("merged", heir)}
    assert counts_are_true(storage.read())
    [act] = acts(heir, f"to {after}")
    assert (act.at, act.detail) == (None, {"instead of": str(lead)})


@pytest.mark.parametrize("out", ["spam", "declined"])
def test_the_oldest_leads_when_staff_decide_against_the_lead(in_app: Flask, out: str):
    lead, [heir, other] = aged_cluster(2)

    if out == "spam":
        move(lead, "spam")
    else:
        storage.write(
            services.move,
            question_id=lead,
            to="declined",
            seen_version=stands(lead).version,
            actor=services.THE_DESK,
            also={"decline_reason": "spam"},
        )

    assert states([lead, heir, other]) == [out, "shortlisted", "merged"]
    assert stands(other).lead_id == heir


def test_the_plan_goes_on_with_the_place(in_app: Flask):
    lead, [heir, other] = aged_cluster(2)
    episode = add_episode()
    plan(lead, episode)

    withdraw(lead)
    storage.write(_publish, episode)
    settle(episode)

    assert states([lead, heir, other]) == ["withdrawn", "answered", "answered"]


def _publish(session: Session, episode: int) -> None:
    session.get_one(Episode, episode).published_at = clock.now()


def test_a_private_one_leads_without_the_plan(in_app: Flask):
    lead, private = add(), add(consent="private")
    move(lead, "shortlisted")
    merge(lead, private)
    plan(lead, add_episode())

    withdraw(lead)

    assert (stands(private).state, stands(private).planned_for_id) == ("shortlisted", None)


def test_one_whose_text_is_gone_does_not_lead_and_keeps_no_asker_from_leaving(in_app: Flask):
    lead, [bare, heir] = aged_cluster(2)
    change([bare], text_sealed=None, texts_until=None)

    withdraw(lead)

    assert states([lead, bare, heir]) == ["withdrawn", "merged", "shortlisted"]
    assert stands(bare).lead_id == heir


def test_a_cluster_without_any_text_lets_its_lead_go(in_app: Flask):
    lead, members = aged_cluster(2)
    change(members, text_sealed=None, texts_until=None)

    withdraw(lead)

    assert states([lead, *members]) == ["withdrawn", "merged", "merged"]


def test_the_lead_of_five_hundred_can_leave(in_app: Flask):
    lead = add()
    members = storage.write(lambda session: [_add(session) for _ in range(500)])
    change(members, state="merged", lead_id=lead)

    withdraw(lead)

    heirs = [each for each in members if stands(each).state == "new"]
    assert len(heirs) == 1
    assert {stands(each).lead_id for each in members} == {None, heirs[0]}


def _add(session: Session) -> UUID:
    return factories.add_question(session)


def test_a_purge_takes_a_whole_cluster_in_batches(in_app: Flask):
    lead, members = add_cluster(BATCH // 4)
    yesterday = clock.today() - timedelta(days=1)
    change([lead, *members], kept_until=yesterday, texts_until=yesterday)

    done = Purged()
    while (batch := storage.write(purge, today=clock.today())) != Purged():
        done += batch

    assert states([lead, *members]) == ["erased"] * (1 + len(members))
    assert done.questions >= 1 + len(members)
    assert counts_are_true(storage.read())
