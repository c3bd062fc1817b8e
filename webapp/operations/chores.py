"""What the worker does again and again, and the day on which it was last done."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from webapp import storage
from webapp.operations.models import DoneChore
from webapp.operations.notifying import tell_when_due
from webapp.operations.outbox import deliver_due, forget_done
from webapp.operations.purging import purge_all
from webapp.questions.comparing import keep, look
from webapp.storage.database import BREATH_SECONDS
from webapp.storage.history import link_rest

EVERY_ROUND = 0
DAILY = 1


@dataclass(frozen=True, slots=True)
class Chore:
    """A piece of work that comes back after `every` so many days, or in every round of the worker.

    `run` is given today and yields what it has done after each step; between two steps it may be
    stopped for good. It must not mind to be done twice.
    """

    name: str
    every: int
    run: Callable[[date], Iterator[Mapping[str, int]]]


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
    """Leave no order of arrival inside the days that are over."""
    storage.forget_order()
    yield {}


CHORES = (
    Chore("digest", EVERY_ROUND, tell_when_due),
    Chore("outbox", EVERY_ROUND, deliver_due),
    Chore("likeness", EVERY_ROUND, _compare),
    Chore("retention", DAILY, _erase_what_is_due),
    Chore("history", DAILY, _link_history),
    Chore("what was sent", DAILY, forget_done),
    Chore("order of arrival", DAILY, _forget_order),
    Chore("erased remains", EVERY_ROUND, _forget_erased),
)
