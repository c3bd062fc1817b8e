"""Whether the baked pages, which a web server in front answers from, are those of today's show."""

import time
from collections.abc import Iterator

from sqlalchemy.orm import Session

from webapp.operations.baked_folder import NOW, find_served, is_of, read_state
from webapp.operations.examining.findings import Finding
from webapp.settings import Settings

PATIENCE = 3.0  # seconds that a baker may take to see what has just changed
LOOK_SECONDS = 0.2


def examine_baked(session: Session, settings: Settings) -> Iterator[Finding]:
    """Find whether baked pages are old, and nobody bakes them anew. Raises OSError."""
    if settings.baked is None:
        return
    until = time.monotonic() + PATIENCE
    while name := find_served(settings.baked):
        if is_of(name, read_state(session)):
            return
        if time.monotonic() > until:
            yield Finding(
                f"The pages in {settings.baked / NOW} are old: the show has changed since, and a "
                "web server in front may show what is no longer out. Start the worker on this "
                f"machine, which bakes them anew, or remove {settings.baked / NOW}: the site then "
                "answers by itself."
            )
            return
        session.rollback()  # or SQLite would show the same again
        time.sleep(LOOK_SECONDS)
