"""Writes that come together: one transaction for several, and an answer of its own for each."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from psycopg.errors import LockNotAvailable
from sqlalchemy.exc import OperationalError

from webapp.storage import Unavailable
from webapp.storage.gathering import Gathering

MANY = 8


@pytest.fixture
def a_long_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have all come in time, however slow this machine is; who waits in vain is found out."""
    monkeypatch.setattr("webapp.storage.gathering.MOMENT_SECONDS", 120)


class Book:
    """Writes items down, and how many came at a time; what is told to break, breaks."""

    def __init__(self, breaks: Exception | None = None, on: str = "") -> None:
        self.batches: list[list[str]] = []
        self._breaks = breaks
        self._on = on

    def write(self, items: Sequence[str]) -> list[str]:
        self.batches.append(list(items))
        if self._breaks and self._on in items:
            raise self._breaks
        return [f"{item} is written" for item in items]


def write_together(book: Book, items: Sequence[str]) -> list[object]:
    """Write items from a thread each, all of which have a place before the first writes."""
    gathering = Gathering(book.write, most=MANY)
    start = threading.Barrier(len(items))

    def write(item: str) -> object:
        with gathering.place() as place:
            start.wait()
            try:
                return place.write(item)
            except Exception as error:  # noqa: BLE001 - it is the answer
                return error

    with ThreadPoolExecutor(len(items)) as pool:
        return list(pool.map(write, items))


LETTERS = [f"letter {number}" for number in range(MANY)]


@pytest.mark.usefixtures("a_long_moment")
def test_what_comes_together_is_written_together_and_each_gets_its_own_answer():
    book = Book()

    assert write_together(book, LETTERS) == [f"{letter} is written" for letter in LETTERS]
    assert [sorted(batch) for batch in book.batches] == [LETTERS]


@pytest.mark.usefixtures("a_long_moment")
def test_one_who_is_alone_does_not_wait():
    book = Book()
    for letter in LETTERS:
        with Gathering(book.write, most=MANY).place() as place:
            assert place.write(letter) == f"{letter} is written"

    assert book.batches == [[letter] for letter in LETTERS]


@pytest.mark.usefixtures("a_long_moment")
def test_what_breaks_one_of_them_breaks_no_other():
    book = Book(breaks=ValueError("not this one"), on="letter 3")
    answers = write_together(book, LETTERS)

    wrong = answers.pop(3)
    assert isinstance(wrong, ValueError)
    assert answers == [f"{letter} is written" for letter in LETTERS if letter != "letter 3"]
    assert sorted(map(len, book.batches)) == [1] * MANY + [MANY]


@pytest.mark.usefixtures("a_long_moment")
def test_a_database_that_is_away_is_away_for_all_and_asked_only_once():
    away = OperationalError("INSERT", {}, Exception("database is locked"))
    book = Book(breaks=away, on="letter 3")

    answers = write_together(book, LETTERS)
    assert all(isinstance(answer, Unavailable) for answer in answers)
    assert len(book.batches) == 1


@pytest.mark.usefixtures("a_long_moment")
def test_a_row_that_somebody_holds_is_the_affair_of_the_one_who_needs_it():
    held_up = Unavailable()
    held_up.__cause__ = OperationalError("INSERT", {}, LockNotAvailable())
    book = Book(breaks=held_up, on="letter 3")
    answers = write_together(book, LETTERS)

    assert isinstance(answers.pop(3), Unavailable)
    assert answers == [f"{letter} is written" for letter in LETTERS if letter != "letter 3"]


@pytest.mark.parametrize(
    "error", [OperationalError("INSERT", {}, LockNotAvailable()), Unavailable()]
)
def test_who_came_meanwhile_learns_of_what_is_away_and_not_of_what_is_held(error: Exception):
    asked, go_on = threading.Event(), threading.Event()
    is_held = isinstance(error, OperationalError)

    def write(items: Sequence[str]) -> list[str]:
        if "first" in items:
            asked.set()
            go_on.wait(60)
            raise error
        return [f"{item} is written" for item in items]

    gathering: Gathering[str, str] = Gathering(write, most=MANY)

    def bring(letter: str) -> str:
        with gathering.place() as place:
            try:
                return place.write(letter)
            except (OperationalError, Unavailable):
                return "not written"

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(bring, "first")
        assert asked.wait(60)
        late = pool.submit(bring, "late")
        while not gathering._brought:
            time.sleep(0.001)
        go_on.set()

        assert first.result() == "not written"
        assert late.result() == ("late is written" if is_held else "not written")


@pytest.mark.usefixtures("a_long_moment")
def test_no_more_are_waited_for_than_there_are_threads():
    book = Book()
    gathering = Gathering(book.write, most=1)
    with gathering.place(), gathering.place() as place:
        assert place.write("a letter") == "a letter is written"


def test_one_for_whom_nobody_waits_any_more_is_written_alone_and_counted_once():
    book = Book()
    gathering = Gathering(book.write, most=MANY)
    with gathering.place() as place:
        place.leave()
        assert place.write("a letter") == "a letter is written"

    assert book.batches == [["a letter"]]
    assert (gathering._awaited, gathering._brought) == (0, [])


def test_who_came_while_the_database_was_asked_in_vain_does_not_wait_for_it_again():
    asked, go_on = threading.Event(), threading.Event()

    def ask_in_vain(_items: Sequence[str]) -> list[str]:
        asked.set()
        go_on.wait(60)
        raise Unavailable

    gathering: Gathering[str, str] = Gathering(ask_in_vain, most=MANY)

    def write(letter: str) -> object:
        with gathering.place() as place, pytest.raises(Unavailable):
            place.write(letter)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(write, "first")
        assert asked.wait(60)
        asked.clear()
        late = pool.submit(write, "late")
        while not gathering._brought:
            time.sleep(0.001)
        go_on.set()
        first.result()
        late.result()

    assert not asked.is_set()


@pytest.mark.usefixtures("a_long_moment")
def test_nobody_waits_for_one_who_has_left_without_writing():
    book = Book()
    gathering = Gathering(book.write, most=MANY)
    with pytest.raises(ZeroDivisionError), gathering.place():
        raise ZeroDivisionError
    with gathering.place():
        pass
    with gathering.place() as another:
        another.leave()

    with gathering.place() as place:
        assert place.write("a letter") == "a letter is written"
    assert gathering._awaited == 0


def test_one_who_takes_too_long_is_not_waited_for():
    book = Book()
    gathering = Gathering(book.write, most=MANY)
    with gathering.place() as slow:
        with gathering.place() as quick:
            assert quick.write("quick") == "quick is written"
        assert slow.write("slow") == "slow is written"

    assert book.batches == [["quick"], ["slow"]]
    assert gathering._awaited == 0
