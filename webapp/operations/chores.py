"""What the worker does again and again, and the day on which it was last done."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from webapp import storage
from webapp.episodes.finished import finish_some
from webapp.operations.backup.erasures import note_erasures
from webapp.operations.models import DoneChore
from webapp.operations.notifying import tell_when_due
from webapp.operations.offering import Offering
from webapp.operations.outbox import deliver_due, find_next_due, forget_done
from webapp.operations.purging import purge_all
from webapp.operations.sweeping import sweep_files
from webapp.questions.comparing import keep, look
from webapp.questions.looking_through import has_arrivals, look_through
from webapp.storage.database import BREATH_SECONDS
from webapp.storage.history import link_rest
from webapp.studio.remaking import remake_stale
from webapp.studio.uploads.finishing import finish_all
from webapp.transfer import arriving
from webapp.transfer.feed_import import carrying_on

EVERY_ROUND = 0
DAILY = 1


@dataclass(frozen=True, slots=True)
class Chore:
    """A piece of work that comes back after `every` so many days, or in every round of the worker.

    `run` is given today and yields what it has done after each step; between two steps it may be
    stopped for good. It must not mind to be done twice. One that is shared is done by every worker,
    also side by side; others by the elected one alone. `next_at` says when there is something to
    do before the next round.
    """

    name: str
    every: int
    run: Callable[[date], Iterator[Mapping[str, int]]]
    is_shared: bool = False
    next_at: Callable[[], datetime | None] | None = None


def is_due(every: int, *, done_on: date | None, today: date) -> bool:
    """Return whether a chore is to be done today.

    A clock that is put back over midnight brings no day twice. A day that has not come by far was
    noted by a clock that was wrong, and counts for nothing.
    """
    if done_on is None or done_on > today + timedelta(days=1):
        return True
    return today >= done_on + timedelta(days=every)


def find_done_on(session: Session, name: str) -> date | None:
    """Return the day on which a chore was last done, or None."""
    row = session.get(DoneChore, name)
    return row.done_on if row else None


def note_done(session: Session, *, name: str, on: date) -> None:
    """Remember that a chore was done."""
    session.merge(DoneChore(name=name, done_on=on))


def _erase_what_is_due(today: date) -> Iterator[Mapping[str, int]]:
    return (asdict(batch) for batch in purge_all(today))


def _forget_erased(_today: date) -> Iterator[Mapping[str, int]]:
    """Empty SQLite's log of what was erased while somebody was reading from it."""
    storage.forget_erased()
    yield {}


def _look_through(_today: date) -> Iterator[Mapping[str, int]]:
    """Look through what has arrived, until there is no more of it: the queue opens sooner then."""
    session = storage.read()
    session.rollback()
    while has_arrivals(session):
        storage.write(look_through)
        yield {}


def _compare(_today: date) -> Iterator[Mapping[str, int]]:
    """Look for questions like those that came lately: a batch a round, which holds up nobody."""
    session = storage.read()
    session.rollback()  # what was read before is not how it stands now
    if found := look(session, storage.current_keyring()):
        storage.write(keep, found=found)
    yield {}


def _link_history(today: date) -> Iterator[Mapping[str, int]]:
    """Give what askers did until yesterday its place in the chain of history."""
    while linked := storage.write(link_rest, today=today):
        yield {"linked": linked}
        time.sleep(BREATH_SECONDS)


def _forget_order(_today: date) -> Iterator[Mapping[str, int]]:
    """Leave no order of arrival inside the days that are over, nor older copies of rows."""
    storage.forget_order()
    yield {}


def _remake(_today: date) -> Iterator[Mapping[str, int]]:
    """Make a batch of pages anew that were made of another look: of old colours, or names."""
    storage.read().rollback()
    if remade := remake_stale():
        yield {"remade": remade}


def _finish_pages(_today: date) -> Iterator[Mapping[str, int]]:
    """Make a batch of pages that visitors would otherwise wait for."""
    storage.read().rollback()
    if finished := finish_some():
        yield {"finished": finished}


def _finish_uploads(_today: date) -> Iterator[Mapping[str, int]]:
    """Keep files that arrived whole before the process that took them ended."""
    if finished := finish_all():
        yield {"uploads": finished}


CHORES = (
    Chore("digest", EVERY_ROUND, tell_when_due),
    Chore("outbox", EVERY_ROUND, deliver_due, is_shared=True, next_at=find_next_due),
    Chore("arrivals", EVERY_ROUND, _look_through),
    Chore("likeness", EVERY_ROUND, _compare),
    Chore("old looks", EVERY_ROUND, _remake),
    Chore("pages", EVERY_ROUND, _finish_pages),
    Chore("bundles", EVERY_ROUND, arriving.carry_on),
    Chore("feeds", EVERY_ROUND, carrying_on.carry_on),
    Chore("uploads", EVERY_ROUND, _finish_uploads),
    Chore("erasures", EVERY_ROUND, note_erasures),
    Chore("media elsewhere", EVERY_ROUND, Offering().keep),
    Chore("retention", DAILY, _erase_what_is_due),
    Chore("history", DAILY, _link_history),
    Chore("what was sent", DAILY, forget_done),
    Chore("old bundles", DAILY, arriving.forget_old),
    Chore("files", DAILY, sweep_files),
    Chore("order of arrival", DAILY, _forget_order),
    Chore("erased remains", EVERY_ROUND, _forget_erased),
)
