"""What a machine may say about a new question: which lane it waits in, and why, in words.

A machine may sort and explain; only a person declines. Words that sound like danger win over what
looks odd, but not over what comes in numbers: a flood with such words in it must not bury those
who mean them. A moderator sees every reason either way.
"""

import re
from dataclasses import dataclass

QUARANTINE = "quarantine"
MOST_LINKS = 2
FEWEST_SECONDS = 2
_LINK = re.compile(r"(?:https?://|www\.)\S", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """How a question came.

    `seconds` since its check page was first shown; `flood` when its network, or the whole site, is
    sending far too many.
    """

    honeypot: str = ""
    seconds: float = 60.0
    flood: bool = False


def lane_for(
    text: str, came: Circumstances, *, care: tuple[str, ...] = ()
) -> tuple[str, list[str]]:
    """Return the lane of a new question and the reasons for it, as a moderator reads them.

    `care` are the labels of what its words may mean, such as "may be in danger".
    """
    many = ["arrived in a flood of questions"] if came.flood else []
    odd = _odd(text, came)
    reasons = [*care, *many, *odd]
    if many or (odd and not care):
        return QUARANTINE, reasons
    return ("urgent" if care else "ordinary"), reasons


def one_of_many(alike: int) -> str:
    """Return the reason why a question waits in quarantine that reads like so many others."""
    others = "another question" if alike == 1 else f"{alike} other questions"
    return f"reads almost the same as {others} of the last days"


def _odd(text: str, came: Circumstances) -> list[str]:
    reasons = []
    if came.honeypot:
        reasons.append("filled in a field that people do not see")
    if came.seconds < FEWEST_SECONDS:
        reasons.append(f"left the check page in under {FEWEST_SECONDS} seconds")
    links = len(_LINK.findall(text))
    if links > MOST_LINKS:
        reasons.append(f"has {links} links")
    return reasons
