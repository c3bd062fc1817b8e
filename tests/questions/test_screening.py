"""What a machine may say about a new question."""

import pytest

from webapp.questions.screening import Circumstances, lane_for

LINKS = "https://a.example http://b.example www.c.example"
DANGER = ("may be in danger",)


def test_an_ordinary_question_waits_in_the_ordinary_lane():
    assert lane_for("Is it me, or is it the walls?", Circumstances()) == ("ordinary", [])


def test_two_links_are_nothing_special():
    lane, _ = lane_for("See https://a.example and www.b.example", Circumstances())

    assert lane == "ordinary"


@pytest.mark.parametrize(
    ("text", "came", "reason"),
    [
        (LINKS, Circumstances(), "has 3 links"),
        (
            "Is it me?",
            Circumstances(honeypot="https://a.example"),
            "filled in a field that people do not see",
        ),
        (
            "Is it me?",
            Circumstances(seconds=1.9),
            "left the check page in under 2 seconds",
        ),
        ("Is it me?", Circumstances(flood=True), "arrived in a flood of questions"),
    ],
)
def test_what_looks_odd_is_set_aside_with_the_reason_in_words(
    text: str, came: Circumstances, reason: str
):
    assert lane_for(text, came) == ("quarantine", [reason])


def test_two_seconds_are_enough_to_have_looked():
    assert lane_for("Is it me?", Circumstances(seconds=2))[0] == "ordinary"


def test_danger_goes_to_the_urgent_lane():
    assert lane_for("I cannot go on.", Circumstances(), care=DANGER) == ("urgent", [*DANGER])


def test_danger_wins_over_haste_links_and_a_field_that_a_browser_filled_and_all_are_said():
    came = Circumstances(honeypot="x", seconds=1)
    lane, reasons = lane_for(LINKS, came, care=DANGER)

    assert lane == "urgent"
    assert reasons == [
        *DANGER,
        "filled in a field that people do not see",
        "left the check page in under 2 seconds",
        "has 3 links",
    ]


def test_a_flood_does_not_get_into_the_urgent_lane_by_its_words():
    lane, reasons = lane_for("I cannot go on.", Circumstances(flood=True), care=DANGER)

    assert lane == "quarantine"
    assert reasons[0] == DANGER[0]
