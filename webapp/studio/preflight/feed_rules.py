"""What feeds make of an episode where they do not take it as it stands.

Sources: Apple, "A Podcaster's Guide to RSS", and the podcast namespace.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.episodes.document import Document
from webapp.episodes.models import Episode, Medium, Season, Show
from webapp.feeds.addresses import Addresses
from webapp.feeds.channel import MAX_DESCRIPTION
from webapp.feeds.content import whole_description
from webapp.feeds.entries import ENCLOSED, UNSAID
from webapp.feeds.podcast import LONGEST_LABEL, LONGEST_NAME
from webapp.settings import Settings
from webapp.studio.preflight.check import PEOPLE, SEASONS, Check, check
from webapp.studio.preflight.titles import is_numbered

NUMBERED = (
    "Its number stands in the title: apps show the one of its own field, so it is there twice."
)
TWIN = "“{title}” has the same season and number."
TWIN_IN_ORDER = (
    "“{title}” has the same season and number, and the show is heard from the start: apps cannot "
    "tell which comes first."
)
UNNUMBERED = (
    "The show is heard from the start, and feeds say no number of this one: its file says "
    "“feed_number: none”."
)
TOO_LONG = "Notes and summary are too long together: feeds cut them after {most:,} bytes."
LONG_NAMES = "Feeds cut names after {most} characters: {names}."
LONG_SEASON = "Feeds cut the title of its season after {most} characters."
LONG_LABELS = "Feeds cut what a file is called after {most} characters: {labels}."


def check_numbers(
    session: Session, show: Show, episode: Episode, document: Document
) -> Iterator[Check]:
    """Yield whether apps can tell an episode's place, and say it once.

    Trailers and bonus episodes may have the number of the episode that they belong to.
    """
    is_said = document.feed_number != UNSAID
    is_twice = is_said and is_numbered(episode.title, episode.number)
    twice = NUMBERED if is_twice else ""
    yield check("title", "A title without its number", twice, field="f-title")
    is_serial = show.podcast.get("type") == "serial"
    other = select(Episode.title).where(
        Episode.season == episode.season,
        Episode.number == episode.number,
        Episode.kind == episode.kind,
        Episode.id != episode.id,
    )
    twin = session.scalar(other.limit(1))
    words = (TWIN_IN_ORDER if is_serial else TWIN).format(title=twin) if twin is not None else ""
    if is_serial and episode.kind == "full" and not is_said:
        words = UNNUMBERED
    yield check("number", "A number of its own", words, field="f-number", is_serious=is_serial)


def check_description(settings: Settings, episode: Episode, document: Document) -> Check:
    """Return whether the description fits into feeds: notes, summary and a link to the page."""
    page = Addresses(settings.site_url.rstrip("/")).page(episode.slug)
    size = len(whole_description(document, episode.summary, page).encode())
    too_long = TOO_LONG.format(most=MAX_DESCRIPTION) if size > MAX_DESCRIPTION else ""
    return check("description", "Short enough for the feeds", too_long, field="f-notes")


def check_names(
    session: Session, episode: Episode, media: Sequence[Medium], heard: Sequence[str]
) -> Iterator[Check]:
    """Yield the names that feeds cut, if there are any; `heard` are those of people."""
    names = [name for name in heard if len(name) > LONGEST_NAME]
    if names:
        words = LONG_NAMES.format(most=LONGEST_NAME, names=", ".join(names))
        yield check("names", "", words, page=PEOPLE)
    season = session.scalar(select(Season.title).where(Season.number == episode.season)) or ""
    if len(season) > LONGEST_NAME:
        words = LONG_SEASON.format(most=LONGEST_NAME)
        yield check("season", "", words, page=SEASONS, field="seasons")
    labels = [each.label for each in _alternates(media) if len(each.label) > LONGEST_LABEL]
    if labels:
        words = LONG_LABELS.format(most=LONGEST_LABEL, labels=", ".join(labels))
        yield check("labels", "", words, field="f-media")


def _alternates(media: Sequence[Medium]) -> list[Medium]:
    """Return the files beside the one that apps fetch: a label of that one is in no feed."""
    files = sorted(
        (medium for medium in media if medium.role == "media"), key=lambda file: not file.primary
    )
    enclosed = next((file for file in files if file.content_type in ENCLOSED), None)
    return [file for file in files if file is not enclosed]
