"""WebVTT in, and what a browser would pass over in silence is reported.

Source of the syntax: W3C WebVTT, 4 and 6.
"""

from webapp.transcripts.cues import Cue, Problem, Transcript
from webapp.transcripts.timing import Malformed, read_times
from webapp.transcripts.vtt_blocks import Block, blocks
from webapp.transcripts.vtt_text import spoken

_NO_HEADER = "The file does not begin with the word WEBVTT on a line of its own."
_NO_CUE = (
    "These words belong to no cue. An empty line ends a cue, and each begins with its times, "
    "such as 00:01:15.000 --> 00:01:18.500."
)


def read_vtt(text: str) -> Transcript:
    """Return the cues of a WebVTT file, and a problem for everything that could not be read.

    Times are in seconds. A cue with several voices becomes one cue for each, with the same times.
    Tolerated: a byte order mark, any line ends, comments, styles, regions, ids, settings, commas
    and short fields in times, cues out of order, a missing last line end. Nothing is raised.
    """
    cues: list[Cue] = []
    problems: list[Problem] = []
    found = list(blocks(text))
    if not (found and found[0].is_header):
        problems.append(Problem(1, _NO_HEADER))
    for block in found:
        if block.is_cue:
            try:
                cues.extend(_cues_of(block))
            except Malformed as malformed:
                problems.append(Problem(block.line + block.timing, str(malformed)))
        elif not (block.is_header or block.is_silent):
            problems.append(Problem(block.line, _NO_CUE))
    return Transcript(tuple(sorted(cues, key=lambda cue: cue.start)), tuple(problems))


def _cues_of(block: Block) -> list[Cue]:
    """Return one cue for each voice of a block; none for a cue in which nothing is said.

    Raises Malformed.
    """
    start, end = read_times(block.lines[block.timing])
    words = "\n".join(block.lines[block.timing + 1 :])
    return [Cue(start, end, voice, said) for voice, said in spoken(words)]
