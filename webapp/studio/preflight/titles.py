"""Numbers that stand in titles: podcast apps show the number of its own field beside a title. Pure.

Source: Apple, "A Podcaster's Guide to RSS", <title>: a number has a tag of its own.
"""

import re

_EPISODE = r"(?:episode|ep\.?)\s*(?:no\.?\s*)?#?\s*\d{1,4}(?:\.\d+)?\b(?!\s+of\b)"
_BEHIND = r"\s*(?:[|)\]]|:(?!\d)|[.–—-](?=\s))"  # what parts a number from the words behind it
_FORMS = (
    rf"^\W*{_EPISODE}",  # Episode 12, Ep. 12, [Ep 12]
    r"^\W*s(?:eason\s*)?\d{1,3}[\s,.:–—-]*e(?:p(?:isode)?\.?\s*)?\d{1,4}\b",  # S1E12
    rf"^\s*(?:#|no\.?\s|№\s*)\s*\d{{1,4}}{_BEHIND}",  # No. 12: …
    r"^\s*#\d{1,4}\s",  # #12 …
    rf"^\s*e\d{{1,4}}{_BEHIND}",  # E12: …
    rf"^\s*\d{{1,3}}{_BEHIND}\s*\S",  # 12. …, and no year
    rf"(?:[(\[|–—]|\s-\s|[:,]\s)\s*{_EPISODE}\W*$",  # … (Episode 12)
)
_NUMBERED = re.compile("|".join(_FORMS), re.IGNORECASE)


def is_numbered(title: str, number: int) -> bool:
    """Return whether an episode's number seems to stand in its title.

    A number that a sentence begins with, as in “10 things”, is none; one of four digits with a
    colon behind it is a year, as in “1984: a letter”, unless it is the episode's own.
    """
    own = re.match(rf"\s*{number}{_BEHIND}\s*\S", title)
    return bool(own) or _NUMBERED.search(title) is not None
