"""Addresses as feeds write them, by the rules and beside them."""

import re
from urllib.parse import unquote, urljoin, urlsplit

from webapp.episodes.question_block import keepable
from webapp.transfer.feed_import.tags import Tags

LONGEST_ADDRESS = 2_000
_QUOTED = re.compile(r"https?%3A", re.IGNORECASE)

NO_ADDRESS = "the address of its {what} (“{text}”) leads nowhere"


def address(text: str, base: str) -> str:
    """Return an absolute web address, or an empty text for what is none."""
    written = keepable(text).strip().replace("\n", "").replace("\t", "").replace(" ", "%20")
    if _QUOTED.match(written):
        written = unquote(written)
    try:
        url = urljoin(base, written) if written else ""
        parts = urlsplit(url)
        is_one = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return ""
    return url if is_one and "\\" not in url and len(url) <= LONGEST_ADDRESS else ""


def read_image(tags: Tags, base: str) -> str:
    """Return the address of a picture, wherever a tag has it."""
    names = ("itunes:image", "googleplay:image")
    return address(tags.attribute("href", *names) or tags.text(*names), base)
