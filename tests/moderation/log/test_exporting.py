"""An export of a long log: in flat memory, in a straight line, and held up by nobody."""

import tracemalloc

import pytest
from flask import Flask
from sqlalchemy import event

from tests.moderation.log.acting import SAM, act, add_many, at
from webapp import storage
from webapp.moderation.log import exporting
from webapp.moderation.log.exporting import export
from webapp.moderation.log.queries import Wanted, list_log

FEW, MANY = 2_000, 20_000


@pytest.mark.parametrize("format_", ["csv", "json"])
def test_memory_is_flat_however_long_the_log_is(in_app: Flask, format_: str):
    but = act(at(1))
    storage.write(add_many, FEW)
    of_few = most_memory(format_, but)
    storage.write(add_many, MANY - FEW)

    assert most_memory(format_, but) < 1.5 * of_few


def most_memory(format_: str, but: object) -> int:
    """Return how many bytes an export held at most."""
    for _ in export(Wanted(), format_=format_, but=but):  # what is made once is made by now
        pass
    tracemalloc.start()
    try:
        for _ in export(Wanted(), format_=format_, but=but):
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_statements_grow_with_the_pages_alone(in_app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exporting, "PAGE", 10)
    but = act(at(1))
    storage.write(add_many, 45)
    said: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        said.append(statement)

    event.listen(storage.db.engine, "before_cursor_execute", note)
    try:
        written = b"".join(export(Wanted(), format_="csv", but=but))
    finally:
        event.remove(storage.db.engine, "before_cursor_execute", note)

    assert written.count(b"\r\n") == 46
    assert len([statement for statement in said if statement.startswith("SELECT")]) == 2 * 6


def test_between_two_pages_no_transaction_is_open(in_app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exporting, "PAGE", 10)
    but = act(at(1))
    storage.write(add_many, 30)
    file = export(Wanted(), format_="csv", but=but)
    next(file)
    next(file)

    act(at(9), SAM)  # stands before what was read
    rest = b"".join(file)

    assert storage.db.engine.pool.checkedout() <= 1  # the test's own
    assert rest.count(b"\r\n") == 20


@pytest.mark.parametrize("count", [FEW, MANY])
def test_a_page_is_read_in_a_few_statements_of_a_long_log_too(in_app: Flask, count: int):
    storage.write(add_many, count)
    session = storage.read()

    page = list_log(session, Wanted(actor="Sam"), after="", role="editor", undo_seconds=0)

    assert len(page.lines) == 50
    assert page.after
