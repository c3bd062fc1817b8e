"""Files that were made to keep a reader busy: each is answered in bounded time."""

import pytest

from tests.work import bounded_work
from webapp.transcripts import (
    Cue,
    read_srt,
    read_vtt,
    write_srt,
    write_vtt,
)

MILLION = 1_000_000
VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\n"
SRT = "1\n00:00:01,000 --> 00:00:02,000\n"
HOSTILE = {
    "arrows": "-->" * (MILLION // 3),
    "brackets": "<" * MILLION,
    "braces": "{\\" * (MILLION // 2),
    "marks": "<font " * (MILLION // 6),
    "open mark": "<font" + " " * MILLION,
    "voices": "<v a>" * (MILLION // 5),
    "open voice": "<v" + " " * MILLION,
    "entities": "&" * MILLION,
    "spaces": " " * MILLION,
    "spaces before an arrow": " " * MILLION + "-->",
    "digits": "0" * MILLION + "-->",
    "dashes": "-" * MILLION,
    "chevrons": "> " * (MILLION // 2),
    "colons": "Dot: " * (MILLION // 5),
    "empty lines": "\n" * 100_000,
    "carriage returns": "\r" * 100_000,
    "lines": "hello\n" * 200_000,
    "numbers": "1\n\n" * 50_000,
    "names": "".join(f"N{number}: a\n" for number in range(50_000)),
    "lines of arrows": "-->\n" * 50_000,
    "cues": "00:01.000 --> 00:02.000\nDot: a\n\n" * 15_000,
}


@pytest.fixture(autouse=True)
def bounded():
    with bounded_work(350):
        yield


@pytest.mark.parametrize("name", HOSTILE)
def test_no_file_keeps_a_reader_busy(name):
    assert all(cue.text for cue in read_vtt(VTT + HOSTILE[name]).cues)
    assert all(cue.text for cue in read_srt(SRT + HOSTILE[name]).cues)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_words_keep_a_writer_busy_or_leave_their_cue(name):
    cues = [Cue(0.0, 1.0, HOSTILE[name], HOSTILE[name])]
    for text in (write_vtt(cues), write_srt(cues)):
        assert text.count("-->") == len(text.split("\n\n")) - (text[:6] == "WEBVTT") - (not text)


def test_three_hours_of_talk_are_read_at_once():
    cues = tuple(
        Cue(at * 2.7, at * 2.7 + 2.5, "Dot" if at % 3 else "Leo", f"Line {at}, and so on & on.")
        for at in range(4_000)
    )
    with bounded_work(200):
        assert len(read_vtt(write_vtt(cues)).cues) == 4_000
        assert len(read_srt(write_srt(cues)).cues) == 4_000
