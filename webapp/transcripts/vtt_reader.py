"""WebVTT in: webvtt-py reads each cue, and what it would pass over in silence is reported.

It leaves out cues that are malformed, takes an end before the start, and gives the first voice of
a cue for all of it (design, dependencies.md). Source of the syntax: W3C WebVTT, 4 and 6.
"""

import re

import webvtt

from webapp.transcripts.cues import Cue, Problem, Transcript
from webapp.transcripts.vtt_blocks import ARROW, Block, begins_as_vtt, blocks
from webapp.transcripts.vtt_text import spoken

_TIME = r"(?:\d+:)?\d{1,2}:\d{1,2}[.,]\d{1,3}"
_TIMING = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s|$)")

_NO_HEADER = "The file does not begin with the word WEBVTT on a line of its own."
_NO_TIMES = (
    "The times of this cue cannot be read; expected something like 00:01:15.000 --> 00:01:18.500."
)
_BACKWARDS = "This cue ends before it has begun."
_NO_CUE = (
    "These words belong to no cue. An empty line ends a cue, and each begins with its times, "
    "such as 00:01:15.000 --> 00:01:18.500."
)


class _Malformed(ValueError):  # noqa: N818 - reads as the sentence that it is
    """A cue cannot be read; the message says why."""


def read_vtt(text: str) -> Transcript:
    """Return the cues of a WebVTT file, and a problem for everything that could not be read.

    Times are in seconds. A cue with several voices becomes one cue for each, with the same times.
    Tolerated: a byte order mark, any line ends, comments, styles, regions, ids, settings, commas
    and short fields in times, cues out of order, a missing last line end. Nothing is raised.
    """
    cues: list[Cue] = []
    problems: list[Problem] = []
    for block in blocks(text):
        if block.is_cue:
            try:
                cues.extend(_cues_of(block))
            except _Malformed as error:
                problems.append(Problem(block.line + _timing(block), str(error)))
        elif not (block.is_header or block.is_silent):
            problems.append(Problem(block.line, _NO_CUE))
    if not begins_as_vtt(text):
        problems.insert(0, Problem(1, _NO_HEADER))
    return Transcript(tuple(sorted(cues, key=lambda cue: cue.start)), tuple(problems))


def _timing(block: Block) -> int:
    """Return which line of a cue has its times: the first or, behind an id, the second."""
    return 0 if ARROW in block.lines[0] else 1


def _cues_of(block: Block) -> list[Cue]:
    """Return one cue for each voice of a block; none for a cue in which nothing is said.

    Raises _Malformed.
    """
    caption = _caption(block)
    start = caption.start_time.in_milliseconds() / 1000
    end = caption.end_time.in_milliseconds() / 1000
    if end <= start:
        raise _Malformed(_BACKWARDS)
    return [Cue(start, end, voice, words) for voice, words in spoken(caption.raw_text)]


def _caption(block: Block) -> webvtt.Caption:
    """Return a cue as webvtt-py reads it. Raises _Malformed where it would leave the cue out."""
    number = _timing(block)
    match = _TIMING.match(block.lines[number])
    if match is None:
        raise _Malformed(_NO_TIMES)
    times = match[0].replace(",", ".") + block.lines[number][match.end() :]
    lines = (*block.lines[:number], times, *block.lines[number + 1 :])
    captions = webvtt.from_string("WEBVTT\n\n" + "\n".join(lines)).captions
    if not captions:
        raise _Malformed(_NO_TIMES)
    return captions[0]
