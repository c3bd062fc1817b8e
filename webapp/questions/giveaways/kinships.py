"""Saying who somebody is without saying a name: "my boyfriend", "our daughter's teacher"."""

import re
from dataclasses import dataclass

from webapp.questions.giveaways.lists import listed
from webapp.questions.giveaways.marks import starts_sentence
from webapp.questions.giveaways.names import bare, is_listed

# Stands for whoever the text says nothing of but a name; a letter fits wherever a name did.
SOMEBODY = "X"

_FAMILY = r"""
    (?:(?:step|half|twin|foster|god|grand)[-\ ]?)?
    (?:sister|brother|son|daughter|mother|mum|mom|father|dad|child|parent)(?:-in-law)?
    |cousin|aunt(?:ie|y)?|uncle|niece|nephew|nana?|gran(?:ny|dma|dpa|dad|ddad)?|twin|kid|baby|toddler
"""
_HEARTS = r"""
    boyfriend|girlfriend|husband|hubby|wife|partner|fianc[eé]e?|spouse|lover|crush|date|other\ half
    |fwb|ex
"""
_OTHERS = r"""
    friend|best\ mate|mate|bestie|bff|flatmate|housemate|room-?mate|classmate|team-?mate|workmate
    |co-?worker|colleague|boss|manager|supervisor|head\ of\ \w+|teacher|tutor|professor|lecturer
    |therapist|counsell?or|doctor|gp|nurse|dentist|neighbou?r|landlord|landlady|coach|trainer|vicar
    |priest|pastor|rabbi|imam|nanny|babysitter|cleaner|assistant|client|student|pupil|lodger|tenant
    |man|woman|guy|girl|boy|bloke|lad|lady
"""
_SEVERAL = "exes|wives|children|men|women|ladies"

# For use inside a group, with re.VERBOSE and re.IGNORECASE.
RELATION = rf"(?:ex[-\ ])?(?:{_FAMILY}|{_HEARTS}|{_OTHERS})s?|{_SEVERAL}"

_DETERMINER = re.compile(
    r"(?<![\w’'])(?:my|our|his|her|their|your|the|a|an|this|that|another|some)(?=[ \t\u00a0])",
    re.IGNORECASE,
)
_FILLERS = re.compile(r"[ \t\u00a0]+((?:[^\W\d_]+(?:[’'-][^\W\d_]+)*[ \t\u00a0]+){0,3})")
_ANY = frozenset(("a", "an", "another", "some"))
_LOOK_BACK = 60


@dataclass(frozen=True, slots=True)
class Kinship:
    """Where the words for somebody begin and end, and what to call them from then on."""

    start: int
    end: int
    again: str
    several: bool


def kinship_at(text: str, start: int, end: int) -> Kinship | None:
    """Return who is meant by the relation between two offsets, with the words that lead to it.

    None when its capitals say that it is a title or part of a name.
    """
    relation = text[start:end]
    if not (relation.islower() or relation.isupper() or starts_sentence(text, start)):
        return None
    several = _is_plural(relation)
    base = max(0, start - _LOOK_BACK)
    for determiner in reversed(list(_DETERMINER.finditer(text, base, start))):
        fillers = _FILLERS.fullmatch(text, determiner.end(), start)
        if fillers is None or not all(map(_may_stand_between, fillers[1].split())):
            break
        again = _again(determiner.group(), fillers[1].split(), relation)
        return Kinship(determiner.start(), end, f"one of {again}" if several else again, several)
    return Kinship(start, end, SOMEBODY, several)


def _again(determiner: str, fillers: list[str], relation: str) -> str:
    article = "the" if determiner.casefold() in _ANY else determiner
    kept = [
        word for word in fillers if bare(word) != word or word.casefold() in listed("adjectives")
    ]
    return " ".join((article.lower(), *kept, relation.lower()))


def _may_stand_between(word: str) -> bool:
    return word.islower() and not is_listed(bare(word))


def _is_plural(relation: str) -> bool:
    folded = relation.casefold()
    if folded in _SEVERAL.split("|"):
        return True
    return folded.endswith("s") and not folded.startswith("head of") and not folded.endswith("ss")
