"""Answers that follow an episode, and those that go back with it."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import LONG_AGO
from tests.moderation.clustering import (
    EDITH,
    acts,
    add,
    add_cluster,
    add_episode,
    answer,
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
from webapp.exceptions import Conflict, NotFound, Refused
from webapp.moderation import answering, clusters, settling
from webapp.questions import services
from webapp.storage.history import Act
from webapp.storage.outbox import OutboxMessage

BEFORE = ["shortlisted", "ready", "scheduled", "recorded"]


def publish(episode_id: int, at=LONG_AGO) -> None:
    """Set an episode's moment, as publishing does."""

    def set_it(session: Session) -> None:
        session.get_one(Episode, episode_id).published_at = at

    storage.write(set_it)


def messages() -> dict[str, OutboxMessage]:
    storage.read().rollback()
    return {each.key: each for each in storage.read().scalars(select(OutboxMessage))}


def undo_answer(question_id):
    act = acts(question_id, "to answered")[-1]
    return storage.write(
        answering.undo_answer, act=act, seen_version=stands(question_id).version, actor=EDITH
    )


@pytest.mark.parametrize("state", BEFORE)
def test_what_an_episode_was_named_for_is_answered_when_it_is_out(in_app: Flask, state: str):
    question, episode = add(), add_episode()
    move(question, *BEFORE[: BEFORE.index(state) + 1])
    plan(question, episode)

    assert settle(episode) == 0
    assert stands(question).state == state

    publish(episode)

    assert settle(episode) == 1
    assert (stands(question).state, stands(question).answered_by_id) == ("answered", episode)
    [act] = acts(question, "to answered")
    assert (act.actor, act.from_state) == ("publishing", state)
    assert settle(episode) == 0


def test_a_cluster_is_answered_with_its_lead_once_each(in_app: Flask):
    lead, members = add_cluster(3)
    stranger, _ = add_cluster(1)
    episode = add_episode()
    plan(lead, episode)
    publish(episode)

    assert settle(episode) == 4

    assert states([lead, *members]) == ["answered"] * 4
    assert {stands(each).answered_by_id for each in members} == {episode}
    assert {stands(each).lead_id for each in members} == {lead}
    assert all(len(acts(each, "to answered")) == 1 for each in (lead, *members))
    assert stands(stranger).state == "shortlisted"
    assert counts_are_true(storage.read())


def test_one_call_takes_a_batch_at_most(in_app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(settling, "BATCH", 2)
    lead, _members = add_cluster(4)
    episode = add_episode(published_at=LONG_AGO)
    answer(lead, episode)

    done = [storage.write(settling.settle, episode_id=episode) for _ in range(3)]

    assert done == [2, 2, 0]


def test_naming_an_episode_has_it_settled_now_and_when_it_is_out(in_app: Flask):
    question, episode = add(), add_episode(published_at=clock.now() + timedelta(days=1))
    move(question, "shortlisted")

    plan(question, episode)

    due = messages()
    assert set(due) == {f"settle:{episode}", f"settle:{episode}:out"}
    assert due[f"settle:{episode}:out"].due_at > clock.now() + timedelta(hours=23)
    assert {each.payload["episode_id"] for each in due.values()} == {episode}


def test_naming_is_told_in_history_and_naming_again_is_a_success(in_app: Flask):
    question, episode = add(), add_episode()
    move(question, "shortlisted")

    assert plan(question, episode)
    assert plan(question, episode) is None
    assert plan(question, None)

    details = {str(act.detail) for act in acts(question, "named episode")}
    assert details == {str({"from": None, "to": episode}), str({"from": episode, "to": None})}
    assert stands(question).planned_for_id is None


def test_no_episode_is_named_for_what_none_can_answer(in_app: Flask):
    episode = add_episode()
    _lead, [member] = add_cluster(1)
    private, new, gone = add(consent="private"), add(), add()
    move(private, "shortlisted")
    storage.write(services.withdraw, question_id=gone)

    for question, words in (
        (member, "goes with another"),
        (private, "no episode can answer it"),
        (new, "Shortlist it first"),
        (gone, "has been erased"),
    ):
        with pytest.raises(Refused, match=words):
            plan(question, episode)
    with pytest.raises(NotFound):
        plan(new, 999_999)


def test_a_question_that_changed_meanwhile_is_not_named_for_an_episode(in_app: Flask):
    question, episode = add(), add_episode()
    move(question, "shortlisted")

    with pytest.raises(Conflict):
        storage.write(
            answering.answer_when_published,
            question_id=question,
            seen_version=1,
            episode_id=episode,
            actor=EDITH,
        )


def test_answering_a_lead_by_hand_has_its_members_follow(in_app: Flask):
    lead, [member] = add_cluster(1)
    episode = add_episode(published_at=LONG_AGO)

    answer(lead, episode)

    assert stands(member).state == "merged"
    assert f"settle:{episode}" in messages()
    settle(episode)
    assert stands(member).state == "answered"


def test_a_private_one_is_answered_with_its_lead_and_never_on_its_own(in_app: Flask):
    lead, private = add(), add(consent="private")
    move(lead, "shortlisted")
    merge(lead, private)
    episode = add_episode(published_at=LONG_AGO)
    answer(lead, episode)

    settle(episode)

    assert stands(private).state == "answered"


def test_taking_back_an_answer_takes_back_those_that_followed(in_app: Flask):
    lead, members = add_cluster(2, lead_state="recorded")
    episode = add_episode(published_at=LONG_AGO)
    plan(lead, episode)
    settle(episode)

    undo_answer(lead)
    settle(episode)

    assert states([lead, *members]) == ["recorded", "merged", "merged"]
    assert {stands(each).lead_id for each in members} == {lead}
    assert {stands(each).answered_by_id for each in (lead, *members)} == {None}
    assert stands(lead).planned_for_id is None
    assert counts_are_true(storage.read())


def test_one_that_followed_its_lead_is_not_taken_back_alone(in_app: Flask):
    lead, [member] = add_cluster(1)
    episode = add_episode(published_at=LONG_AGO)
    answer(lead, episode)
    settle(episode)

    with pytest.raises(Refused, match="Take that back there"):
        undo_answer(member)


def test_a_merged_one_that_is_answered_on_its_own_leaves_its_cluster(in_app: Flask):
    lead, [member, other] = add_cluster(2)
    episode = add_episode(published_at=LONG_AGO)
    answer(member, episode)

    assert settle(episode) == 0
    assert states([lead, member, other]) == ["shortlisted", "answered", "merged"]
    assert stands(member).lead_id is None

    undo_answer(member)
    assert (stands(member).state, stands(member).lead_id) == ("merged", lead)


def test_a_merged_one_whose_lead_has_gone_comes_back_to_the_shortlist(in_app: Flask):
    lead, [member] = add_cluster(1)
    episode = add_episode(published_at=LONG_AGO)
    answer(member, episode)
    move(lead, "spam")

    undo_answer(member)

    assert (stands(member).state, stands(member).lead_id) == ("shortlisted", None)


def test_one_that_was_merged_after_an_episode_was_named_for_it_is_answered_on_its_own(
    in_app: Flask,
):
    lead, question, episode = add(), add(), add_episode()
    move(question, "shortlisted")
    plan(question, episode)
    merge(lead, question)
    publish(episode)

    assert settle(episode) == 1

    assert (stands(question).state, stands(question).lead_id) == ("answered", None)
    assert stands(lead).state == "new"


def test_an_episode_that_is_taken_back_puts_all_back_and_answers_again_when_it_is_out(
    in_app: Flask,
):
    lead, members = add_cluster(2, lead_state="scheduled")
    episode = add_episode(published_at=LONG_AGO)
    answer(lead, episode)
    settle(episode)

    publish(episode, None)
    assert settle(episode) == 3
    assert states([lead, *members]) == ["scheduled", "merged", "merged"]

    publish(episode)
    assert settle(episode) == 3
    assert states([lead, *members]) == ["answered"] * 3
    assert settle(episode) == 0
    assert counts_are_true(storage.read())


def test_an_episode_that_is_moved_to_a_later_day_answers_then(in_app: Flask):
    question, episode = add(), add_episode(published_at=LONG_AGO)
    move(question, "shortlisted")
    answer(question, episode)

    publish(episode, clock.now() + timedelta(days=2))
    settle(episode)
    assert stands(question).state == "shortlisted"

    with time_machine.travel(clock.now() + timedelta(days=3)):
        settle(episode)
        assert stands(question).state == "answered"


def test_members_follow_a_lead_to_the_other_episode_that_answers_it(in_app: Flask):
    lead, [member] = add_cluster(1)
    wrong = add_episode(published_at=LONG_AGO)
    right = add_episode(published_at=LONG_AGO, slug="right", number=2)
    answer(lead, wrong)
    settle(wrong)
    undo_answer(lead)
    answer(lead, right)
    settle(right)
    assert stands(member).answered_by_id == wrong

    settle(wrong)

    assert messages()[f"settle:{right}"].done_at is None
    settle(right)
    assert (stands(member).state, stands(member).answered_by_id) == ("answered", right)


def test_what_was_answered_stays_so_when_its_lead_is_erased(in_app: Flask):
    lead, [member] = add_cluster(1)
    episode = add_episode(published_at=LONG_AGO)
    answer(lead, episode)
    settle(episode)

    storage.write(services.withdraw, question_id=lead)

    assert settle(episode) == 0
    assert states([lead, member]) == ["erased", "answered"]


def test_one_that_cannot_be_answered_is_left_and_counted_and_holds_up_no_other(
    in_app: Flask, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(settling, "BATCH", 1)
    question, private, episode = add(), add(), add_episode()
    move(private, "shortlisted")
    move(question, "shortlisted")
    plan(private, episode)
    plan(question, episode)
    storage.write(_make_private, question_id=private)
    publish(episode)

    settle(episode)

    assert states([private, question]) == ["shortlisted", "answered"]
    storage.read().rollback()
    assert settling.count_left_behind(storage.read()) == 1


def _make_private(session: Session, *, question_id) -> None:
    session.get_one(services.Question, question_id).consent = "private"


def test_settling_for_an_episode_that_is_nowhere_does_nothing(in_app: Flask):
    add_cluster(1)

    assert settle(999_999) == 0


def test_every_act_of_publishing_is_its_own(in_app: Flask):
    lead, [member] = add_cluster(1)
    episode = add_episode(published_at=LONG_AGO)
    answer(lead, episode)
    settle(episode)

    [act] = acts(member, "to answered")

    assert (act.actor, act.role, act.detail) == ("publishing", "editor", {"lead": str(lead)})
    assert clusters.count_members(storage.read(), [lead]) == {lead: 1}
    assert storage.read().scalars(select(Act)).all()
