"""The asynchronous front: bodies are whole, cut or late before Flask sees them."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from webapp.web import front
from webapp.web.front import Front
from webapp.web.wsgi import SMALL_FILE, Answer


class Client:
    """What granian hands to an RSGI application, played by a list of chunks."""

    def __init__(self, *chunks: bytes, pause: float = 0) -> None:
        self.chunks = chunks
        self.pause = pause
        self.read = 0
        self.way = ""
        self.sent: tuple[Any, ...] = ()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            await asyncio.sleep(self.pause)
            self.read += len(chunk)
            yield chunk

    def __getattr__(self, way: str) -> Any:
        def respond(*sent: Any) -> None:
            self.way, self.sent = way, sent

        return respond


def scope(method: str = "POST", path: str = "/ask/review", **more: str) -> Any:
    values = {
        "proto": "http",
        "http_version": "1.1",
        "server": "127.0.0.1:8000",
        "client": "127.0.0.1:9",
        "scheme": "http",
        "method": method,
        "path": path,
        "query_string": "",
        "authority": None,
        "headers": {"content-type": "text/plain", "host": "show.example"},
    }
    return SimpleNamespace(**(values | more))


def echo(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Answer with the body's state and the body."""
    start_response("200 OK", [("X-State", environ["postbag.body"])])
    return [environ["wsgi.input"].read()]


def run_to_end(work: Coroutine[Any, Any, None]) -> None:
    """Run it in a thread of its own: a browser test may have left a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()


def answer_to(client: Client, app: Any = echo, **more: str) -> tuple[Any, ...]:
    run_to_end(Front(app, pool=ThreadPoolExecutor(1)).__rsgi__(scope(**more), client))
    return client.sent


def test_a_body_arrives_whole():
    status, headers, body = answer_to(Client(b"one ", b"two"))

    assert (status, headers, body) == (200, [("x-state", "whole")], b"one two")


def test_a_body_over_the_limit_is_kept_up_to_it_and_drained(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(front, "BODY_KEPT", 10)
    client = Client(b"1234567", b"8901234", b"5678901")

    _, headers, body = answer_to(client)

    assert (headers, body) == ([("x-state", "cut")], b"1234567890")
    assert client.read == 21


def test_a_body_without_end_is_not_drained_for_ever(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(front, "BODY_KEPT", 20)
    monkeypatch.setattr(front, "BODY_DRAINED", 100)
    client = Client(*[b"x" * 10] * 1000)

    answer_to(client)

    assert client.read == 110


def test_a_slow_body_is_late_and_kept_as_far_as_it_came(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(front, "BODY_SECONDS", 0.05)

    _, headers, body = answer_to(Client(b"slow", *[b"er"] * 100, pause=0.02))

    assert headers == [("x-state", "late")]
    assert body.startswith(b"slow")


def test_more_bodies_than_it_holds_are_turned_away_in_words(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(front, "ALL_BODIES", 10)
    monkeypatch.setattr(front, "BODY_FREE", 0)

    status, headers, body = answer_to(Client(b"x" * 11))

    assert status == 503
    assert ("retry-after", "60") in headers
    assert b"your text is still in the page" in body


def test_a_letter_is_taken_however_much_others_send(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(front, "ALL_BODIES", 0)

    assert answer_to(Client(b"x" * front.BODY_FREE))[0] == 200


def test_a_body_that_breaks_off_is_not_whole():
    headers = {"content-type": "text/plain", "content-length": "100"}

    assert answer_to(Client(b"half a"), headers=headers)[1] == [("x-state", "late")]


def test_a_page_that_finds_no_room_is_turned_away_in_words(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(front, "ALL_BODIES", 10)

    def large(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [b"x" * (SMALL_FILE + 1)]

    assert answer_to(Client(), large, method="GET")[0] == 503


def test_what_was_buffered_is_forgotten_after_the_answer():
    one = Front(echo, pool=ThreadPoolExecutor(1))

    async def twice() -> None:
        await one.__rsgi__(scope(), Client(b"x" * 100_000))
        await one.__rsgi__(scope(), Client(b"x" * 100_000))

    run_to_end(twice())

    assert one._buffered == 0


def test_a_request_is_announced_before_a_thread_has_it_and_until_it_is_answered():
    told: list[str] = []

    @contextmanager
    def announced(environ: dict[str, Any]) -> Iterator[None]:
        told.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        yield
        told.append("answered")

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        told.append("run")
        return echo(environ, start_response)

    with ThreadPoolExecutor(1) as pool:
        made = Front(app, pool=pool, announced=announced)
        run_to_end(made.__rsgi__(scope(), Client(b"a letter")))

    assert told == ["POST /ask/review", "run", "answered"]


def test_a_visit_has_no_body():
    client = Client(b"ignored")

    answer_to(client, method="GET")

    assert client.read == 0


@pytest.mark.parametrize(
    ("answer", "sent"),
    [
        (Answer(200, [], path="/a"), ("response_file", 200, [], "/a")),
        (Answer(206, [], path="/a", span=(5, 9)), ("response_file_range", 206, [], "/a", 5, 9)),
        (Answer(200, [], body=b"a"), ("response_bytes", 200, [], b"a")),
        (Answer(304, []), ("response_empty", 304, [])),
    ],
)
def test_the_server_reads_a_large_file_itself(answer: Answer, sent: tuple[Any, ...]):
    client = Client()

    front._send(client, answer)

    assert (client.way, *client.sent) == sent
