"""Clusters: merging, taking out, another lead, and a lead that leaves."""

from uuid import uuid4

import pytest
from flask import Flask

from tests.factories import LONG_AGO
from tests.moderation.clustering import (
    EDITH,
    SAM,
    acts,
    add,
    add_cluster,
    add_episode,
    answer,
    merge,
    move,
    seen,
    settle,
    stands,
    states,
)
from tests.questions.test_races import counts_are_true
from webapp import storage
from webapp.exceptions import Conflict, NotFound, Refused
from webapp.moderation import clusters, leads
from webapp.moderation.clusters import LeadsOthers, Seen
from webapp.questions import services
from webapp.storage.history import Act


def take_out(question_id, version=None):
    return storage.write(
        clusters.take_out,
        question_id=question_id,
        seen_version=stands(question_id).version if version is None else version,
        actor=SAM,
    )


def make_lead(question_id):
    return storage.write(
        leads.make_lead,
        question_id=question_id,
        seen_version=stands(question_id).version,
        actor=SAM,
    )


def test_several_go_into_a_lead_in_one_act(in_app: Flask):
    lead, first, second = add(), add(), add()

    merged = merge(lead, first, second)

    assert merged.ids == (first, second)
    assert states([lead, first, second]) == ["new", "merged", "merged"]
    assert {stands(each).lead_id for each in (first, second)} == {lead}
    [one], [other] = acts(first, "to merged"), acts(second, "to merged")
    assert one.batch == other.batch == merged.batch
    assert one.detail == {"lead": str(lead)}
    assert counts_are_true(storage.read())


def test_merging_again_is_a_success_that_changes_nothing(in_app: Flask):
    lead, [member] = add_cluster(1)
    version = stands(member).version

    merged = storage.write(clusters.merge, lead=Seen(lead, 1), members=[Seen(member, 1)], actor=SAM)

    assert (merged.ids, merged.already) == ((), 1)
    assert stands(member).version == version


@pytest.mark.parametrize("which", ["lead", "member"])
def test_either_that_changed_meanwhile_is_a_conflict_and_nothing_is_merged(
    in_app: Flask, which: str
):
    lead, member, other = add(), add(), add()
    before = {"lead": seen(lead), "member": seen(member)}
    move({"lead": lead, "member": member}[which], "shortlisted")

    with pytest.raises(Conflict):
        storage.write(
            clusters.merge,
            lead=before["lead"],
            members=[seen(other), before["member"]],
            actor=SAM,
        )

    assert stands(other).state == "new"


@pytest.mark.parametrize("state", ["shortlisted", "ready", "scheduled", "recorded"])
def test_what_is_chosen_may_lead(in_app: Flask, state: str):
    lead, [member] = add_cluster(1, lead_state=state)

    assert (stands(lead).state, stands(member).lead_id) == (state, lead)


@pytest.mark.parametrize("state", ["declined", "spam"])
def test_what_is_out_leads_nobody(in_app: Flask, state: str):
    lead, member = add(), add()
    move(lead, state) if state == "spam" else storage.write(
        services.move,
        question_id=lead,
        to="declined",
        seen_version=1,
        actor=EDITH,
        also={"decline_reason": "spam"},
    )

    with pytest.raises(Refused, match=f"that is {state} cannot lead"):
        merge(lead, member)


def test_a_lead_is_never_itself_merged(in_app: Flask):
    lead, [member] = add_cluster(1)

    with pytest.raises(Refused):
        merge(member, add())
    with pytest.raises(LeadsOthers, match="Let that one lead"):
        merge(add(), lead)

    assert states([lead, member]) == ["shortlisted", "merged"]


def test_all_that_a_lead_leads_may_go_along(in_app: Flask):
    lead, members = add_cluster(3)
    other = add()

    merge(other, lead, with_theirs=True)

    assert {stands(each).lead_id for each in (lead, *members)} == {other}
    [act] = acts(lead, "to merged")
    assert act.detail["lead"] == str(other)
    assert set(act.detail["went along"]) == {str(each) for each in members}


def test_nothing_is_merged_into_itself_or_out_of_another_cluster(in_app: Flask):
    lead, [member] = add_cluster(1)

    with pytest.raises(Refused, match="into itself"):
        merge(lead, lead)
    with pytest.raises(Refused, match="already"):
        merge(add(), member)
    with pytest.raises(Refused, match="100 questions"):
        storage.write(clusters.merge, lead=seen(lead), members=[Seen(uuid4(), 1)] * 101, actor=SAM)
    with pytest.raises(NotFound):
        storage.write(clusters.merge, lead=seen(lead), members=[Seen(uuid4(), 1)], actor=SAM)


@pytest.mark.parametrize("state", ["ready", "scheduled", "recorded"])
def test_what_is_past_the_shortlist_leads_and_is_not_merged(in_app: Flask, state: str):
    lead, member = add(), add()
    ways = ["shortlisted", "ready", "scheduled", "recorded"]
    move(member, *ways[: ways.index(state) + 1])

    with pytest.raises(Refused, match="it can lead the others"):
        merge(lead, member)


def test_one_taken_out_is_new_again(in_app: Flask):
    lead, [member, other] = add_cluster(2)

    take_out(member)

    assert (stands(member).state, stands(member).lead_id) == ("new", None)
    assert stands(other).lead_id == lead
    assert acts(member, "to new")[0].detail == {"lead": str(lead)}
    assert take_out(member).already


def test_one_taken_out_can_be_put_back_while_its_lead_leads(in_app: Flask):
    lead, [member] = add_cluster(1)
    act = storage.read().get(Act, take_out(member).act_id)

    moved = storage.write(clusters.undo_taking_out, act=act, seen_version=act.to_version, actor=SAM)

    assert (stands(member).state, stands(member).lead_id) == ("merged", lead)
    again = storage.read().get(Act, moved.act_id)
    assert again.reverses == act.id


def test_one_taken_out_is_not_put_back_under_a_lead_that_is_gone(in_app: Flask):
    lead, [member] = add_cluster(1)
    act = storage.read().get(Act, take_out(member).act_id)
    move(lead, "spam")

    with pytest.raises(Refused, match="leads nothing any more"):
        storage.write(clusters.undo_taking_out, act=act, seen_version=act.to_version, actor=SAM)


def test_what_was_answered_with_its_lead_is_not_taken_out(in_app: Flask):
    lead, [member] = add_cluster(1)
    episode = add_episode(published_at=LONG_AGO)
    answer(lead, episode)
    settle(episode)

    with pytest.raises(Conflict):
        take_out(member)


@pytest.mark.parametrize("state", ["new", "shortlisted"])
def test_another_can_lead_and_all_the_others_follow(in_app: Flask, state: str):
    lead, members = add_cluster(3, lead_state=state)
    heir = members[1]

    make_lead(heir)

    assert (stands(heir).state, stands(heir).lead_id) == (state, None)
    assert stands(lead).state == "merged"
    assert {stands(each).lead_id for each in (lead, members[0], members[2])} == {heir}
    assert counts_are_true(storage.read())
    assert make_lead(heir).already == 1


def test_a_lead_that_is_ready_stays_the_lead(in_app: Flask):
    _lead, [member] = add_cluster(1, lead_state="ready")

    with pytest.raises(Refused, match="The lead is ready"):
        make_lead(member)
    with pytest.raises(Refused, match="into no other"):
        make_lead(add())


def test_members_are_counted_by_their_lead_merged_or_answered(in_app: Flask):
    lead, _members = add_cluster(3)
    other, _ = add_cluster(1)
    alone = add()
    ids = [lead, other, alone]

    assert clusters.count_members(storage.read(), ids) == {lead: 3, other: 1}

    episode = add_episode(published_at=LONG_AGO)
    answer(lead, episode)
    settle(episode)
    storage.read().rollback()
    assert clusters.count_members(storage.read(), ids) == {lead: 3, other: 1}


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, ""),
        (2, "Two of you asked this."),
        (11, "Eleven of you asked this."),
        (12, "Twelve of you asked this."),
        (13, "13 of you asked this."),
        (1_500, "1,500 of you asked this."),
    ],
)
def test_how_many_asked_is_said_in_words(count: int, words: str):
    assert clusters.how_many_asked(count) == words


def test_an_air_text_for_all_begins_with_how_many_asked():
    assert clusters.for_all(3, "May I?") == "Three of you asked this.\n\nMay I?"
    assert clusters.for_all(1, "May I?") == "May I?"
    assert clusters.for_all(3, "") == ""
