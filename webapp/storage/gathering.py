"""What several threads write at the same time, in one transaction.

A commit waits for the disk, and costs little more for many rows than for one. Whoever is first
waits a moment for those who are about to write as well, carries it out for all of them, and each
goes on with an answer of its own once all is committed. PostgreSQL does the like by commit_delay
and commit_siblings (https://www.postgresql.org/docs/current/runtime-config-wal.html).
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Generic, TypeVar

from webapp.storage.database import AWAY, Unavailable

MOMENT_SECONDS = 0.01
# PostgreSQL's serialization failure, deadlock and lock that is not available: somebody else's lock
# was in the way of a row, and not of the database.
_HELD_UP = {"40001", "40P01", "55P03"}

T = TypeVar("T")
A = TypeVar("A")


class Place(Generic[T, A]):
    """The place of one who is about to write something: `item`, once it is known.

    In the end there is an `answer` or an `error`; neither, where each is to write by itself.
    """

    item: T
    answer: A

    def __init__(self, gathering: "Gathering[T, A]") -> None:
        self._gathering = gathering
        self.is_awaited = True
        self.is_answered = False
        self.error: Exception | None = None

    def write(self, item: T) -> A:
        """Write an item, once for a place, with those of others or alone; return its answer.

        Whoever waits here must hold no connection: the one who writes for all may need it. Raises
        what writing it alone does; Unavailable where the database is away.
        """
        self.item = item
        self._gathering.bring(self)
        if isinstance(self.error, AWAY):
            raise Unavailable from self.error
        return self.answer if self.is_answered else self._gathering.write_alone(item)

    def leave(self) -> None:
        """Have nobody wait for this one any more."""
        self._gathering.forget(self)


class Gathering(Generic[T, A]):
    """Carries out what many bring by a function that takes several items, and answers in order.

    `most` can bring something at the same time, since there are no more threads.

    Either all that the function is given is stored when it returns, or, where it raises, nothing.
    """

    def __init__(self, write: Callable[[Sequence[T]], Sequence[A]], *, most: int) -> None:
        self._write = write
        self._most = most
        self._changed = threading.Condition()
        self._leading = threading.Lock()
        self._brought: list[Place[T, A]] = []
        self._awaited = 0  # who has a place, and is not carried out yet

    @contextmanager
    def place(self) -> Iterator[Place[T, A]]:
        """Give a place to one who is about to write, for whom others wait a moment."""
        place = Place(self)
        with self._changed:
            self._awaited += 1
        try:
            yield place
        finally:
            self.forget(place)

    def bring(self, place: Place[T, A]) -> None:
        """Have what a place brings carried out, if anybody waits for it; return when it is."""
        with self._changed:
            if not place.is_awaited:
                return
            self._brought.append(place)
            self._tell_the_leader()
        with self._leading:
            if place.is_awaited:
                self._carry_out(self._gather(MOMENT_SECONDS))

    def write_alone(self, item: T) -> A:
        """Write an item by itself."""
        return self._write([item])[0]

    def forget(self, place: Place[T, A]) -> None:
        """Wait for a place no more, if anybody does."""
        with self._changed:
            if place.is_awaited:
                place.is_awaited = False
                self._awaited -= 1
                self._brought = [other for other in self._brought if other is not place]
                self._tell_the_leader()

    def _tell_the_leader(self) -> None:
        if self._are_all_there():
            self._changed.notify()

    def _are_all_there(self) -> bool:
        return len(self._brought) >= min(self._awaited, self._most)

    def _gather(self, seconds: float) -> list[Place[T, A]]:
        """Return those that have brought something, when all have or so many seconds are over."""
        with self._changed:
            self._changed.wait_for(self._are_all_there, seconds)
            gathered, self._brought = self._brought, []
            self._awaited -= len(gathered)
            for place in gathered:
                place.is_awaited = False
        return gathered

    def _carry_out(self, places: Sequence[Place[T, A]]) -> None:
        """Write what some bring; where one of them may be what breaks it, leave each to itself."""
        try:
            answers = self._write([place.item for place in places])
        except AWAY as error:
            if _is_held_up(error):
                if len(places) == 1:
                    raise
                return
            # Who came meanwhile has waited for it, too, and would wait as long once more.
            for place in (*places, *self._gather(0)):
                place.error = error
        except Exception:
            if len(places) == 1:
                raise
        else:
            for place, answer in zip(places, answers, strict=True):
                place.answer, place.is_answered = answer, True


def _is_held_up(error: BaseException) -> bool:
    orig = getattr(error.__cause__ or error, "orig", None)
    return getattr(orig, "sqlstate", None) in _HELD_UP
