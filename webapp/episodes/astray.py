"""For those whose address leads nowhere: where it has moved to, or what may have been meant."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from flask import url_for
from rapidfuzz.fuzz import ratio

from webapp.episodes import queries
from webapp.episodes.masthead import masthead, nameless
from webapp.episodes.searching import EpisodeHits, search
from webapp.storage import read
from webapp.web.errors import ErrorPages

NEAR = 3  # episodes
LIKE = 50  # of 100; less is a word that stands somewhere, and no slip of the finger


@dataclass(frozen=True, slots=True)
class Near:
    """What may have been meant by an address that leads nowhere."""

    query: str
    episodes: tuple[EpisodeHits, ...]


def find_moved(path: str) -> str | None:
    """Return where an old address of an episode leads now, if it is one."""
    whole = unquote(path).replace("\0", "")
    bare = whole.partition("?")[0]
    slug = queries.find_moved(read(), (whole, bare, bare.rstrip("/"), f"{bare}/"))
    return None if slug is None else url_for("episodes.episode", slug=slug)


def find_near(path: str) -> Near:
    """Return what is found by the words at the end of an address, if its own is like it."""
    words = " ".join(re.findall(r"\w+", path.rstrip("/").rpartition("/")[2].partition(".")[0]))
    results = search(read(), words.replace("_", " "))
    likeness = {found: ratio(found.slug, words) for found in results.episodes}
    likest = sorted(likeness, key=lambda found: likeness[found], reverse=True)
    near = (found for found in likest[:NEAR] if likeness[found] >= LIKE)
    return Near(results.query, tuple(near))


def error_pages() -> ErrorPages:
    """Return the error pages of the show."""
    return ErrorPages(masthead=masthead, plain=nameless, find_moved=find_moved, find_near=find_near)
