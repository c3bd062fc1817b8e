"""What a machine may say about a new question."""

from webapp.questions.screening import lane_for


def test_an_ordinary_question_waits_in_the_ordinary_lane():
    assert lane_for("Is it me, or is it the walls?", honeypot="") == ("ordinary", [])


def test_two_links_are_nothing_special():
    assert lane_for("See https://a.example and www.b.example", honeypot="")[0] == "ordinary"


def test_three_links_are_set_aside_with_the_reason_in_words():
    text = "https://a.example http://b.example www.c.example"

    assert lane_for(text, honeypot="") == ("quarantine", ["has 3 links"])


def test_a_filled_honeypot_is_set_aside_and_never_refused():
    lane, reasons = lane_for("Is it me?", honeypot="https://a.example")

    assert lane == "quarantine"
    assert reasons == ["filled in a field that people do not see"]
