"""The asynchronous front: large bodies in files, and answers that are made while they are read."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.web.test_front import Client, echo, run_to_end, scope
from webapp.web import front, large_bodies, pouring, spooling
from webapp.web.files import Pieces
from webapp.web.front import Front
from webapp.web.large_bodies import REFUSED

LIMIT = 1_000


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of large bodies, which are those over ten bytes."""
    monkeypatch.setattr(front, "BODY_KEPT", 10)
    monkeypatch.setattr(spooling, "BLOCK", 100)
    return tmp_path / "uploads"


def headers(length: int) -> dict[str, str]:
    return {"content-type": "multipart/form-data", "host": "show"} | (
        {"content-length": str(length)} if length else {}
    )


def answer_to(
    client: Client, folder: Path, *, length: int = 0, largest: int | None = LIMIT
) -> tuple[Any, ...]:
    """Return the answer where so much may be sent to the page, and what the app was asked."""
    asked: list[dict[str, Any]] = []

    def answer(environ: dict[str, Any]) -> int | None:
        asked.append(environ)
        return largest

    large: Any = SimpleNamespace(folder=folder, largest=answer)
    one = Front(echo, pool=ThreadPoolExecutor(1), large=large)
    run_to_end(one.__rsgi__(scope(headers=headers(length)), client))
    one._pool.shutdown()
    assert one._buffered == 0
    assert not folder.exists() or list(folder.iterdir()) == []
    return *client.sent, asked


@pytest.mark.parametrize("length", [500, 0])
def test_a_large_body_arrives_whole(folder: Path, length: int):
    status, told, body, asked = answer_to(Client(*[b"12345"] * 100), folder, length=length)

    assert (status, told, body) == (200, [("x-state", "whole")], b"12345" * 100)
    assert asked[0]["CONTENT_LENGTH"] == "0"
    assert asked[0]["wsgi.input"].read() == b""


def test_a_small_body_asks_for_nothing(folder: Path):
    assert answer_to(Client(b"1234567890"), folder, length=10)[-1] == []
    assert answer_to(Client(b"1234567890"), folder)[-1] == []
    assert not folder.exists()


@pytest.mark.parametrize("length", [500, 0])
def test_where_no_large_body_is_taken_the_usual_rules_hold(folder: Path, length: int):
    client = Client(*[b"12345"] * 100)

    _, told, body, _ = answer_to(client, folder, length=length, largest=None)

    assert (told, body) == ([("x-state", "cut")], b"1234512345")
    assert client.read == 500


def test_nothing_is_taken_of_who_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(front, "BODY_DRAINED", 400)
    client = Client(*[b"12345"] * 100)

    sent = answer_to(client, folder, length=500, largest=REFUSED)

    assert sent[1] == [("x-state", "refused")]
    assert client.read == 0
    assert not folder.exists()


def test_who_is_refused_is_heard_out_where_that_is_not_much(folder: Path):
    client = Client(*[b"12345"] * 100)

    assert answer_to(client, folder, length=500, largest=REFUSED)[1] == [("x-state", "refused")]
    assert client.read == 500


@pytest.mark.parametrize("length", [LIMIT + 5, 0])
def test_a_body_over_the_limit_is_cut(folder: Path, length: int):
    client = Client(*[b"12345"] * (LIMIT // 5 + 1))

    assert answer_to(client, folder, length=length)[1] == [("x-state", "cut")]
    assert client.read == LIMIT + 5


def test_a_large_body_that_breaks_off_is_late(folder: Path):
    assert answer_to(Client(b"12345"), folder, length=500)[1] == [("x-state", "late")]


def test_a_large_body_may_take_its_time_but_not_stop(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(front, "BODY_SECONDS", 0.05)
    monkeypatch.setattr(spooling, "IDLE_SECONDS", 0.5)
    steady, stopped = Client(*[b"12345"] * 10, pause=0.02), Client(b"12345", pause=1)

    assert answer_to(steady, folder, length=50)[1] == [("x-state", "whole")]
    assert answer_to(stopped, folder, length=50)[1] == [("x-state", "late")]


def test_a_large_body_that_drips_is_late(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(spooling, "IDLE_SECONDS", 0.1)
    dripping = Client(*[b"12345"] * 100, pause=0.02)  # never idle, and never at an end

    assert answer_to(dripping, folder, length=500)[1] == [("x-state", "late")]
    assert dripping.read < 500


@pytest.mark.parametrize("length", [500, 0])
def test_a_full_disk_is_said_in_words(folder: Path, monkeypatch: pytest.MonkeyPatch, length: int):
    monkeypatch.setattr(large_bodies, "ROOM_LEFT", 10**18)
    client = Client(*[b"12345"] * 100)

    status, told, body, _ = answer_to(client, folder, length=length)

    assert status == 503
    assert ("retry-after", "60") in told
    assert b"No room left" in body
    assert client.read == 500


def test_an_answer_that_nobody_comes_for_is_closed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pouring, "OPENED_SECONDS", 0.05)
    closed = []

    def made() -> Iterator[bytes]:
        try:
            while True:
                yield b"x" * 1_000_000
        finally:
            closed.append(True)

    def app(_environ: dict[str, Any], start_response: Any) -> Pieces:
        start_response("200 OK", [])
        return Pieces(made())

    client = Client()
    one = Front(app, pool=ThreadPoolExecutor(1))
    run_to_end(one.__rsgi__(scope(), client))
    one._pool.shutdown()

    assert client.way == "response_file"
    assert closed == [True]
