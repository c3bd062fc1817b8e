"""The worker: does each chore when it is due; but for the outbox, one is elected to do them all.

A day begins at midnight UTC, whatever a zone does to its clocks. A chore of days is done on start
if it has not been done today, and else within a round of midnight; a day that was missed is caught
up with the next. What goes wrong is said once, and tried again in every round until it is mended.
"""

import logging
from collections import Counter
from collections.abc import Iterable

from flask import Flask
from sqlalchemy import select

from webapp import clock, create_app, storage
from webapp.exceptions import Refused
from webapp.operations import logs
from webapp.operations.baking import baking_beside
from webapp.operations.chores import CHORES, EVERY_ROUND, Chore, find_done_on, is_due, note_done
from webapp.operations.election import Election, election_for
from webapp.operations.metrics import measure
from webapp.operations.stopping import Stop, end_with
from webapp.settings import Settings
from webapp.storage import AWAY
from webapp.web.site import fault_in_words

ROUND_SECONDS = 10
AWAY_SECONDS = 2  # between two looks for a database that is away: to be restarted takes as long
GRACE_SECONDS = 10

ELECTED = "This worker does the chores from now on."
STANDS_BY = "Another worker does the chores. This one delivers beside it, and stands by."
AWAY_WORDS = "The database is away, full or locked. The worker tries again until it answers."
STUCK_WORDS = "The database answers, and does not take this: it is full or locked, or cut it off."
NOT_MIGRATED = "The database is not at the newest migration. Run `postbag init`."

log = logging.getLogger(logs.TIMED)


class Worker:
    """Does chores in rounds until it is told to stop. Never ends by itself."""

    def __init__(
        self, app: Flask, *, election: Election, chores: Iterable[Chore], stop: Stop
    ) -> None:
        self._app = app
        self._election = election
        self._chores = tuple(chores)
        self._stop = stop
        self._is_elected: bool | None = None
        self._troubles: dict[str, str] = {}
        self._pause: float = ROUND_SECONDS

    def work(self) -> None:
        """Do rounds until told to stop, and leave the place to others then."""
        while not self._stop.is_told():
            self.do_round()
            self._stop.wait(self._pause)
        self._election.resign()

    def do_round(self) -> None:
        """Stand for election, and do what is due of this worker. Raises nothing, but logs it."""
        self._pause = ROUND_SECONDS
        try:
            with self._app.app_context():
                is_elected = self._stands()
                for chore in self._chores:
                    if is_elected or chore.is_shared:
                        self._attempt(chore)
                self._pause = self._seconds_to_next()
        except AWAY:
            self._pause = AWAY_SECONDS
            self._note_trouble("the database", AWAY_WORDS)
        except Refused as error:
            self._note_trouble("the worker", str(error))
        except Exception as error:  # noqa: BLE001 - it must outlive whatever a round may meet
            self._note_trouble("the worker", fault_in_words(type(error), error.__traceback__))
        else:
            self._note_mended("the database", "the worker")

    def _stands(self) -> bool:
        """Return whether this worker is elected. Raises Refused where it could not work."""
        is_elected = self._election.is_won()
        if not storage.is_migrated():
            raise Refused(NOT_MIGRATED)
        if is_elected is not self._is_elected:
            log.info(ELECTED if is_elected else STANDS_BY)
        self._is_elected = is_elected
        return is_elected

    def _attempt(self, chore: Chore) -> None:
        """Do a chore; what goes wrong with it keeps none of the others from being done."""
        session = storage.read()
        session.rollback()  # what another chore has read, or broken, is nothing to this one
        try:
            self._do(chore)
        except AWAY:
            session.rollback()
            session.execute(select(1))  # it does answer: this chore is stuck, and no other
            self._note_trouble(chore.name, STUCK_WORDS)
        except Exception as error:  # noqa: BLE001 - as above
            self._note_trouble(chore.name, fault_in_words(type(error), error.__traceback__))
        else:
            self._note_mended(chore.name)

    def _do(self, chore: Chore) -> None:
        today = clock.today()
        done_on = find_done_on(storage.read(), chore.name)
        if self._stop.is_told() or not is_due(chore.every, done_on=done_on, today=today):
            return
        done: Counter[str] = Counter()
        for step in chore.run(today):
            done.update(step)
            if self._stop.is_told() or not self._may_go_on(chore):
                return
        if chore.every != EVERY_ROUND:
            storage.write(note_done, name=chore.name, on=today)
            log.info("Done for today: %s.", chore.name, extra=dict(done))

    def _may_go_on(self, chore: Chore) -> bool:
        """Return whether this worker still has what it needs for a chore: maybe its place is lost.

        Raises OperationalError if nobody can know.
        """
        return chore.is_shared or self._election.is_won()

    def _seconds_to_next(self) -> float:
        """Return how long to wait for the next round: what is due sooner is done to the second."""
        moments = [chore.next_at() for chore in self._chores if chore.next_at is not None]
        soon = [(moment - clock.now()).total_seconds() for moment in moments if moment]
        return max(0.0, min([ROUND_SECONDS, *soon]))

    def _note_trouble(self, what: str, words: str) -> None:
        if self._troubles.get(what) != words:
            log.error(words, extra={"what": what})
        self._troubles[what] = words

    def _note_mended(self, *what: str) -> None:
        for name in what:
            if self._troubles.pop(name, None):
                log.info("It works again.", extra={"what": name})


def run_worker(settings: Settings, *, beside: int | None = None) -> None:
    """Work until a signal says to stop, or until the process `beside` has ended.

    Raises KeyMissing.
    """
    app = create_app(settings)
    with app.app_context():
        election = election_for(storage.db.engine, settings.instance_path)
    logs.configure(settings.log_format)
    stop = Stop()
    stop.listen()
    if beside is not None:
        end_with(beside, grace=GRACE_SECONDS)
    measure(app, settings, kind="worker")
    with baking_beside(app, settings):
        Worker(app, election=election, chores=CHORES, stop=stop).work()
