"""Reading a person's name in a text, forwards and backwards, by its capitals."""

import re

from webapp.questions.giveaways.lists import TITLES, fold, listed

_FIRST_NAMES = listed("first_names")
_NOT_NAMES = listed("not_names")
_WORDY_NAMES = listed("wordy_names")
_PARTICLES = listed("particles")
WORD = re.compile(r"[^\W\d_]+(?:[’'\-][^\W\d_]+)*")
_GAP = re.compile(r"[ \t\u00a0]{1,3}")
_DOTTED_GAP = re.compile(r"\.?[ \t\u00a0]{1,3}")
_OWNING = ("’s", "'s", "’S", "'S")
_JOINT = re.compile(r"(?: \(\d{1,2}\))?(?:,? (?:and|&)|,) ")
_AGE = re.compile(r" \(\d{1,2}\)")
_MADE_OF_WORDS = re.compile(r"-[a-z]")
_LONGEST_BACK = 120
MOST_WORDS = 12  # a run of thousands would be read anew from each of its words


def bare(word: str) -> str:
    """Return a word without the ’s of its owner."""
    return word[:-2] if word.endswith(_OWNING) else word


def is_listed(word: str) -> bool:
    """Return whether a word is a common first name, in capitals or not, and no other word."""
    folded = fold(word)
    return folded in _FIRST_NAMES and folded not in _NOT_NAMES


def is_name(word: str) -> bool:
    """Return whether one word reads as a name: a capital and small letters, or a listed name."""
    if is_listed(word):
        return True
    shaped = (
        word[:1].isupper() and any(map(str.islower, word[1:])) and not _MADE_OF_WORDS.search(word)
    )
    return shaped and (is_wordy(word) or not is_plain(word))


def is_plain(word: str) -> bool:
    """Return whether a word with a capital is a weekday, a brand, a people or part of grammar."""
    folded = fold(word)
    return folded in _NOT_NAMES or bare(folded) in _NOT_NAMES


def is_wordy(word: str) -> bool:
    """Return whether a name is also a word with which a sentence may begin."""
    return fold(word) in _WORDY_NAMES


def read_name(text: str, start: int) -> int:
    """Return where the name that begins at an offset ends, the offset itself when none does.

    The whole run is read, so that nothing of a name stays behind; an ’s is left where it is.
    """
    end = place = start
    for _ in range(MOST_WORDS):
        word = WORD.match(text, place)
        if word is None:
            break
        name = bare(word.group())
        begun = end > start
        dotted = _is_initial(name) if begun else fold(name) in TITLES
        if is_name(name) or (begun and dotted):
            end = place + len(name)
        elif not (dotted or (begun and name in _PARTICLES)):
            break
        gap = (_DOTTED_GAP if dotted else _GAP).match(text, place + len(name))
        if gap is None:
            break
        place = gap.end()
    return end


def _is_initial(name: str) -> bool:
    return len(name) == 1 and name.isupper() and name != "I"


def read_names(text: str, start: int) -> tuple[int, list[str]]:
    """Return where a list such as "Anna (6), Ben and Chloe" ends, and the names in it."""
    end = read_name(text, start)
    names = [text[start:end]] if end > start else []
    while end > start and (joint := _JOINT.match(text, end)):
        after = read_name(text, joint.end())
        if after == joint.end():
            break
        names.append(text[joint.end() : after])
        end = after
    aged = _AGE.match(text, end) if len(names) > 1 else None
    return aged.end() if aged else end, names


def name_before(text: str, end: int) -> int:
    """Return where the name that ends at an offset begins, the offset itself when none does."""
    base = max(0, end - _LONGEST_BACK)
    start = end
    for word in reversed(list(WORD.finditer(text, base, end))):
        gap = text[word.end() : start]
        joined = not gap if start == end else _GAP.fullmatch(gap)
        if not joined or not is_name(word.group()):
            break
        start = word.start()
    return start
