"""SRT out, so that players show it as it is meant and `read_srt` reads it again.

Line ends are line feeds, as in everything else that Postbag writes: SRT asks for none, and every
player takes them. Entities are written only where the text would be taken for something else,
because not all players resolve them.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from html import unescape
from itertools import pairwise

from webapp.transcripts.cues import Cue
from webapp.transcripts.lines import one_line, tidy
from webapp.transcripts.srt_voices import escape_marks, names_in, read_line
from webapp.transcripts.timing import ARROW, write_times

_REFERENCE = re.compile(r"&[^\t\n\f <&;]{0,40};?")  # a little more than `unescape` looks at


def write_srt(cues: Iterable[Cue]) -> str:
    """Return an SRT file with these cues, in their order, but for those that say nothing.

    A voice is named where it begins, as "Dot: Hang on."; behind ">>" if it is named only once,
    and ">>" alone begins what nobody is named for. Given the voices, `read_srt` reads what was
    written as it was; without them only names that look like one. Raises ValueError for a cue
    whose times are no stretch of time (see `timing.write_times`).
    """
    said = [cue for cue in cues if tidy(cue.text)]
    blocks = zip(said, _texts(said), strict=True)
    return "\n".join(
        f"{number}\n{write_times(cue.start, cue.end, point=',')}\n{text}\n"
        for number, (cue, text) in enumerate(blocks, start=1)
    )


def _texts(cues: list[Cue]) -> Iterator[str]:
    """Yield the text of each cue, with the voice where it is another than before."""
    voices = [one_line(cue.voice) for cue in cues]
    spoken = [[_escaped(line) for line in tidy(cue.text).split("\n")] for cue in cues]
    names = names_in((read_line(line) for lines in spoken for line in lines), voices)
    turns = list(pairwise(["", *voices]))
    times_named = Counter(voice for before, voice in turns if voice != before)
    for (before, voice), (first, *others) in zip(turns, spoken, strict=True):
        if voice == before:
            opening = _unnamed(first, names)
        elif voice:
            opening = _named(voice, first, is_once=times_named[voice] == 1)
        else:
            opening = f">> {first}"
            opening = _unnamed(opening, names | names_in([read_line(opening)], []))
        yield "\n".join([opening, *(_unnamed(line, names) for line in others)])


def _named(voice: str, line: str, *, is_once: bool) -> str:
    name = _escaped(voice).replace(":", "&#58;")
    if name[0] in "-–—>":
        name = f"&#{ord(name[0])};{name[1:]}"
    return f"{'>> ' if is_once else ''}{name}: {line}"


def _unnamed(line: str, names: Collection[str]) -> str:
    """Return a line that begins with no voice, whatever stands before its colon."""
    return line.replace(":", "&#58;") if read_line(line).name in names else line


def _escaped(line: str) -> str:
    """Return a line in which nothing is an entity, a mark, an arrow or another's turn."""
    line = _REFERENCE.sub(_kept, line)
    line = escape_marks(line).replace(ARROW, "--&gt;")
    return f"&gt;{line[1:]}" if line.startswith(">>") else line


def _kept(reference: re.Match[str]) -> str:
    """Return what reads as it stands: "&amp;lt;" for "&lt;", and "AT&T" for itself."""
    source = reference[0]
    return source if unescape(source) == source else f"&amp;{source[1:]}"
