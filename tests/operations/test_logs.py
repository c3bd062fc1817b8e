"""The log: lines that a machine reads, and nothing of a visitor in any of them."""

import http.client
import json
import logging
import re
import socket
import sqlite3
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import pytest
import time_machine
from bs4 import BeautifulSoup

from tests.operations.processes import start, wait_for
from tests.serving import free_port, wait_until_served
from webapp.operations.logs import line

SECRET = "A rhinoceros ate the contract"
ADDRESS = "203.0.113.77"
AGENT = "Marsupial/9.9 (pouch)"
QUERY = "quokka"
HOST = "127.0.0.1"


def record(name: str, message: object, *values: object, **more: object) -> logging.LogRecord:
    return logging.LogRecord(name, logging.ERROR, "file.py", 7, message, values, **more)


def written(*about: object, **more: object) -> dict[str, str]:
    """Return the line that is written of a record, read again."""
    return json.loads(line().format(record(*about, **{"exc_info": None} | more)))


def broken() -> tuple:
    """Return what Python knows of an exception with words of its own."""
    try:
        int(SECRET)
    except ValueError:
        return sys.exc_info()


@pytest.mark.parametrize("name", ["postbag", "postbag.other", "webapp"])
def test_a_line_of_ours_has_its_event_its_level_and_what_it_needs(name: str):
    entry = record(name, "%s of %s", 1, 2, exc_info=None)
    entry.rooms = 3

    assert json.loads(line().format(entry)) == {"event": "1 of 2", "level": "error", "rooms": 3}


def test_only_the_worker_says_when():
    with time_machine.travel("2026-03-02 10:00:00Z", tick=False):
        assert written("postbag.worker", "Done.") == {
            "event": "Done.",
            "level": "error",
            "time": "2026-03-02T10:00:00+00:00",
        }
        assert written("postbag", "Done.") == {"event": "Done.", "level": "error"}


def test_of_a_library_only_its_own_words_are_written():
    entry = record("postbagging", "No %s\nfor %s", SECRET, ADDRESS, exc_info=broken())
    entry.request = SECRET

    said = json.loads(line().format(entry))

    assert said.pop("fault").startswith("ValueError at ")
    assert said == {"event": "No %s", "level": "error", "logger": "postbagging"}


def test_an_exception_that_is_logged_as_a_message_is_named_by_its_kind():
    assert written("library", ValueError(SECRET))["event"] == "ValueError"


SERVERS_OWN = f"""Application callable raised an exception
Traceback (most recent call last):
  File "/somewhere/front.py", line 12, in answer
    raise_it(there)
  File "/somewhere/else.py", line 3, in raise_it
    raise KindOfError(words)
    ^^^^^^^^^^^^^^^^^^^^^^^^
my.KindOfError: {SECRET}
  File "{SECRET}", line 1, in words
"""


def test_of_a_traceback_in_a_message_kind_and_place_are_kept():
    assert written("_granian.callbacks", SERVERS_OWN) == {
        "event": "Application callable raised an exception",
        "level": "error",
        "logger": "_granian.callbacks",
        "fault": "my.KindOfError at /somewhere/else.py:3 raise_it < /somewhere/front.py:12 answer",
    }


@pytest.mark.parametrize("rest", ["", "x", "Traceback\n", "Traceback\n    x", f"x\n{SECRET}: y\n"])
def test_of_other_messages_of_several_lines_the_first_is_kept(rest: str):
    assert SECRET not in json.dumps(written("library", f"First\n{rest}"))


def test_on_a_terminal_lines_are_plain(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    entry = record("postbag", "Ready.", exc_info=None)
    entry.rooms = 3

    assert line().format(entry).split() == ["[error", "]", "Ready.", "rooms=3"]


def test_lines_are_as_they_are_set_whatever_they_are_written_to(monkeypatch: pytest.MonkeyPatch):
    entry = record("postbag", "Ready.", exc_info=None)

    assert line("plain").format(entry).split() == ["[error", "]", "Ready."]
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert json.loads(line("json").format(entry))["event"] == "Ready."


@pytest.mark.parametrize("form", ["json", "plain"])
def test_in_every_form_a_visitors_words_are_left_out(form: str):
    entry = record("library", "No %s\nfor %s", SECRET, ADDRESS, exc_info=broken())

    said = line(form).format(entry)

    assert "ValueError at" in said
    assert "\n" not in said
    assert SECRET not in said
    assert ADDRESS not in said


def test_a_server_writes_in_the_form_of_its_settings(tmp_path: Path):
    log, port = tmp_path / "log", free_port()
    arguments = ("serve", "--port", port)
    server = start(log, *arguments, INSTANCE=str(tmp_path / "instance"), LOG_FORMAT="plain")
    try:
        wait_for(lambda: "does the chores from now on" in log.read_text())
    finally:
        server.terminate()
        server.wait(40)

    assert "{" not in log.read_text()


UNCAUGHT = f"""
import asyncio, gc, logging, threading, warnings
logging.getLogger("library").addHandler(logging.StreamHandler())
logging.getLogger("library").propagate = False
from webapp.operations import logs
logs.configure()

def fail():
    raise ValueError("{SECRET}")

async def lose():
    asyncio.get_running_loop().create_task(later())
    await asyncio.sleep(0.01)

async def later():
    fail()

class Dying:
    def __del__(self):
        fail()

thread = threading.Thread(target=fail)
thread.start()
thread.join()
Dying()
asyncio.run(lose())
gc.collect()
warnings.warn("{SECRET}", UserWarning)
logging.getLogger("library").warning("It is %s", "{SECRET}")
logging.getLogger("library").info("It is fine")
logging.getLogger("postbag").info("It is fine")
try:
    fail()
except ValueError:
    logging.getLogger("library").exception("It broke")
fail()
"""


def test_what_nobody_caught_is_a_line_as_well():
    ran = subprocess.run([sys.executable, "-c", UNCAUGHT], capture_output=True, check=False)

    assert ran.returncode == 1
    assert SECRET not in ran.stderr.decode()
    said = [json.loads(each) for each in ran.stderr.decode().splitlines()]
    assert [(each["level"], each["event"].split(" at ")[0]) for each in said] == [
        ("error", "ValueError"),  # of a thread
        ("error", "ValueError"),  # of what could not be raised
        ("error", "Task exception was never retrieved"),
        ("warning", "UserWarning"),
        ("warning", "It is %s"),
        ("info", "It is fine"),
        ("error", "It broke"),
        ("critical", "ValueError"),
    ]


def test_the_end_by_the_keyboard_is_no_fault():
    end = "from webapp.operations import logs; logs.configure(); raise KeyboardInterrupt"

    ran = subprocess.run([sys.executable, "-c", end], capture_output=True, check=False)

    assert ran.stderr == b""


class Visitor:
    """Somebody whose every trace would be seen in the log."""

    def __init__(self, port: int) -> None:
        self._port = port

    def ask(self, method: str, path: str, body: str | None = None, **headers: str):
        """Return the status and the page."""
        traces = {"User-Agent": AGENT, "X-Forwarded-For": ADDRESS, "X-Real-Ip": ADDRESS}
        if body is not None:
            traces["Content-Type"] = "application/x-www-form-urlencoded"
            traces["Sec-Fetch-Site"] = "same-origin"
        traces |= {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(http.client.HTTPConnection(HOST, self._port, timeout=60)) as client:
            client.request(method, path, body, traces)
            response = client.getresponse()
            return response.status, BeautifulSoup(response.read(), "html.parser")

    def post(self, path: str, **fields: str):
        return self.ask("POST", path, urlencode(fields))

    def send(self) -> str:
        """Send a question and return its receipt."""
        typed = {"question": f"{SECRET}, and now?", "sign_off": QUERY, "consent": "private"}
        _, page = self.post("/ask/review", **typed)
        token = page.find(attrs={"name": "token"})["value"]
        status, page = self.post("/ask/send", **typed, token=token, checked="yes")
        assert status == 200
        return page.find(id="receipt").get_text(" ", strip=True)

    def break_off(self, sent: str) -> None:
        """Send something, and be gone without a word."""
        gone = socket.create_connection((HOST, self._port), timeout=30)
        gone.sendall(sent.encode())
        gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        gone.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Visitor, Path, Path]]:
    """A visitor of a running site, its database, and its log once the test has ended."""
    folder = tmp_path_factory.mktemp("logs")
    log, instance, port = folder / "log", folder / "instance", free_port()
    arguments = ("demo", "--port", port, "--instance", instance)
    server = start(log, *arguments, TRUSTED_PROXIES="1")
    try:
        wait_until_served(server, port)
        wait_for(lambda: "Done for today" in log.read_text())
        yield Visitor(port), instance / "postbag.sqlite3", log
    finally:
        server.terminate()
        server.wait(40)


def fail_in_every_way(visitor: Visitor, receipt: str) -> set[int]:
    """Return the statuses of what was refused."""
    form = f"question={SECRET}&receipt={receipt}&{QUERY}={QUERY}".replace(" ", "+")
    asked = [
        ("GET", f"/no/such/{QUERY}?{QUERY}={SECRET}".replace(" ", "+"), None, {}),
        ("GET", f"/my-question/{receipt}".replace(" ", "-"), None, {}),
        ("GET", f"/search?q={QUERY}&after=%ff%00", None, {}),
        ("DELETE", f"/my-question?{QUERY}", None, {}),
        ("POST", "/ask/review", form, {}),
        ("POST", "/ask/send", form, {}),
        ("POST", "/ask/review", form, {"Sec_Fetch_Site": "cross-site"}),
        ("POST", "/ask/review", form + "x" * 3_000_000, {}),
        ("POST", "/ask/review", form, {"Content_Type": "text/plain"}),
        ("POST", "/my-question", form.replace(receipt[:4], "zzzz"), {}),
        ("GET", "/", None, {"Cookie": QUERY * 20_000}),
        ("POST", "/desk/sign-in", f"email={QUERY}@example.org&password={QUERY}", {}),
    ]
    return {visitor.ask(method, path, body, **more)[0] for method, path, body, more in asked}


def break_connections(visitor: Visitor) -> None:
    head = f"Host: {QUERY}\r\nX-Forwarded-For: {ADDRESS}\r\nUser-Agent: {AGENT}\r\n"
    form = "Content-Type: application/x-www-form-urlencoded\r\n"
    for sent in (
        f"GET /?{QUERY} HTTP/9\r\n{head}\r\n",
        f"POST /ask/review HTTP/1.1\r\n{head}{form}Content-Length: 999\r\n\r\nquestion={SECRET}",
        f"POST /ask/review HTTP/1.1\r\n{head}{form}Content-Length: x\r\n\r\n",
        f"POST /ask/review HTTP/1.1\r\n{head}{form}Transfer-Encoding: chunked\r\n\r\n{SECRET}",
        f"\x16\x03\x01 {SECRET}",
        f"GET /my-question HTTP/1.1\r\n{head}",
    ):
        visitor.break_off(sent)


def break_the_database(visitor: Visitor, database: Path, receipt: str) -> list[int]:
    """Return the statuses of a question that is damaged, and of one that is not there."""
    with closing(sqlite3.connect(database, isolation_level=None)) as db:
        db.execute("UPDATE questions SET received_on = ?", (QUERY,))
        damaged, _ = visitor.post("/my-question", receipt=receipt)
        db.execute("UPDATE questions SET received_on = date()")
        db.execute("ALTER TABLE questions RENAME TO hidden")
        away, _ = visitor.post("/my-question", receipt=receipt)
        db.execute("ALTER TABLE hidden RENAME TO questions")
    return [damaged, away]


def test_no_line_holds_anything_of_a_visitor(served: tuple[Visitor, Path, Path]):
    visitor, database, log = served
    receipt = visitor.send()

    assert fail_in_every_way(visitor, receipt) >= {403, 404, 405, 413, 415, 422}
    break_connections(visitor)
    assert break_the_database(visitor, database, receipt) == [500, 503]
    assert visitor.ask("GET", "/about")[0] == 200

    said = log.read_text()
    assert '"ValueError at ' in said
    for trace in (ADDRESS, "203.0.113", HOST, AGENT, "Marsupial", QUERY, "rhinoceros", "contract"):
        assert trace not in said, trace
    for two in zip(receipt.split(), receipt.split()[1:], strict=False):
        assert " ".join(two) not in said
    assert not re.search(r"/ask|/my-question|/desk", said)


def test_every_line_can_be_read_and_only_the_workers_say_when(served: tuple[Visitor, Path, Path]):
    visitor, database, log = served
    break_the_database(visitor, database, visitor.send())

    entries = [json.loads(each) for each in log.read_text().splitlines()]

    timed = [entry["event"] for entry in entries if "time" in entry]
    assert timed == [
        "This worker does the chores from now on.",
        "Done for today: retention.",
        "Done for today: history.",
        "Done for today: what was sent.",
        "Done for today: old bundles.",
        "Done for today: files.",
        "Done for today: order of arrival.",
    ]
    assert {"event", "level"} <= set.intersection(*[set(entry) for entry in entries])
    assert not re.search(r"\d\d:\d\d", "".join(e["event"] for e in entries if "time" not in e))
