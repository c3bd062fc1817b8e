"""The head of every page: the show's name, its language, and where to find it elsewhere."""

import time
from dataclasses import dataclass, replace

from flask import current_app

from webapp.episodes import queries
from webapp.episodes.pages import NO_SHOW, ShowPage
from webapp.storage import AWAY, current_settings, read

MOMENT_SECONDS = 0.05  # no longer than kept pages are behind
_KEPT = "postbag.show"


@dataclass(slots=True)
class _KeptShow:
    """The show as of a revision, and when it was last looked whether that has changed."""

    revision: int
    show: ShowPage
    looked_at: float


def masthead() -> ShowPage:
    """Return the show, for the head of every page; a nameless one before there is any."""
    # What a request reads is as it was when it began to read.
    looked_at = 0.0 if read().in_transaction() else time.monotonic()
    revision = queries.get_revision(read())
    kept: _KeptShow | None = current_app.extensions.get(_KEPT)
    if kept is None or kept.revision != revision:
        kept = _KeptShow(revision, queries.find_show(read()) or nameless(), looked_at)
        current_app.extensions[_KEPT] = kept
    kept.looked_at = max(kept.looked_at, looked_at)
    return kept.show


def masthead_of_late() -> ShowPage:
    """Return the show as it was a moment ago: for a page that many ask for at the same time."""
    kept: _KeptShow | None = current_app.extensions.get(_KEPT)
    if kept is not None and time.monotonic() < kept.looked_at + MOMENT_SECONDS:
        return kept.show
    return masthead()


def nameless() -> ShowPage:
    """Return what stands for a show where there is none, in the language of the site itself."""
    return replace(NO_SHOW, language=current_settings().locale)


def masthead_at_hand() -> ShowPage:
    """Return the show, or the nameless one when the database is away."""
    try:
        read().rollback()
        return masthead()
    except AWAY:
        return nameless()
