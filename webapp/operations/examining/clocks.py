"""Whether this machine and that of the database agree on what time it is."""

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.operations.examining.findings import Finding

MOST_SECONDS = 5.0


def examine_clock(session: Session) -> Iterator[Finding]:
    """Find whether a clock is wrong: here, or where PostgreSQL runs; SQLite has none of its own."""
    if session.get_bind().dialect.name != "postgresql":
        return
    before = clock.now()
    theirs = session.scalar(select(func.clock_timestamp()))
    after = clock.now()
    if not isinstance(theirs, datetime):
        return
    away = max(
        (before - theirs.astimezone(UTC)).total_seconds(),
        (theirs.astimezone(UTC) - after).total_seconds(),
    )
    if away > MOST_SECONDS:
        yield Finding(
            f"The clocks of this machine and of the database’s differ by {round(away)} seconds. "
            "Episodes come out, messages are taken and texts are erased by the clock: let every "
            "machine set its own by the network."
        )
