"""Ages and home towns, which together say more than either alone."""

import re
from collections.abc import Iterator

from webapp.questions.giveaways.capitals import RUN, name_in_run, without_owning
from webapp.questions.giveaways.lists import fold, listed, wide_places
from webapp.questions.giveaways.marks import Giveaway, spot

_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_TEENS = "thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_NUMBER = rf"(?P<age>1[3-9]|[2-9]\d|{_TEENS}|(?P<tens>{_TENS})(?:[- ](?:{_ONES}))?)"
_SAID_AGE = re.compile(
    rf"""(?<![\w’'])(?:
      [^\W\d_]+(?:[’'](?:m|s|re)|[ ](?:am|is|are|was))
      (?:[ ](?:now|only|just|nearly|almost|both|about|also))?
      |aged|[^\W\d_]+,|turn(?:ed|ing)?
    )[ ](?P<whole>{_NUMBER}(?:[ ](?:years?|yrs?)[ ]old)?)
    (?=[ ]*(?:[.,;:!?)…\n]|\Z|[–—]|-[ ])
      |[ ](?:and|but|or|with|in|from|now|so|who|next|this|when|if|living)\b)""",
    re.VERBOSE | re.IGNORECASE,
)
_YEAR_OLD = re.compile(
    rf"(?<![\w.,-])(?P<whole>(?:an?[ ])?{_NUMBER}[- ]?years?[- ]old)\b", re.IGNORECASE
)
_TAG = re.compile(r"(?<=[(\[])(?P<whole>(?P<age>1[3-9]|[2-9]\d)(?P<tens>)[ /]?[MFmf]\b)")
_JOB = re.compile(
    r"\b(?:work as|teach|(?:am|[’']m|is|[’']s|was) (?:a|an|the) (?:[a-z-]+ ){0,2}?"
    rf"(?:{'|'.join(sorted(listed('jobs')))}))\b",
    re.IGNORECASE,
)
_HOME = re.compile(
    rf"""(?<![\w’'])(?:
      (?:(?i:liv(?:e|es|ed|ing)|based|born|staying|settled|rais(?:ed|ing)|(?:grew|brought)[ ]up
          |house|flat|home|village|town)
        (?:[ ][a-z-]+){{0,5}}?[ ](?:in|near|outside|at|around)
      |from(?:[ ][a-z-]+){{1,5}}?[ ](?:in|near|outside)
      |(?i:moved|moving)(?:[ ][a-z-]+){{0,4}}?[ ](?:to|from)
      |(?:I|(?i:he|she|they|we))(?:[’'](?:m|s|re)|[ ](?:am|is|are))(?:[ ]originally)?[ ]from
      |(?i:comes?|came|originally)[ ]from|(?i:here|back)[ ]in|(?<=\d,[ ])from|(?<=[MFmf]\)[ ])from
    ))[ ](?P<place>{RUN})""",
    re.VERBOSE,
)


def find_circumstances(text: str) -> Iterator[Giveaway]:
    """Yield a home town where an age or a job stands in the same text, and then the ages too."""
    ages = [found for pattern in (_SAID_AGE, _YEAR_OLD, _TAG) for found in pattern.finditer(text)]
    if not ages and not _JOB.search(text):
        return
    places = list(_places(text))
    yield from places
    for age in ages if places else ():
        yield spot(text, *age.span("whole"), kind="age", instead=_roughly(age))


def _places(text: str) -> Iterator[Giveaway]:
    for found in _HOME.finditer(text):
        named = name_in_run(text, *found.span("place"))
        if named is None or named[0] != found.start("place"):
            continue
        end = without_owning(text, *named)
        if fold(text[named[0] : end]) not in wide_places():
            yield spot(text, named[0], end, kind="place", instead="a town")


def _roughly(age: re.Match[str]) -> str:
    tens = (age["tens"] or "").casefold() or _decade(age["age"])
    rough = f"{tens}-something" if tens else "rather young"
    if not age["whole"].casefold().startswith("a"):
        return rough
    return f"an {rough}" if tens == "eighty" else f"a {rough}"


def _decade(age: str) -> str:
    """Return the tens of an age in digits as a word, "" below twenty and for ages in words."""
    return _TENS.split("|")[int(age[0]) - 2] if age.isdecimal() and int(age) >= 20 else ""
