"""Names that stand alone: said again after an introduction, under a letter, or never introduced."""

import re
from collections.abc import Iterable, Iterator

from webapp.questions.giveaways.introductions import Introduction
from webapp.questions.giveaways.kinships import SOMEBODY
from webapp.questions.giveaways.lists import TITLES
from webapp.questions.giveaways.marks import Giveaway, spot, starts_sentence
from webapp.questions.giveaways.names import (
    WORD,
    bare,
    is_listed,
    is_name,
    is_wordy,
    name_before,
    read_name,
)

_FAREWELL = re.compile(
    r"(?:\b(?:thanks|thank you|cheers|love|regards|wishes|yours|sincerely|faithfully|hugs|kisses)"
    r"(?: [a-z]+){0,3}(?:[ ]?[,.!–—-]+\s*|\s*\n\s*)|(?<=\n)[ ]?[-–—]?[ ]?)(?=[^\W\d_])",
    re.IGNORECASE,
)
_LAST_LINE = re.compile(r"[ \t]*[.!x]*\s*\Z", re.IGNORECASE)
_GREETING = re.compile(
    r"\b(?:hi|hello|hey|hiya|dear|morning|afternoon|evening)((?:,? (?:and |& )?[^\W\d_]+){1,4})",
    re.IGNORECASE,
)
_PSEUDONYM = re.compile(
    r"\b(?:(?:I|we)[’']?ll|I (?:will|shall)|let[’']?s|to) call (?:(?:him|her|them|it) )?"
    r"([^\W\d_]+)",
    re.IGNORECASE,
)
_CALLED = ("called ", "named ")
_DOES = re.compile(
    r" (?:and (?:I|me)\b|says|said|told (?:me|us)|asked (?:me|us)|thinks|thought|wants|wanted|keeps"
    r"|kept|texted|rang|called|messaged|left|moved|cheated|proposed|kissed|has|had|is|was|doesn[’']t"
    r"|didn[’']t|isn[’']t|wasn[’']t)\b|[’']s [a-z]"
)
_NO_PERSON_BEFORE = re.compile(
    r"(?:[\"“‘*_-]|& |\b(?:in|at|near|a|an|the|St\.?|by) )\Z", re.IGNORECASE
)
_NO_PERSON_AFTER = re.compile(r" [^\W\d_a-z]{2}| & |-")
_LONGEST_LEAD = 12


def find_mentions(text: str, introductions: Iterable[Introduction]) -> Iterator[Giveaway]:
    """Yield the places where somebody introduced by name is named again."""
    known = _known(introductions)
    done = 0
    for word in WORD.finditer(text) if known else ():
        name = bare(word.group())
        again = known.get(name)
        if again is None or word.start() < done:
            continue
        if is_wordy(name) and starts_sentence(text, word.start()):
            continue
        done = max(read_name(text, word.start()), word.start() + len(name))
        yield spot(text, word.start(), done, kind="name", instead=again)


def _known(introductions: Iterable[Introduction]) -> dict[str, str]:
    known: dict[str, str] = {}
    for introduction in sorted(introductions, key=_is_anybody):
        for word in WORD.findall(" ".join(introduction.names)):
            name = bare(word)
            if name in known or not is_name(name) or name.casefold() in TITLES:
                continue
            known |= dict.fromkeys((name, name.capitalize()), introduction.again)
            if is_listed(name):
                known[name.lower()] = introduction.again
    return known


def _is_anybody(introduction: Introduction) -> bool:
    return introduction.again == SOMEBODY


def find_farewells(text: str) -> Iterator[Introduction]:
    """Yield the name under a letter, when it is a common one: "Thank you, Hattie Wrenlow"."""
    spared = _spared(text)
    for found in _FAREWELL.finditer(text):
        end = read_name(text, found.end())
        name = text[found.end() : end]
        first = WORD.match(name)
        if first is None or not is_listed(first.group()) or first.group() in spared:
            continue
        if _LAST_LINE.match(text, end):
            giveaway = spot(text, found.end(), end, kind="own name", instead=SOMEBODY)
            yield Introduction(giveaway, (name,))


def find_strangers(text: str, introductions: Iterable[Introduction]) -> Iterator[Introduction]:
    """Yield common first names that nobody introduced, unless a title, a place or a brand has them.

    At the start of a sentence they count only where they do what people do.
    """
    spared = _spared(text) | _known(introductions).keys()
    for word in WORD.finditer(text):
        name = bare(word.group())
        if not name[0].isupper() or not is_listed(name) or name in spared:
            continue
        start, end = word.start(), word.start() + len(name)
        if _is_person(text, start, end):
            instead = SOMEBODY if text.endswith(_CALLED, 0, start) else "somebody"
            giveaway = spot(text, start, end, kind="name", instead=instead)
            yield Introduction(giveaway, (name,), instead)


def _is_person(text: str, start: int, end: int) -> bool:
    lead = text[max(0, start - _LONGEST_LEAD) : start]
    if read_name(text, start) != end or _NO_PERSON_AFTER.match(text, end):
        return False
    if starts_sentence(text, start):
        return bool(_DOES.match(text, end))
    follows_a_name = lead.endswith(" ") and name_before(text, start - 1) < start - 1
    return not (follows_a_name or _NO_PERSON_BEFORE.search(lead))


def _spared(text: str) -> frozenset[str]:
    greeted = (word for found in _GREETING.findall(text) for word in WORD.findall(found))
    return frozenset((*greeted, *_PSEUDONYM.findall(text)))
