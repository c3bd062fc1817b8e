"""Names that a text introduces: "my boyfriend Daniel", "Daniel, my boyfriend", "called Daniel"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from webapp.questions.giveaways.kinships import RELATION, SOMEBODY, Kinship, kinship_at
from webapp.questions.giveaways.marks import Giveaway, spot, starts_sentence
from webapp.questions.giveaways.names import (
    is_listed,
    name_before,
    read_name,
    read_names,
)

_RELATED = re.compile(
    rf"""\b(?=[^\W\d_])(?<![’'-])(?P<who>{RELATION})
    (?P<more>[ ](?:of[ ][\w-]+[ ](?:years|months|weeks)|(?:at|from)[ ](?-i:[a-z]+))(?=,|[ ][(–—-]))?
    (?P<glue>[ \t\u00a0]{{1,3}}(?:[–—-][ ]|\()?|,[ ])(?=[^\W\d_])""",
    re.VERBOSE | re.IGNORECASE,
)
_APPOSED = re.compile(
    rf",[ ](?:my|our)[ ](?:[a-z’'-]+[ ]){{0,2}}?(?P<who>{RELATION})(?=[ ]*(?:[,.;:!?)\n]|\Z))",
    re.VERBOSE | re.IGNORECASE,
)
_CALLED = re.compile(
    rf"""\b(?=[^\W\d_])(?<![’'-])
    (?:(?:s?he|they|who|(?P<own>I)|(?P<who>{RELATION}))
        (?:[’'](?:s|re|m)|[ ](?:is|was|are|were|am))[ ]
      |(?:a|an|some|this|another)[ ](?:[a-z-]+[ ]){{0,2}}?(?:{RELATION}|person|bloke|chap|lad)[ ]
      |some(?:one|body)[ ](?:else[ ])?)
    (?:called|named|nicknamed)[ ](?=[^\W\d_])""",
    re.VERBOSE | re.IGNORECASE,
)
_NAME_IS = re.compile(
    r"(?<![\w’'-])(?P<whose>his|her|their|whose|my|the)[ ](?:(?:first|real|full|last)[ ])?"
    r"(?:name|surname)s?(?:[’']s|[ ](?:is|was|are))[ ](?=[^\W\d_])",
    re.IGNORECASE,
)
_ASK_FOR = re.compile(r"(?<![\w’'-])ask for (?=[^\W\d_])", re.IGNORECASE)
_TITLED = re.compile(r"(?<![\w’'-])(?:Mr|Mrs|Ms|Mx|Miss|Dr|Prof)\.? (?=[^\W\d_])")
_ELDER = re.compile(
    r"(?<![\w’'-])(?:(?P<whose>my|our|his|her|their) )?"
    r"(?P<who>Aunt(?:ie|y)?|Uncle|Grand(?:ma|pa|dad|ad)|Granny|Nanny|Nan|Cousin) (?=[^\W\d_])",
)

# A comma stays where something new begins after it.
_CLOSING = {
    sign: re.compile(
        rf" ?{sign}(?= (?!(?:my|our|his|her|their|the|an?|he|she|they|we|it|you|but|so)\b)[a-z])"
    )
    for sign in ",–—-"
}
_OWNER = ("’s ", "'s ")
_ENDS = re.compile(r"[ \t\u00a0]*(?:[,.;:!?)–—…\r\n]|\Z)")
_PLACES_FOLLOW = re.compile(r"\b(?:in|at|from|near|to|on|of)[ ]\Z", re.IGNORECASE)
_FIGURES = frozenset(("Right", "Wrong", "Perfect", "Darcy", "Big", "Bean", "Grey", "Nice", "World"))


@dataclass(frozen=True, slots=True)
class Introduction:
    """A giveaway with the names in it, and what to call their bearer from then on."""

    giveaway: Giveaway
    names: tuple[str, ...]
    again: str = SOMEBODY


def find_introductions(text: str) -> Iterator[Introduction]:
    """Yield the places that say who somebody is by name."""
    for finder in (_elders, _related, _apposed, _called, _named, _titled):
        yield from finder(text)


def _related(text: str) -> Iterator[Introduction]:
    for found in _RELATED.finditer(text):
        kinship = kinship_at(text, *found.span("who"))
        if kinship is None:
            continue
        end, names = _names_for(text, found.end(), kinship)
        beside = found["glue"].strip()
        if names and (not beside or _is_aside(text, kinship, end, beside)):
            end = _close(text, end, beside)
            instead = text[kinship.start : found.start("glue")]
            giveaway = spot(text, kinship.start, end, kind="name", instead=instead)
            yield Introduction(giveaway, tuple(names), kinship.again)


def _names_for(text: str, start: int, kinship: Kinship) -> tuple[int, list[str]]:
    return read_names(text, start) if kinship.several else _one_name(text, start)


def _one_name(text: str, start: int) -> tuple[int, list[str]]:
    end = read_name(text, start)
    return end, [text[start:end]] if end > start else []


def _is_aside(text: str, kinship: Kinship, end: int, beside: str) -> bool:
    """Return whether a name set off by a sign belongs to what is before it: not "Oh boy, Kate"."""
    if beside == "(":
        return text.startswith(")", end)
    led = kinship.again != SOMEBODY or text.endswith(_OWNER, 0, kinship.start)
    return bool(led and _ENDS.match(text, end))


def _close(text: str, end: int, beside: str) -> int:
    """Return the end of an aside, with the comma, dash or bracket that closes it."""
    if beside == "(":
        return end + 1
    closed = _CLOSING[beside].match(text, end) if beside else None
    return closed.end() if closed else end


def _apposed(text: str) -> Iterator[Introduction]:
    for found in _APPOSED.finditer(text):
        start = name_before(text, found.start())
        kinship = kinship_at(text, *found.span("who"))
        if kinship is None or not _is_certain(text, start, found.start()):
            continue
        instead = text[kinship.start : kinship.end].lower()
        end = _close(text, found.end(), ",")
        giveaway = spot(text, start, end, kind="name", instead=instead)
        yield Introduction(giveaway, (text[start : found.start()],), kinship.again)


def _is_certain(text: str, start: int, end: int) -> bool:
    """Return whether what stands before ", my boyfriend" is a name and not "Yesterday"."""
    if start == end:
        return False
    name = text[start:end]
    if is_listed(name.split()[0]) or len(name.split()) > 1:
        return True
    led_by = text[max(0, start - 8) : start]
    return not starts_sentence(text, start) and not _PLACES_FOLLOW.search(led_by)


def _called(text: str) -> Iterator[Introduction]:
    for found in _CALLED.finditer(text):
        kinship = kinship_at(text, *found.span("who")) if found["who"] else None
        again = kinship.again if kinship else SOMEBODY
        yield from _plain(text, found.end(), again, "own name" if found["own"] else "name")


def _named(text: str) -> Iterator[Introduction]:
    for found in _NAME_IS.finditer(text):
        own = found["whose"].casefold() in {"my", "the"}
        several = "s are " in found.group() or "s were " in found.group()
        kind = "own name" if own else "name"
        yield from _plain(text, found.end(), SOMEBODY, kind, several=several)
    for found in _ASK_FOR.finditer(text):
        end = read_name(text, found.end())
        if _ENDS.match(text, end) or is_listed(text[found.end() : end]):
            yield from _plain(text, found.end(), SOMEBODY, "own name")


def _plain(
    text: str, start: int, again: str, kind: str, *, several: bool = False
) -> Iterator[Introduction]:
    end, names = read_names(text, start) if several else _one_name(text, start)
    if names:
        giveaway = spot(text, start, end, kind=kind, instead=SOMEBODY)
        yield Introduction(giveaway, tuple(names), again)


def _titled(text: str) -> Iterator[Introduction]:
    for found in _TITLED.finditer(text):
        end = read_name(text, found.end())
        name = text[found.end() : end]
        if name and name not in _FIGURES:
            instead = f"{found.group()}{SOMEBODY}"
            giveaway = spot(text, found.start(), end, kind="name", instead=instead)
            yield Introduction(giveaway, (name,))


def _elders(text: str) -> Iterator[Introduction]:
    for found in _ELDER.finditer(text):
        end = read_name(text, found.end())
        if end > found.end():
            again = f"{found['whose'] or 'my'} {found['who']}".lower()
            giveaway = spot(text, found.start(), end, kind="name", instead=again)
            yield Introduction(giveaway, (text[found.end() : end],), again)
