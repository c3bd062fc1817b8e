"""Streets with their numbers, postcodes, number plates."""

import re
from collections.abc import Iterator

from webapp.questions.giveaways.capitals import CAPITALISED
from webapp.questions.giveaways.lists import UPPER
from webapp.questions.giveaways.marks import Giveaway, spot

_STREET = (
    "Street|St|Road|Rd|Row|Lane|Ln|Avenue|Ave|Av|Drive|Dr|Close|Crescent|Cres|Court|Ct|Place|Pl"
    "|Square|Sq|Terrace|Way|Gardens|Gdns|Grove|Hill|Park|Mews|Walk|Boulevard|Blvd|Green|View|Rise"
    "|Parade|Quay|Wharf|Yard|Circus|Highway|Hwy|Parkway|Pkwy|Circle|Cottages|Villas|House|Fold|Gate"
)
_FLAT = r"(?:(?:Flat|Apartment|Apt\.?|Unit|Room)[ ]\w{1,4},?[ ])?"
_NAME = rf"(?:{CAPITALISED}[ ]){{1,4}}"
_NUMBERED = re.compile(
    rf"(?<![\w£$€.,:/-]){_FLAT}\d{{1,5}}[A-Za-z]?,?[ ]{_NAME}(?i:{_STREET})(?!\w)"
)
_LIVED_ON = re.compile(
    r"\b(?:liv(?:e|es|ed|ing)|house|flat|moved|home|place)[ ](?:in[ ]|to[ ]|on[ ]|at[ ]){1,2}"
    rf"(?P<street>{_NAME}(?:{_STREET}))(?!\w)"
)
_ROMANCE_NAME = rf"[{UPPER}][\w’'-]{{1,30}}(?:[ ][{UPPER}][\w’'-]{{1,30}}){{0,3}}"
_FRENCH = re.compile(
    r"(?<![\w.,:/-])\d{1,4}(?:[ ]?(?:bis|ter))?,?[ ]"
    r"(?i:rue|avenue|boulevard|bd|place|chemin|allée|impasse|quai|route|cours)[ ]"
    rf"(?:(?:de[ ]la|de|du|des|d[’']|l[’'])[ ]?){{0,2}}{_ROMANCE_NAME}"
)
_SOUTHERN = re.compile(
    r"(?<!\w)(?i:calle|via|viale|piazza|plaza|rua|avenida|carrer)[ ]"
    r"(?:(?:de|del|la|las|los|dei|della|da|do)[ ]){0,2}"
    rf"{_ROMANCE_NAME},?[ ]\d{{1,4}}\b"
)
_GERMANIC = re.compile(
    rf"(?<!\w)[{UPPER}][\w-]{{1,30}}?(?:straße|strasse|str\.|weg|platz|allee|gasse|straat|laan"
    r"|gatan|vägen|vej)[ ]\d{1,4}[a-z]?\b"
)
_BRITISH_POSTCODE = re.compile(
    r"(?<![\w-])[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][ABD-HJLNP-UW-Z]{2}(?![\w-])"
)
_CANADIAN_POSTCODE = re.compile(r"(?<![\w-])[ABCEGHJ-NPR-TVXY][0-9][A-Z] ?[0-9][A-Z][0-9](?![\w-])")
_STATES = (
    "A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]"
    "|UT|V[AT]|W[AIVY]"
)
_ZIP = re.compile(
    rf"(?:{CAPITALISED}(?:[ ]{CAPITALISED}){{0,2}},[ ])?(?<!\w)(?:{_STATES})[ ]\d{{5}}(?:-\d{{4}})?"
    r"(?![\w-])"
)
_PLATE = re.compile(r"(?<![\w-])[A-HJ-PR-Y]{2}[0-9]{2} ?[A-HJ-PR-Z]{3}(?![\w-])")


def find_streets(text: str) -> Iterator[Giveaway]:
    """Yield streets with a number, and without one where somebody lives in them."""
    for pattern in (_NUMBERED, _FRENCH, _SOUTHERN, _GERMANIC):
        for found in pattern.finditer(text):
            yield spot(text, *found.span(), kind="address", instead="a private address")
    for found in _LIVED_ON.finditer(text):
        yield spot(text, *found.span("street"), kind="address", instead="a quiet street")


def find_postcodes(text: str) -> Iterator[Giveaway]:
    """Yield British and Canadian postcodes, and American ones with their state."""
    for pattern in (_BRITISH_POSTCODE, _CANADIAN_POSTCODE):
        for found in pattern.finditer(text):
            yield spot(text, *found.span(), kind="postcode", instead="a private postcode")
    for found in _ZIP.finditer(text):
        yield spot(text, *found.span(), kind="postcode", instead="a town")


def find_plates(text: str) -> Iterator[Giveaway]:
    """Yield British number plates of the form in use since 2001."""
    for found in _PLATE.finditer(text):
        yield spot(text, *found.span(), kind="number plate", instead="a number plate")
