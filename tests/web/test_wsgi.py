"""The WSGI side of the front: what the app is given, and which answers are left to the server."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, Response, request

from webapp.web.files import Pieces, send_stored_file
from webapp.web.wsgi import SMALL_FILE, Answer, Body, make_environ, run

NO_BODY = Body(b"", "whole")


def scope(**more: Any) -> Any:
    values = {
        "http_version": "1.1",
        "server": "127.0.0.1:8000",
        "client": "127.0.0.1:9",
        "scheme": "http",
        "method": "GET",
        "path": "/",
        "query_string": "",
        "authority": None,
        "headers": {"host": "show.example"},
    }
    return SimpleNamespace(**(values | more))


def answer_with_file(path: Path, method: str = "GET", **headers: str) -> Answer:
    app = Flask("test")
    app.add_url_rule(
        "/",
        view_func=lambda: send_stored_file(
            path, content_type="video/mp4", download_name="video.mp4", etag="abc"
        ),
    )
    return run(app, make_environ(scope(method=method, headers=headers), NO_BODY))


def test_environ_is_that_of_wsgi():
    headers = {"content-type": "text/plain", "x-two": "a", "transfer-encoding": "chunked"}
    asked = scope(path="/café/%61", query_string="q=1", headers=headers, authority="b.example")

    environ = make_environ(asked, Body(b"abc", "whole"))

    assert environ["PATH_INFO"] == "/café/%61".encode().decode("latin-1")
    assert environ["QUERY_STRING"] == "q=1"
    assert environ["CONTENT_TYPE"] == "text/plain"
    assert environ["CONTENT_LENGTH"] == "3"
    assert environ["HTTP_X_TWO"] == "a"
    assert "HTTP_TRANSFER_ENCODING" not in environ
    assert environ["HTTP_HOST"] == "b.example"
    assert environ["SERVER_PORT"] == "8000"


def test_an_answer_is_closed_even_when_it_breaks():
    closed = []

    class Broken:
        def __iter__(self):
            raise RuntimeError

        def close(self):
            closed.append(True)

    def app(_environ, start_response):
        start_response("200 OK", [])
        return Broken()

    with pytest.raises(RuntimeError):
        run(app, {})

    assert closed == [True]


@pytest.mark.parametrize(
    ("asked", "span"),
    [
        ({}, None),
        ({"range": "bytes=5-299999"}, (5, 300_000)),
        ({"range": "bytes=-300000"}, (100_000, 400_000)),
        ({"range": "bytes=0-"}, (0, 400_000)),
    ],
)
def test_a_large_file_is_left_to_the_server_with_its_range(
    tmp_path: Path, asked: dict[str, str], span: tuple[int, int] | None
):
    path = tmp_path / "video"
    path.write_bytes(b"x" * 400_000)

    answer = answer_with_file(path, **asked)

    assert (answer.path, answer.span, answer.body) == (str(path), span, b"")
    assert answer.status == (206 if span else 200)


@pytest.mark.parametrize("size", [0, 1, SMALL_FILE])
def test_a_small_file_is_sent_as_bytes(tmp_path: Path, size: int):
    path = tmp_path / "poster"
    path.write_bytes(b"x" * size)

    answer = answer_with_file(path)

    assert (answer.body, answer.path) == (b"x" * size, "")


def test_a_file_over_the_limit_is_not_read(tmp_path: Path):
    path = tmp_path / "video"
    path.write_bytes(b"x" * (SMALL_FILE + 1))

    assert answer_with_file(path).path == str(path)


def test_a_few_bytes_of_a_large_file_are_sent_as_bytes(tmp_path: Path):
    path = tmp_path / "video"
    path.write_bytes(b"0123456789" * 40_000)

    answer = answer_with_file(path, range="bytes=2-4")

    assert (answer.status, answer.body, answer.path) == (206, b"234", "")


def test_what_has_no_body_leaves_nothing_to_the_server(tmp_path: Path):
    path = tmp_path / "video"
    path.write_bytes(b"x" * 400_000)
    known = {"if-none-match": '"abc"'}

    head, not_modified = answer_with_file(path, "HEAD"), answer_with_file(path, **known)

    assert (head.status, head.path, head.body) == (200, "", b"")
    assert ("content-length", "400000") in head.headers
    assert (not_modified.status, not_modified.path) == (304, "")


def test_an_empty_answer_is_sent_as_such():
    def app(_environ, start_response):
        start_response("204 No Content", [])
        return []

    assert run(app, {}) == Answer(204, [])


def test_a_query_in_letters_that_were_not_encoded_is_understood():
    app = Flask("test")
    app.add_url_rule("/", view_func=lambda: request.args["q"])

    answer = run(app, make_environ(scope(query_string="q=naïve"), NO_BODY))

    assert answer.body.decode() == "naïve"


def answer_in_pieces(count: int, method: str = "GET") -> tuple[Answer, list[bool]]:
    """Return the answer of so many pieces of 100 kB, and whether what makes them was closed."""
    closed = []

    def made() -> Iterator[bytes]:
        try:
            for _ in range(count):
                yield b"x" * 100_000
        finally:
            closed.append(True)

    app = Flask("test")
    app.add_url_rule("/", view_func=lambda: Response(Pieces(made()), direct_passthrough=True))
    return run(app, make_environ(scope(method=method), NO_BODY)), closed


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_short_answer_in_pieces_is_sent_as_bytes(count: int):
    answer, closed = answer_in_pieces(count)

    assert (answer.body, answer.pieces) == (b"x" * 100_000 * count, None)
    assert closed == [True]


def test_a_long_answer_in_pieces_is_made_while_it_is_read():
    answer, closed = answer_in_pieces(10)

    assert answer.body == b""
    assert closed == []
    assert b"".join(answer.pieces) == b"x" * 1_000_000
    assert closed == [True]


def test_nothing_is_made_for_head():
    answer, closed = answer_in_pieces(10, "HEAD")

    assert (answer.body, answer.pieces, closed) == (b"", None, [])


def test_a_header_with_an_underscore_does_not_pass_for_the_one_with_a_hyphen():
    sent = {"x-forwarded-for": "203.0.113.9", "x_forwarded_for": "198.51.100.7"}

    environ = make_environ(scope(headers=sent), NO_BODY)

    assert environ["HTTP_X_FORWARDED_FOR"] == "203.0.113.9"
