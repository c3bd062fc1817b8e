"""WebVTT out, by the syntax rules (W3C WebVTT, 4 "Syntax")."""

from collections.abc import Iterable

from webapp.transcripts.cues import Cue
from webapp.transcripts.lines import one_line, tidy
from webapp.transcripts.timing import write_times

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})  # with > goes any arrow


def write_vtt(cues: Iterable[Cue]) -> str:
    """Return a WebVTT file with these cues, in their order, but for those that say nothing.

    What `read_vtt` has read it reads again as it was. Raises ValueError for a cue whose times are
    no stretch of time (see `timing.write_times`).
    """
    return "WEBVTT\n" + "".join(f"\n{_block(cue)}\n" for cue in cues if tidy(cue.text))


def _block(cue: Cue) -> str:
    """Return times, voice and words; an empty line would end the cue, so none is left in it."""
    voice = one_line(cue.voice).translate(_ENTITIES)
    if voice.endswith("--"):  # with the > of its tag it would be an arrow
        voice = f"{voice[:-1]}&#45;"
    words = tidy(cue.text).translate(_ENTITIES)
    return f"{write_times(cue.start, cue.end)}\n{f'<v {voice}>' if voice else ''}{words}"
