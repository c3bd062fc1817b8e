"""What an act came to, as the log says it."""

from uuid import uuid4

import pytest

from webapp.moderation.details import Names
from webapp.moderation.log.details import in_words, shortened, subject_in_words
from webapp.storage.history import Act

ID = "5c1d7a52-9a54-4c5e-8f6e-0f3a4f1d2b3c"


def told(detail: dict[str, object], action: str = "noted") -> tuple[str, ...]:
    return in_words(Act(id=uuid4(), action=action, detail=detail), Names(topics={"sex": "Sex"}))


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ({}, ()),
        ({"count": 0, "format": "csv"}, ("0 acts", "as CSV")),
        (
            {"filters": {"actor": "Sam", "subject_id": "17"}},
            ("narrowed by actor Sam, subject id 17",),
        ),
        ({"lead": ID, "members": [ID]}, ("with 5c1d7a52",)),
        ({"instead of": ID}, ("in the place of 5c1d7a52",)),
        ({"rundown": ID, "place": 2}, ("place 2",)),
        ({"time code": 247}, ("at 4:07",)),
        ({"checked": ["places", "quotes"]}, ("checklist ticked",)),
        (
            {"name": "Kim", "role": "editor", "before": "moderator"},
            ("Kim", "before: moderator", "role: editor"),
        ),
        ({"name": "Kim", "sessions": 1}, ("Kim", "1 session ended")),
        ({"on": True}, ("on",)),
        ({"on": False}, ("off",)),
        (
            {"at": "2026-03-02T08:05:00+00:00", "before": ""},
            ("from 2 March 2026, 08:05 UTC on",),
        ),
        ({"before": "2026-03-02T08:05:00+00:00"}, ("before: 2 March 2026, 08:05 UTC",)),
        ({"from": 7}, ()),
        ({"put_in": [ID]}, ()),
        ({"name": "", "role": None}, ()),
    ],
)
def test_details_are_told_in_words_and_machine_words_left_out(
    detail: dict[str, object], words: tuple[str, ...]
):
    assert told(detail) == words


def test_what_was_done_to_a_question_is_told_as_on_its_own_page():
    assert told({"from": "ordinary", "to": "urgent"}, "changed lane") == ("Urgent",)
    assert told({"from": [], "to": ["sex"]}, "set topics") == ("Sex",)


@pytest.mark.parametrize(
    ("subject_id", "words"),
    [(ID, "5c1d7a52"), ("second_factor", "a second factor of everybody"), ("17", "17"), ("", "")],
)
def test_what_an_act_was_done_to_is_named_in_short(subject_id: str, words: str):
    assert subject_in_words(Act(subject_id=subject_id)) == words
    assert shortened("reasons") == "reasons"
