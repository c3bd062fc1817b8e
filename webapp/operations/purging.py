"""Retention's work, as `postbag purge` and the worker do it: batch after batch, until all is done.

What is to be erased, and when, is in `questions/retention.py`.
"""

import time
from collections.abc import Iterator
from datetime import date

from webapp import clock, storage
from webapp.exceptions import Refused
from webapp.questions.purging import Purged, purge
from webapp.storage.database import BREATH_SECONDS

CUT_OFF = "The database went away before all was done. Run `postbag purge` again. By then:"

SENTENCES = (
    (
        "texts",
        "The texts of 1 question were erased; its receipt still tells what became of it.",
        "The texts of {} questions were erased; their receipts still tell what became of them.",
    ),
    (
        "questions",
        "1 question was erased, and what its receipt told.",
        "{} questions were erased, and what their receipts told.",
    ),
    (
        "remains",
        "What remained of 1 question that was erased before is gone too.",
        "What remained of {} questions that were erased before is gone too.",
    ),
    ("tokens", "1 used token was forgotten.", "{} used tokens were forgotten."),
)


def purge_all(today: date) -> Iterator[Purged]:
    """Erase all that was to be kept until before `today`; yield what each batch has erased.

    Every batch is committed on its own, so that what is cut short goes on where it was, and
    others get their turn at the database in between. Raises Unavailable.
    """
    while (done := storage.write(purge, today=today)) != Purged():
        yield done
        time.sleep(BREATH_SECONDS)
    storage.forget_erased()


def purge_now() -> Purged:
    """Erase all that is due today; return how much that was.

    Raises Refused, with what was erased by then, when the database goes away in the middle.
    """
    done = Purged()
    try:
        for batch in purge_all(clock.today()):
            done += batch
    except storage.Unavailable:
        if done == Purged():
            raise
        raise Refused(" ".join((CUT_OFF, *sentences(done)))) from None
    return done


def sentences(done: Purged) -> list[str]:
    """Return what was erased, a sentence for each kind."""
    counts = ((getattr(done, kind), one, several) for kind, one, several in SENTENCES)
    said = [one if count == 1 else several.format(count) for count, one, several in counts if count]
    return said or ["Nothing was due."]
