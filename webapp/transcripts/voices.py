"""Whose voice it is: the names in a transcript, and the people of an episode."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from webapp.transcripts.lines import one_line

_DROPPED = str.maketrans("", "", ".'’`´\"“”„()")
_APART = str.maketrans("-‐‑_/,", "      ")
_ACCENT = 200  # from this combining class on (Unicode, UAX 44); below are parts of letters

_Index = dict[str, set[str]]


def match_voices(voices: Iterable[str], people: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the slug of the person to whom each voice belongs, by the voice.

    People are pairs of slug and name. The first of these that fits anybody decides: the whole
    name; the name whatever its case, accents and punctuation; the slug; the first name, the last
    or the first few, initials aside. A voice that fits nobody, or several, is left out.
    """
    indexes = _indexes(people)
    found = ((voice, _slug_of(voice, indexes)) for voice in voices)
    return {voice: slug for voice, slug in found if slug}


def _indexes(people: Iterable[tuple[str, str]]) -> tuple[_Index, ...]:
    """Return slugs by what may stand for them: one index for each rule, the surest first."""
    indexes: tuple[_Index, ...] = tuple(defaultdict(set) for _rule in range(4))
    for slug, name in people:
        folded = _folded(name)
        rules = ({one_line(name)}, {folded}, {_folded(slug)}, _parts(folded))
        for index, keys in zip(indexes, rules, strict=True):
            for key in keys - {""}:
                index[key].add(slug)
    return indexes


def _slug_of(voice: str, indexes: tuple[_Index, ...]) -> str:
    """Return the slug of a voice's person, "" for nobody or anybody of several."""
    folded = _folded(voice)
    keys = (one_line(voice), folded, folded, " ".join(_names(folded)))
    for index, key in zip(indexes, keys, strict=True):
        if slugs := index.get(key):
            return next(iter(slugs)) if len(slugs) == 1 else ""
    return ""


def _folded(name: str) -> str:
    """Return words by which names are compared: no accents, case or punctuation."""
    letters = unicodedata.normalize("NFKD", name.casefold().translate(_APART).translate(_DROPPED))
    return " ".join("".join(c for c in letters if unicodedata.combining(c) < _ACCENT).split())


def _parts(folded: str) -> set[str]:
    names = _names(folded)
    return {*names[:1], *names[-1:], *(" ".join(names[:end]) for end in range(2, len(names) + 1))}


def _names(folded: str) -> list[str]:
    """Return the words of a folded name that are no initials."""
    return [word for word in folded.split() if len(word) > 1 or not word.isascii()]
