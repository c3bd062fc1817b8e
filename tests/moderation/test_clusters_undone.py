"""Undoing what changed who leads a cluster: it leads again, and all that it led come back to it."""

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.moderation.clustering import (
    EDITH,
    SAM,
    acts,
    add,
    add_cluster,
    add_episode,
    merge,
    move,
    plan,
    stands,
    states,
)
from tests.pages import soup
from tests.questions.test_races import counts_are_true
from tests.staff.members import add_staff, sign_in, token
from webapp import storage
from webapp.exceptions import Refused
from webapp.moderation import clusters, leads
from webapp.moderation.leads import Merged
from webapp.moderation.many_at_once import undo_many
from webapp.moderation.undoing import undo
from webapp.questions import services
from webapp.storage.history import Actor


def take_back(act_id: UUID | None, actor: Actor = EDITH) -> services.Moved:
    return storage.write(undo, act_id=act_id, actor=actor)[1]


def last(question: UUID, to: str) -> UUID:
    """Return the newest act that brought a question to a state."""
    done = sorted(acts(question, f"to {to}"), key=lambda act: act.to_version)
    return done[-1].id


def led_by(*questions: UUID) -> list[UUID | None]:
    return [stands(each).lead_id for each in questions]


def make_lead(question: UUID) -> Merged:
    return storage.write(
        leads.make_lead, question_id=question, seen_version=stands(question).version, actor=SAM
    )


def decide(question: UUID, to: str) -> None:
    also = {"decline_reason": "covered"} if to == "declined" else None
    storage.write(
        services.move,
        question_id=question,
        to=to,
        seen_version=stands(question).version,
        actor=SAM,
        also=also,
    )


@pytest.mark.parametrize("to", ["declined", "spam"])
@pytest.mark.parametrize("state", ["new", "shortlisted"])
def test_a_slip_that_sends_a_lead_away_does_not_dissolve_its_cluster(
    in_app: Flask, to: str, state: str
):
    lead, members = add_cluster(3, lead_state=state)
    decide(lead, to)
    [heir] = [each for each in members if stands(each).state == state]

    take_back(last(lead, to))

    assert stands(lead).state == state
    assert states(members) == ["merged"] * 3
    assert led_by(*members) == [lead] * 3
    assert counts_are_true(storage.read())
    assert acts(heir, "to merged")[-1].actor in {"the desk", "Sam"}


def test_it_can_be_done_again_and_undone_again(in_app: Flask):
    lead, members = add_cluster(2)
    decide(lead, "declined")
    undone = take_back(last(lead, "declined"))

    again = take_back(undone.act_id)
    assert stands(lead).state == "declined"
    assert sorted(states(members)) == ["merged", "shortlisted"]

    take_back(again.act_id)
    assert led_by(*members) == [lead] * 2
    assert counts_are_true(storage.read())


def test_the_episode_that_was_to_answer_them_is_the_leads_again(in_app: Flask):
    lead, [heir] = add_cluster(1)
    episode = add_episode()
    plan(lead, episode)
    decide(lead, "spam")
    assert stands(heir).planned_for_id == episode

    take_back(last(lead, "spam"))

    assert (stands(lead).planned_for_id, stands(heir).planned_for_id) == (episode, None)


def test_a_cluster_that_somebody_has_brought_on_stays_with_who_leads_it(in_app: Flask):
    lead, [heir] = add_cluster(1)
    decide(lead, "spam")
    move(heir, "ready")

    take_back(last(lead, "spam"))

    assert states([lead, heir]) == ["shortlisted", "ready"]


def test_what_joined_the_cluster_meanwhile_comes_along(in_app: Flask):
    lead, [heir] = add_cluster(1)
    other = add()
    decide(lead, "spam")
    merge(heir, other)

    take_back(last(lead, "spam"))

    assert led_by(heir, other) == [lead, lead]


def test_what_an_asker_took_back_leaves_no_trail_to_the_others(in_app: Flask):
    lead, _members = add_cluster(1)

    storage.write(services.withdraw, question_id=lead)

    assert not acts(lead, "to withdrawn")[0].detail


def test_a_merge_with_all_that_they_led_is_undone_with_all_of_them(in_app: Flask):
    lead, members = add_cluster(2)
    other, [theirs] = add_cluster(1)
    merge(other, lead, with_theirs=True)
    assert led_by(lead, *members, theirs) == [other] * 4

    undone = take_back(last(lead, "merged"))

    assert stands(lead).state == "shortlisted"
    assert led_by(lead, *members, theirs) == [None, lead, lead, other]
    assert counts_are_true(storage.read())

    take_back(undone.act_id)
    assert led_by(lead, *members, theirs) == [other] * 4


def test_one_that_left_the_cluster_meanwhile_is_not_fetched_back(in_app: Flask):
    lead, [gone, stays] = add_cluster(2)
    other = add()
    merge(other, lead, with_theirs=True)
    storage.write(clusters.take_out, question_id=gone, seen_version=stands(gone).version, actor=SAM)

    take_back(last(lead, "merged"))

    assert states([gone, stays]) == ["new", "merged"]
    assert led_by(gone, stays) == [None, lead]


@pytest.mark.parametrize("by", ["the new one", "the former one", "both"])
def test_making_another_one_lead_is_undone_from_either(in_app: Flask, by: str):
    lead, members = add_cluster(3)
    batch = make_lead(members[0]).batch

    if by == "both":
        outcome = undo_many(batch, SAM)
        assert not outcome.left
    elif by == "the new one":
        moved = take_back(last(members[0], "shortlisted"), SAM)
        assert acts(members[0], "to merged")[-1].id
        assert moved.act_id == last(members[0], "merged")
    else:
        take_back(last(lead, "merged"), SAM)

    assert states([lead, *members]) == ["shortlisted", *["merged"] * 3]
    assert led_by(*members) == [lead] * 3
    assert counts_are_true(storage.read())


def test_undoing_it_twice_is_one_undo(in_app: Flask):
    _lead, members = add_cluster(2)
    make_lead(members[0])
    act = last(members[0], "shortlisted")

    first = take_back(act, SAM)
    second = take_back(act, SAM)

    assert second.already
    assert second.act_id == first.act_id


def test_one_that_was_brought_on_since_stays_the_lead(in_app: Flask):
    lead, members = add_cluster(2)
    make_lead(members[0])
    act = last(members[0], "shortlisted")
    storage.write(clusters.take_out, question_id=lead, seen_version=stands(lead).version, actor=SAM)

    with pytest.raises(Refused, match="Choose anew who leads"):
        take_back(act, SAM)


def test_the_episode_follows_who_leads(in_app: Flask):
    lead, members = add_cluster(1)
    episode = add_episode()
    plan(lead, episode)

    make_lead(members[0])
    assert stands(members[0]).planned_for_id == episode

    take_back(last(members[0], "shortlisted"))
    assert stands(lead).planned_for_id == episode
    assert stands(members[0]).planned_for_id is None


def test_the_message_after_it_offers_its_undo(app: Flask, client: FlaskClient):
    add_staff(app, name="Mo", role="moderator")
    sign_in(client, email="mo@example.org")
    with app.app_context():
        lead, members = add_cluster(2)
        page = client.get(f"/desk/questions/{lead}/cluster")
        data = {"csrf_token": token(page), "version": str(stands(members[0]).version)}
        answer = client.post(f"/desk/questions/{members[0]}/lead", data=data)
        told = soup(client.get(answer.location)).select_one(".c-told form")
        fields = {each["name"]: each.get("value", "") for each in told.select("input[name]")}

        client.post(told["action"], data=fields)

        assert led_by(*members) == [lead] * 2
