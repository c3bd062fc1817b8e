"""What a transcript is made of, and the paragraphs that a page prints of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MAX_WORDS = 80  # about half a minute of speech: longer, and its one time link helps nobody


@dataclass(frozen=True, slots=True)
class Cue:
    """Words of one voice ("" if nobody is named) from `start` to `end`, in seconds."""

    start: float
    end: float
    voice: str
    text: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be read of a file, in words, and on which line (1 is the first)."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """The cues that were read, in order of their start, and everything that was not."""

    cues: tuple[Cue, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What one voice says in a row; `start` in seconds."""

    start: float
    voice: str
    text: str


def paragraphs(cues: Iterable[Cue]) -> tuple[Paragraph, ...]:
    """Return cues as paragraphs: those of one voice in a row joined, up to MAX_WORDS each.

    Cues are never cut, so that a longer one is a paragraph by itself. Spaces and line breaks are
    made single spaces.
    """
    return tuple(
        Paragraph(run[0].start, run[0].voice, " ".join(" ".join(cue.text for cue in run).split()))
        for run in _runs(cues)
    )


def _runs(cues: Iterable[Cue]) -> Iterator[list[Cue]]:
    run: list[Cue] = []
    words = 0
    for cue in cues:
        length = len(cue.text.split())
        if run and (cue.voice != run[0].voice or words + length > MAX_WORDS):
            yield run
            run, words = [], 0
        run.append(cue)
        words += length
    if run:
        yield run
