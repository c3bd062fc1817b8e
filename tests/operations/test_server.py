"""The production server, as it runs: slow clients, large bodies, files, stopping."""

import http.client
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from tests.serving import free_port, start_demo
from webapp.operations.instance import make_instance
from webapp.settings import Settings

pytestmark = pytest.mark.xdist_group("demo")

EPISODE = "/episodes/getting-to-yes"
VIDEO = f"{EPISODE}/media/video.mp4"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def ask(site: str, method: str, path: str, body: str | None = None, **headers: str):
    address = urlsplit(site)
    with closing(http.client.HTTPConnection(address.hostname, address.port, timeout=60)) as client:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        client.request(method, path, body, FORM | named if body is not None else named)
        response = client.getresponse()
        return response, response.read()


def test_server_answers_pages_with_their_headers(site: str):
    response, body = ask(site, "GET", EPISODE)

    assert response.status == 200
    assert b"Getting to yes" in body
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert response.headers["Content-Length"] == str(len(body))


def test_head_has_the_headers_of_get_and_no_body(site: str):
    for path in (EPISODE, VIDEO, f"{EPISODE}/poster.jpg"):
        get, whole = ask(site, "GET", path)
        head, nothing = ask(site, "HEAD", path)
        assert nothing == b""
        assert head.headers["Content-Length"] == str(len(whole))
        assert fields(head) == fields(get)


def fields(response: http.client.HTTPResponse) -> dict[str, str]:
    """Return the headers but for the time of the answer."""
    return {name: value for name, value in response.headers.items() if name != "date"}


@pytest.mark.parametrize(
    ("asked", "start", "length"),
    [
        ("bytes=0-1", 0, 2),
        ("bytes=100-400099", 100, 400_000),
        ("bytes=100-", 100, None),
        ("bytes=-5", -5, 5),
        ("bytes=-400000", -400_000, None),
        ("bytes=-99999999999", 0, None),
        ("bytes=5-99999999999", 5, None),
    ],
)
def test_media_answer_byte_ranges(site: str, asked: str, start: int, length: int | None):
    _, whole = ask(site, "GET", VIDEO)
    response, part = ask(site, "GET", VIDEO, Range=asked)

    assert response.status == 206
    assert part == whole[start:][:length]
    first = start % len(whole)
    last = first + len(part) - 1
    assert response.headers["Content-Range"] == f"bytes {first}-{last}/{len(whole)}"
    assert response.headers["Content-Length"] == str(len(part))


@pytest.mark.parametrize("asked", ["bytes=abc", "bytes=5-2", "bytes=--1", "bytes=0-1,4-5", "x=0-1"])
def test_media_are_whole_for_a_range_that_cannot_be_answered(site: str, asked: str):
    get, whole = ask(site, "GET", VIDEO)
    response, body = ask(site, "GET", VIDEO, Range=asked)

    assert (response.status, body) == (200, whole)
    assert fields(response) == fields(get)


def test_media_go_on_only_where_the_visitor_has_the_same_version(site: str):
    get, whole = ask(site, "GET", VIDEO)
    rest = {"Range": "bytes=100-"}
    same, part = ask(site, "GET", VIDEO, **rest, If_Range=get.headers["ETag"])
    dated, _ = ask(site, "GET", VIDEO, **rest, If_Range=get.headers["Last-Modified"])
    other, body = ask(site, "GET", VIDEO, **rest, If_Range='"other"')
    weak, _ = ask(site, "GET", VIDEO, **rest, If_Range=f"W/{get.headers['ETag']}")

    assert (same.status, part) == (206, whole[100:])
    assert dated.status == 206
    assert (other.status, body) == (200, whole)
    assert weak.status == 200


@pytest.mark.parametrize("asked", ["bytes={size}-", "bytes=-0"])
def test_media_answer_416_beyond_their_end(site: str, asked: str):
    _, whole = ask(site, "GET", VIDEO)
    beyond, _ = ask(site, "GET", VIDEO, Range=asked.format(size=len(whole)))

    assert beyond.status == 416
    assert beyond.headers["Content-Range"] == f"bytes */{len(whole)}"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_media_answer_304_to_who_has_them(site: str, method: str):
    get, _ = ask(site, "GET", VIDEO)
    tag = get.headers["ETag"]
    for headers in (
        {"If_None_Match": tag},
        {"If_None_Match": f'"other", W/{tag}'},
        {"If_None_Match": "*", "Range": "bytes=0-1"},
        {"If_Modified_Since": get.headers["Last-Modified"]},
    ):
        known, nothing = ask(site, method, VIDEO, **headers)
        assert (known.status, nothing) == (304, b"")
        assert known.headers["ETag"] == tag


@pytest.mark.parametrize(
    "path", ["/episodes/x/media/../../keys", "/%2e%2e/keys", f"{EPISODE}/media/index.md"]
)
def test_nothing_but_media_is_served(site: str, path: str):
    assert ask(site, "GET", path)[0].status == 404


@pytest.mark.parametrize(
    ("size", "status"), [(1_000_000, 422), (3_000_000, 413), (15_000_000, 413)]
)
def test_a_large_question_comes_back(site: str, size: int, status: int):
    body = urlencode({"question": "x" * size, "consent": "private"})
    response, page = ask(site, "POST", "/ask/review", body)

    assert response.status == status
    assert b"x" * min(size, 2_000_000) in page


def test_a_question_in_chunks_is_whole(site: str):
    address = urlsplit(site)
    body = urlencode({"question": "Is it the dishwasher, or is it us?", "consent": "private"})
    with closing(http.client.HTTPConnection(address.hostname, address.port)) as client:
        client.request("POST", "/ask/review", iter([body.encode()]), FORM, encode_chunked=True)
        response = client.getresponse()
        page = response.read()

    assert response.status == 200
    assert b"Is it the dishwasher" in page


@pytest.mark.parametrize("path", ["/%2561sk", "/%2564esk/sign-in", "/caf%C3%A9", "/%ff"])
def test_a_path_is_decoded_once(site: str, path: str):
    assert ask(site, "GET", path)[0].status == 404


def test_a_redirect_names_no_other_host(site: str):
    response, _ = ask(site, "GET", "/desk", Host="evil.example")

    assert "evil" not in response.headers.get("Location", "")


def test_slow_bodies_hold_up_nobody(site: str):
    address = urlsplit(site)
    head = (
        "POST /ask/review HTTP/1.1\r\nHost: show\r\nContent-Length: 1000\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\nq"
    )
    with ExitStack() as stack:
        for _ in range(100):
            slow = socket.create_connection((address.hostname, address.port))
            stack.enter_context(slow)
            slow.sendall(head.encode())
        response, _ = ask(site, "GET", "/about")

    assert response.status == 200


def test_garbage_is_refused_and_the_server_lives(site: str):
    address = urlsplit(site)
    for garbage in (
        b"\x16\x03\x01\x02",
        b"GET / HTTP/9\r\n\r\n",
        b"POST /ask HTTP/1.1\r\n\r\n",
        b"\n" * 99,
    ):
        with socket.create_connection((address.hostname, address.port)) as client:
            client.sendall(garbage)

    assert ask(site, "GET", "/about")[0].status == 200


def test_demo_ends_cleanly_and_starts_again_with_all_it_had(tmp_path: Path):
    instance, port = tmp_path / "instance", free_port()
    first = start_demo(instance, port, from_nothing=True)
    first.send_signal(signal.SIGINT)
    printed, _ = first.communicate(timeout=40)
    before = everything(instance)

    second = start_demo(instance, port)
    second.send_signal(signal.SIGINT)
    printed_again, _ = second.communicate(timeout=40)

    assert (first.returncode, second.returncode) == (0, 0)
    assert "owner@example.org" in printed
    assert "owner@example.org" not in printed_again
    assert "Traceback" not in printed + printed_again
    assert everything(instance) == before
    assert instance.stat().st_mode & 0o077 == 0


def test_demo_on_a_taken_port_says_so(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(RuntimeError, match="Something is serving on"):
            start_demo(tmp_path / "instance", taken.getsockname()[1])


def everything(instance: Path) -> str:
    """Return the whole database, in SQL, but for what the worker notes of its days."""
    with closing(sqlite3.connect(instance / "postbag.sqlite3")) as database:
        return "\n".join(line for line in database.iterdump() if '"chores"' not in line)


def test_what_the_start_has_made_is_not_looked_through_for_garbage(tmp_path: Path):
    make_instance(Settings.load(instance=tmp_path / "instance"))
    starting = (
        "import gc; from webapp.operations.server import application; application(); "
        "began = gc.get_freeze_count(); gc.collect(); "
        "print(began > 100_000, len(gc.get_objects()) < 10_000)"
    )
    given = os.environ | {"POSTBAG_INSTANCE": str(tmp_path / "instance")}

    printed = subprocess.check_output([sys.executable, "-c", starting], env=given, text=True)

    assert printed == "True True\n"
