"""Transcripts and chapters that somebody sends, read with everything that is wrong. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from webapp.studio.source.reading import MAX_TEXT
from webapp.studio.uploads.kinds import Unfit
from webapp.transcripts import (
    Cue,
    Problem,
    Transcript,
    paragraphs,
    read_chapters,
    read_srt,
    read_vtt,
)
from webapp.transcripts.chapters import ChaptersRefused

SHOWN = 5

NOTHING = "Choose a file, or paste the text of one."
NO_TEXT = "It is no text. A transcript is WebVTT (.vtt) or SubRip (.srt), and chapters are JSON."
NO_UTF8 = "Its letters cannot be read from line {line} on. Save it as UTF-8, and send that."
TOO_LONG = f"It is longer than a transcript can be: {MAX_TEXT // 1024**2} MB at most."
NO_TIMES = "There are no times in it. A cue begins with them: 00:01:15.000 --> 00:01:18.500."
NO_WORDS = "There is no cue with words in it."
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Report:
    """A transcript as it was read: how much of it, how it begins, and what cannot be read."""

    suffix: str
    cues: int
    voices: tuple[str, ...]
    seconds: float
    beginning: tuple[Cue, ...]
    problems: tuple[Problem, ...]

    @property
    def is_right(self) -> bool:
        """Return whether all of it can be read."""
        return not self.problems


def decoded(data: bytes) -> str:
    """Return the text of a file, which is UTF-8 or says that it is UTF-16. Raises Unfit."""
    if len(data) > MAX_TEXT:
        raise Unfit(TOO_LONG)
    try:
        text = data.decode("utf-16" if data.startswith(_UTF16) else "utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Unfit(NO_UTF8.format(line=line) if line > 1 or b"-->" in data else NO_TEXT) from None
    if "\0" in text:
        raise Unfit(NO_TEXT)
    return text


def read_transcript(text: str, names: Sequence[str] = ()) -> Report:
    """Return what a transcript comes to, by its content WebVTT or SubRip.

    `names` are those of people whose voices may be heard. Raises Unfit for what is none at all.
    """
    if not text.strip():
        raise Unfit(NOTHING)
    if len(text.encode()) > MAX_TEXT:
        raise Unfit(TOO_LONG)
    if "-->" not in text:
        raise Unfit(NO_TIMES)
    is_vtt = text.removeprefix("\ufeff").startswith("WEBVTT")
    known = [*names, *(name.split()[0] for name in names if name.strip())]
    found = read_vtt(text) if is_vtt else read_srt(text, {*known, *map(str.upper, known)})
    return _report(found, ".vtt" if is_vtt else ".srt")


def refusal_of_chapters(text: str) -> str:
    """Return what is wrong with the text of chapters, an empty text where nothing is."""
    if not text.strip():
        return NOTHING
    try:
        return "" if read_chapters(text) else "There is no chapter in it."
    except ChaptersRefused as refused:
        return str(refused)


def is_language(tag: str) -> bool:
    """Return whether something is the tag of a language, such as en or pt-BR."""
    return _LANGUAGE.fullmatch(tag) is not None


def _report(found: Transcript, suffix: str) -> Report:
    problems = found.problems
    if not (found.cues or problems):
        problems = (Problem(1, NO_WORDS),)
    return Report(
        suffix=suffix,
        cues=len(found.cues),
        voices=tuple(dict.fromkeys(each.voice for each in paragraphs(found.cues) if each.voice)),
        seconds=max((cue.end for cue in found.cues), default=0.0),
        beginning=found.cues[:SHOWN],
        problems=problems,
    )
