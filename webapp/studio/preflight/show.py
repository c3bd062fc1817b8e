"""What directories ask of the show and it lacks: they list no episode of one that they refuse.

Source: Apple, "A Podcaster's Guide to RSS" and "Required tags".
"""

from collections.abc import Iterator

from webapp.episodes.models import Show
from webapp.feeds.channel import MAX_DESCRIPTION
from webapp.settings import Settings
from webapp.studio.preflight.check import ARTWORK, FEEDS, WORDS, Check, check

NO_ARTWORK = "The show has no artwork: directories ask for it."
NO_ADDRESS = "The show has no e-mail address: directories write to it."
NO_DESCRIPTION = "The show has no description: directories ask for one."
CUT = "The show’s description is longer than the {most:,} bytes that feeds take: they cut it."
NO_CATEGORY = "The show has no category: directories ask for one."


def check_show(settings: Settings, show: Show) -> Iterator[Check]:
    """Yield what feeds need of the show. It is an owner who can mend that."""
    sha256 = show.artwork_sha256
    is_there = bool(sha256) and settings.media_file(sha256).is_file()
    unseen = "" if is_there else NO_ARTWORK
    yield check("artwork", "The show’s artwork", unseen, page=ARTWORK, field="picture")
    unheard = "" if show.email else NO_ADDRESS
    yield check("show-email", "The show’s e-mail address", unheard, page=WORDS, field="email")
    is_long = len(show.description.encode()) > MAX_DESCRIPTION
    said = CUT.format(most=MAX_DESCRIPTION) if is_long else ""
    unsaid = said if show.description.strip() else NO_DESCRIPTION
    yield check("show-description", "What the show is", unsaid, page=WORDS, field="description")
    unfiled = "" if show.podcast.get("categories") else NO_CATEGORY
    yield check(
        "show-category", "The show’s category", unfiled, page=FEEDS, field="podcast.categories"
    )
