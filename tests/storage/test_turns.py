"""One writer at a time on SQLite: nobody is told that the database is busy."""

import multiprocessing
import os
import signal
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from webapp.storage.turns import TookTooLong, Turns

WRITERS = 16
EACH = 40


def write_rows(path: Path, count: int) -> None:
    """Write rows one by one, as a process of its own; SQLite waits for one who opens or closes."""
    turns = Turns(path.with_name("turns"))
    connection = sqlite3.connect(path, isolation_level=None, timeout=1)
    for _ in range(count):
        with turns.turn(60):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO rows VALUES (?)", (os.getpid(),))
            connection.execute("COMMIT")
    connection.close()


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """A database with a table to write to."""
    path = tmp_path / "rows.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE rows (writer INTEGER)")
    connection.close()
    return path


def count_rows(path: Path) -> int:
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute("SELECT count(*) FROM rows").fetchone()[0])
    finally:
        connection.close()


def test_sixteen_processes_write_and_none_finds_the_database_busy(rows: Path):
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_rows, args=(rows, EACH)) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)

    assert [writer.exitcode for writer in writers] == [0] * WRITERS
    assert count_rows(rows) == WRITERS * EACH


def test_threads_have_their_turns_one_after_the_other(tmp_path: Path):
    turns, inside, most = Turns(tmp_path / "turns"), 0, 0

    def take(_number: int) -> None:
        nonlocal inside, most
        with turns.turn(30):
            inside += 1
            most = max(most, inside)
            time.sleep(0.001)
            inside -= 1

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(take, range(200)))

    assert most == 1


def test_who_waits_too_long_is_told(tmp_path: Path):
    turns, other = Turns(tmp_path / "turns"), Turns(tmp_path / "turns")
    with turns.turn(1):
        with pytest.raises(TookTooLong), other.turn(0.05):
            pass
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(turns.turn(0.05).__enter__)
            assert isinstance(waiting.exception(), TookTooLong)

    with other.turn(0.05), pytest.raises(TookTooLong), turns.turn(0.05):
        pass


def test_a_fault_gives_the_turn_back(tmp_path: Path):
    turns = Turns(tmp_path / "turns")
    with pytest.raises(ZeroDivisionError), turns.turn(1):
        _ = 1 / 0

    with turns.turn(0.05), pytest.raises(TookTooLong), Turns(tmp_path / "turns").turn(0):
        pass


def hold(path: Path, held: threading.Event) -> None:
    with Turns(path).turn(1):
        held.set()
        time.sleep(60)


def test_a_turn_ends_with_its_process(tmp_path: Path):
    context = multiprocessing.get_context("spawn")
    held = context.Event()
    holder = context.Process(target=hold, args=(tmp_path / "turns", held))
    holder.start()
    assert held.wait(120)
    os.kill(int(holder.pid or 0), signal.SIGKILL)
    holder.join(10)

    with Turns(tmp_path / "turns").turn(1):
        pass
