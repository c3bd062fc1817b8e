"""Cues of any kind, for what must hold for all of them."""

import re

from hypothesis import strategies as st

from webapp.transcripts import Cue

CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufffe\uffff]")


def tidy(text: str) -> str:
    lines = CONTROLS.sub("", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)


def cues_of(voices: st.SearchStrategy[str], texts: st.SearchStrategy[str]):
    """Return a strategy for lists of cues in the order of their start, with tidy words."""
    cue = st.builds(
        lambda start, length, voice, text: Cue(
            start / 1000, (start + length) / 1000, " ".join(tidy(voice).split()), tidy(text)
        ),
        st.integers(0, 10**8),
        st.integers(1, 10**5),
        voices | st.just(""),
        texts.filter(lambda text: tidy(text) != ""),
    )
    return st.lists(cue, max_size=6).map(lambda cues: sorted(cues, key=lambda cue: cue.start))


ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
MARKS = ["<", ">", ">>", "<i>", "</b>", "<font a", "<v Dot>", "</v>", "<script>", "{\\an8}", "{i}"]
ENTITIES = ["&", "&lt", "&lt;", "&amp;", "&#58;", "AT&T", ";", ":", ": ", "-->", "--", "- ", "-"]
WORDS = ["Dot", "Leo: ", "Dot: ", "dot", "1984", "12:30", "NOTE x", "STYLE", "WEBVTT", '"', "é"]
TIMES = ["00:01.000 --> 00:02.000", "00:00:01,000", " ", "\n", "\r\n", "\0", "\x1b", "\u2028"]
PIECES = st.lists(st.sampled_from([*MARKS, *ENTITIES, *WORDS, *TIMES]), min_size=1, max_size=8).map(
    "".join
)
HOSTILE = ANYTHING | PIECES
NAMES = st.sampled_from(["Dot Farrow", "SAM", "Zoë O’Neil", "Dr. Ruth", "Caller 2", "田中"])
