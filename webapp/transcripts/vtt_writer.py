"""WebVTT out, by the syntax rules (W3C WebVTT, 4 "Syntax")."""

import math
import re
from collections.abc import Iterable

from webapp.transcripts.cues import Cue

_LINE_END = re.compile(r"\r\n|\r|\n")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})  # with > goes any arrow


def write_vtt(cues: Iterable[Cue]) -> str:
    """Return a WebVTT file with these cues, in their order.

    What `read_vtt` has read it reads again as it was. Raises ValueError for a cue whose times are
    no stretch of time: negative, not finite, or ending where it starts or earlier.
    """
    return "WEBVTT\n" + "".join(f"\n{_block(cue)}\n" for cue in cues)


def _block(cue: Cue) -> str:
    start, end = _milliseconds(cue.start), _milliseconds(cue.end)
    if end <= start:
        raise ValueError(f"a cue ends at {cue.end} s, and starts at {cue.start} s")
    return f"{_clock(start)} --> {_clock(end)}\n{_text(cue)}"


def _text(cue: Cue) -> str:
    """Return voice and words; an empty line would end the cue, so none is left in it."""
    voice = " ".join(_escaped(cue.voice).split())
    lines = (line.strip() for line in _LINE_END.split(_escaped(cue.text)))
    words = "\n".join(line for line in lines if line)
    return f"<v {voice}>{words}" if voice else words


def _escaped(text: str) -> str:
    return text.replace("\0", "\ufffd").translate(_ENTITIES)


def _milliseconds(seconds: float) -> int:
    if not math.isfinite(seconds) or seconds < 0:
        raise ValueError(f"{seconds} s is no time in a video")
    return round(seconds * 1000)


def _clock(milliseconds: int) -> str:
    """Return hh:mm:ss.mmm; hours have two digits or more."""
    seconds, rest = divmod(milliseconds, 1000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02}.{rest:03}"
