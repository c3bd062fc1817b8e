"""Runs of words with capitals, as the names of places, schools and firms are written."""

import re

from webapp.questions.giveaways.lists import UPPER
from webapp.questions.giveaways.names import is_plain

# A word of such a run; the length keeps hostile texts cheap.
CAPITALISED = rf"(?<![\w’'&-])[{UPPER}][\w’'&-]{{1,30}}"
RUN = rf"{CAPITALISED}(?:[ ](?:(?:&|of|upon|de|la|le|du)[ ])?{CAPITALISED}){{0,4}}"

_CAPITALISED_WORD = re.compile(rf"(?<![^ ])[{UPPER}][^ ]*")
_OWNING = re.compile(r"[’']s\Z")
_STAYS_OWN = re.compile(
    r"[ ]*(?:[^\w ]|\Z)|[ ](?:and|but|or|so|in|on|at|with|where|which|who|as|for|near|because|when"
    r"|since|until|though|while|is|was|has|too|now|every|all|part|full|after|before|until)\b"
)


def name_in_run(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the part of a run of capitals that names something, None when it is plain words.

    Words that merely begin a sentence come off the front; the run ends before a plain word.
    """
    named: list[re.Match[str]] = []
    for word in _CAPITALISED_WORD.finditer(text, start, end):
        if not is_plain(word.group()):
            named.append(word)
        elif named:
            break
    return (named[0].start(), named[-1].end()) if named else None


def without_owning(text: str, start: int, end: int) -> int:
    """Return the end of a name without the ’s that belongs to what follows it."""
    owning = _OWNING.search(text, start, end)
    if owning is None or _STAYS_OWN.match(text, end):
        return end
    return owning.start()
