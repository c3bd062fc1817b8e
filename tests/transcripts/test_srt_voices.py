"""Who says a line of SRT: a name before a colon, where it can hardly be anything else."""

import pytest

from webapp.transcripts import read_srt


def spoken(*texts: str, voices: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Return voices and words of a file whose cues have these texts."""
    cues = [
        f"{number}\n00:00:{number:02},000 --> 00:00:{number + 1:02},000\n{text}\n"
        for number, text in enumerate(texts, start=1)
    ]
    transcript = read_srt("\n".join(cues), voices)
    assert transcript.problems == ()
    return [(cue.voice, cue.text) for cue in transcript.cues]


@pytest.mark.parametrize(
    "name",
    ["DOT", "Dot", "Dot Farrow", "DR. O'NEIL", "Zoë Van-Dijk", "Caller 2", "SAM (V.O.)", "田中"],
)
def test_a_name_that_stands_twice_before_a_colon_is_a_voice(name):
    assert spoken(f"{name}: Yes.", f"{name}: No.") == [(name, "Yes."), (name, "No.")]


@pytest.mark.parametrize("name", ["Dot", "DOT FARROW", "Remember"])
def test_once_is_not_enough_for_a_name_that_nobody_knows(name):
    assert spoken(f"{name}: milk", "and eggs") == [("", f"{name}: milk"), ("", "and eggs")]


@pytest.mark.parametrize(
    "head",
    [
        "the thing is",
        "And then he said",
        "Vincent van Gogh",
        "Well, Dot",
        "12",
        "So you do know",
        "<laughs>",
        "X" * 41,
    ],
)
def test_what_looks_like_no_name_is_none_however_often_it_stands_there(head):
    assert spoken(f"{head}: yes", f"{head}: no") == [("", f"{head}: yes"), ("", f"{head}: no")]


def test_a_colon_needs_white_space_or_the_end_of_the_line_behind_it():
    assert spoken("Re:Zero", "Re:Zero", "DOT:\nYes.", "DOT:\nNo.") == [
        ("", "Re:Zero"),
        ("", "Re:Zero"),
        ("DOT", "Yes."),
        ("DOT", "No."),
    ]


def test_names_that_are_known_are_believed_at_once_whatever_they_look_like():
    assert spoken("dot: Yes.", "who, me?: No.", voices=("dot", "who,  me?", "")) == [
        ("dot", "Yes."),
        ("who, me?", "No."),
    ]


def test_a_voice_goes_on_until_the_next():
    assert spoken("DOT: Yes.", "Quite.", "LEO: No.", "LEO: Never.", "DOT: Oh.", "Well.") == [
        ("DOT", "Yes."),
        ("DOT", "Quite."),
        ("LEO", "No."),
        ("LEO", "Never."),
        ("DOT", "Oh."),
        ("DOT", "Well."),
    ]


def test_several_voices_in_a_cue_become_a_cue_each():
    assert spoken("- DOT: Yes.\nQuite.\n– LEO: No.\nDOT: Oh.", "LEO: Ha.") == [
        ("DOT", "Yes.\nQuite."),
        ("LEO", "No."),
        ("DOT", "Oh."),
        ("LEO", "Ha."),
    ]


def test_a_voice_named_again_in_a_cue_goes_on():
    assert spoken("DOT: Yes.\nDOT: Quite.") == [("DOT", "Yes.\nQuite.")]


def test_a_dash_without_a_name_is_as_typed():
    assert spoken("DOT: Yes.\n- and more", "DOT: so") == [
        ("DOT", "Yes.\n- and more"),
        ("DOT", "so"),
    ]


def test_chevrons_announce_somebody_else_with_a_name_or_without():
    assert spoken(">> DOT: Yes.", ">> No.", ">>> LEO: Well.", ">>LEO: Well.") == [
        ("DOT", "Yes."),
        ("", "No."),
        ("LEO", "Well."),
        ("LEO", "Well."),
    ]


def test_marks_and_entities_do_not_hide_a_name():
    text = "{\\an8}<b>TOM &amp; JO</b>: <i>Yes.</i>"
    assert spoken(text, text) == [("TOM & JO", "Yes.")] * 2


def test_a_colon_written_as_an_entity_names_nobody():
    assert spoken("DOT: a", "DOT: b", "DOT&#58; c") == [
        ("DOT", "a"),
        ("DOT", "b"),
        ("DOT", "DOT: c"),
    ]
