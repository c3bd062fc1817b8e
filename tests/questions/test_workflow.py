"""Which moves a question may make."""

import pytest

from webapp.questions import workflow
from webapp.staff.roles import ROLES


def test_workflow_names_only_known_states():
    named = {state for move in workflow.MOVES for state in (move.source, move.target)}

    assert named == set(workflow.STATES)


def test_a_recording_is_the_cut_off_for_taking_back():
    assert workflow.targets("scheduled", "asker") == ("withdrawn",)
    assert workflow.targets("recorded", "asker") == ("erased",)


def test_retention_can_erase_everything_and_do_nothing_else():
    targets = {state: workflow.targets(state, "retention") for state in workflow.STATES}

    assert targets.pop("erased") == ()
    assert set(targets.values()) == {("erased",)}


@pytest.mark.parametrize("role", ROLES)
def test_staff_cannot_withdraw_for_the_asker(role: str):
    assert workflow.sources("withdrawn", role) == frozenset()


def test_of_staff_only_an_owner_erases():
    assert workflow.sources("erased", "owner") == set(workflow.STATES) - {"erased"}
    assert workflow.sources("erased", "editor") == frozenset()


def test_the_asker_can_only_take_a_question_back():
    targets = {target for state in workflow.STATES for target in workflow.targets(state, "asker")}

    assert targets == {"withdrawn", "erased"}


def test_a_moderator_cannot_answer_and_an_editor_can():
    triage = ("new", "declined", "spam", "merged")
    assert workflow.targets("shortlisted", "moderator") == triage
    assert workflow.targets("shortlisted", "editor") == (*triage, "ready", "answered")


def test_a_question_cannot_be_answered_before_it_is_shortlisted():
    before = {"shortlisted", "ready", "scheduled", "recorded", "merged"}
    assert workflow.sources("answered", "owner") == before


def test_every_decision_but_erasing_can_be_taken_back():
    nobodys = {"asker", "retention"}
    decisions = [
        move
        for move in workflow.MOVES
        if move.needs not in nobodys and not move.undo and move.target != "erased"
    ]

    for move in decisions:
        assert move.target in workflow.sources(move.source, "owner", undo=True)


def test_a_move_that_only_undoes_is_not_offered():
    assert "shortlisted" not in workflow.targets("declined", "owner")
    assert "declined" in workflow.sources("shortlisted", "owner", undo=True)
