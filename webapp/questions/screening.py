"""What a machine may say about a new question: which lane it waits in, and why, in words.

A machine may sort and explain; only a person declines.
"""

import re

MOST_LINKS = 2
_LINK = re.compile(r"(?:https?://|www\.)\S", re.IGNORECASE)


def lane_for(text: str, *, honeypot: str) -> tuple[str, list[str]]:
    """Return the lane of a new question and the reasons for it, as a moderator reads them."""
    reasons = []
    if honeypot:
        reasons.append("filled in a field that people do not see")
    links = len(_LINK.findall(text))
    if links > MOST_LINKS:
        reasons.append(f"has {links} links")
    return ("quarantine" if reasons else "ordinary"), reasons
