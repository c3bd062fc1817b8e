"""SRT in, and what a player would pass over in silence is reported."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from webapp.transcripts.cues import Cue, Problem, Transcript
from webapp.transcripts.lines import tidy
from webapp.transcripts.srt_blocks import Block, blocks
from webapp.transcripts.srt_voices import Line, names_in, read_line, spoken
from webapp.transcripts.timing import Malformed, read_times

_NO_CUE = (
    "These words belong to no cue; each begins with its times, such as "
    "00:01:15,000 --> 00:01:18,500."
)


@dataclass(frozen=True, slots=True)
class _Timed:
    """Lines with their times in seconds, before it is known who says them."""

    start: float
    end: float
    lines: tuple[Line, ...]


def read_srt(text: str, voices: Collection[str] = ()) -> Transcript:
    """Return the cues of an SRT file, and a problem for everything that could not be read.

    Times are in seconds. `voices` are names to be believed wherever they stand before a colon at
    the start of a line; others are where they look like a name and stand there twice, or behind
    ">>". A voice goes on until the next. A cue with several becomes one cue for each, with the
    same times. Tolerated: a byte order mark, any line ends, numbers missing or twice, points and
    short fields in times, empty lines inside and around cues, formatting marks, cues out of order
    or overlapping, a missing last line end. Nothing is raised.
    """
    timed: list[_Timed] = []
    problems: list[Problem] = []
    for block in blocks(text):
        if block.times:
            try:
                timed.append(_timed(block))
            except Malformed as malformed:
                problems.append(Problem(block.line, str(malformed)))
        problems.extend(Problem(stray.line, _NO_CUE) for stray in block.strays)
    names = names_in(chain.from_iterable(item.lines for item in timed), voices)
    cues = sorted(_cues(timed, names), key=lambda cue: cue.start)
    return Transcript(tuple(cues), tuple(problems))


def _timed(block: Block) -> _Timed:
    """Return a block as one cue. Raises Malformed."""
    start, end = read_times(block.times)
    return _Timed(start, end, tuple(read_line(line) for part in block.said for line in part.lines))


def _cues(timed: Iterable[_Timed], names: frozenset[str]) -> Iterator[Cue]:
    voice = ""
    for item in timed:
        said = list(spoken(item.lines, names, voice))
        for speaker, words in said:
            text = tidy(words)
            if text:
                yield Cue(item.start, item.end, speaker, text)
        voice = said[-1][0]
