"""Where people work, learn, worship or are looked after, by name."""

import re
from collections.abc import Iterator

from webapp.questions.giveaways.capitals import CAPITALISED, RUN, name_in_run, without_owning
from webapp.questions.giveaways.lists import listed
from webapp.questions.giveaways.marks import Giveaway, spot

_KINDS = {
    "academy": "a school",
    "ambulance station": "an ambulance station",
    "barracks": "a barracks",
    "cathedral": "a church",
    "chapel": "a church",
    "church": "a church",
    "clinic": "a clinic",
    "college": "a college",
    "council": "a council",
    "fire station": "a fire station",
    "grammar school": "a school",
    "gurdwara": "a temple",
    "health centre": "a clinic",
    "high school": "a school",
    "high": "a school",
    "hospice": "a hospice",
    "hospital": "a hospital",
    "infant school": "a school",
    "infirmary": "a hospital",
    "junior school": "a school",
    "kindergarten": "a nursery",
    "leisure centre": "a leisure centre",
    "library": "a library",
    "medical centre": "a clinic",
    "middle school": "a school",
    "minster": "a church",
    "mosque": "a mosque",
    "nursery": "a nursery",
    "parish church": "a church",
    "police station": "a police station",
    "polytechnic": "a college",
    "primary school": "a school",
    "primary": "a school",
    "prison": "a prison",
    "school": "a school",
    "secondary school": "a school",
    "sixth form college": "a college",
    "sixth form": "a college",
    "surgery": "a surgery",
    "synagogue": "a synagogue",
    "university": "a university",
}
_ONLY_CAPITALISED = frozenset(("high", "primary", "surgery", "council", "library", "prison"))
_KIND = "|".join(sorted((kind.replace(" ", "[ ]") for kind in _KINDS), key=len, reverse=True))
_NAMED = re.compile(
    rf"(?P<name>(?:{CAPITALISED}[ ](?:(?:of[ ]the|of|&|de|upon)[ ])?){{0,4}}{CAPITALISED})[ ]"
    rf"(?P<kind>(?i:{_KIND}))(?![\w-])"
)
_UNIVERSITY_OF = re.compile(rf"(?<![\w’'-])University of (?:the )?(?P<name>{RUN})")
_SAINTS = re.compile(
    rf"(?<![\w’'-])(?:St\.?|Saint)[ ](?!Valentine|Patrick|Andrew|George|David|Nichol)"
    rf"{CAPITALISED}(?<=[’']s)(?![\w-]|[ ](?:Day|Eve|Night|Flag|wort))"
)
_WORK = re.compile(
    rf"""(?<![\w’'-])(?:
      (?P<teach>teach(?:er|es|ing)?|taught|lecturer?)|(?P<learn>stud(?:y|ies|ied|ying)|student)
      |(?P<care>nurse|midwife|doctor|surgeon|paramedic|porter)
      |work(?:s|ed|ing)?|job|employed|temp|intern(?:ing|ship)?|apprentice(?:ship)?|shifts?|career
      |manager|assistant|head|director|accountant|engineer|solicitor|lawyer|cashier|barista|chef
      |receptionist|driver|clerk|analyst|consultant|foreman|partner
    )(?:[ ][a-z-]+){{0,4}}?[ ](?:at|for|by)[ ](?P<the>the[ ])?(?P<name>{RUN})""",
    re.VERBOSE,
)
_INCORPORATED = re.compile(rf"(?P<name>{RUN})[ ](?:Limited|Ltd|plc|PLC|LLP|LLC|Inc|GmbH)(?!\w)")


def find_institutions(text: str) -> Iterator[Giveaway]:
    """Yield schools, universities, hospitals, churches and the like that stand with their names."""
    for found in _NAMED.finditer(text):
        kind = found["kind"]
        named = name_in_run(text, *found.span("name"))
        if named is None or _is_vague(text[named[0] : named[1]]):
            continue
        if kind.islower() and kind in _ONLY_CAPITALISED:
            continue
        instead = _KINDS[kind.casefold()]
        yield spot(
            text, _with_the(text, named[0]), found.end(), kind="institution", instead=instead
        )
    for found in _UNIVERSITY_OF.finditer(text):
        start = _with_the(text, found.start())
        yield spot(text, start, found.end(), kind="institution", instead="a university")
    for found in _SAINTS.finditer(text):
        yield spot(text, *found.span(), kind="institution", instead="a place I won’t name")


def find_employers(text: str) -> Iterator[Giveaway]:
    """Yield the names after "I work at", "he teaches at" and the like."""
    for found in _WORK.finditer(text):
        named = name_in_run(text, *found.span("name"))
        if named is None or named[0] != found.start("name"):
            continue
        start = found.start("the") if found["the"] else named[0]
        end = without_owning(text, *named)
        kind = "institution" if found["learn"] else "employer"
        yield spot(text, start, end, kind=kind, instead=_workplace(found))
    for found in _INCORPORATED.finditer(text):
        named = name_in_run(text, *found.span("name"))
        if named:
            yield spot(text, named[0], found.end(), kind="employer", instead="a company")


def _workplace(found: re.Match[str]) -> str:
    if found["teach"]:
        return "a school"
    if found["learn"]:
        return "a college"
    return "a hospital" if found["care"] else "a company"


def _with_the(text: str, start: int) -> int:
    return start - 4 if text[max(0, start - 4) : start].casefold() == "the " else start


def _is_vague(name: str) -> bool:
    return listed("vague_schools").issuperset(re.findall(r"\w+", name.casefold()))
