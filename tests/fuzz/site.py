"""A server process without its socket: what granian hands to the front, and what comes back.

What granian does to a request on its way is done here too: the path is decoded, with U+FFFD for
bytes that are no text, and headers that are not ASCII are left out. (tests/fuzz/test_socket.py goes
through granian itself.)
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

from bs4 import BeautifulSoup
from flask import Flask, got_request_exception

from tests.postgres import temporary_database
from tests.web.kept_site import KeptSite, Reply, kept_site
from webapp import storage
from webapp.operations.instance import make_instance
from webapp.settings import Settings

HANG = 60  # seconds, on a machine that is busy
BOUNDARY = "border"
PIECE = 50_000
FORM = "application/x-www-form-urlencoded"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
PLENTY = dict.fromkeys(
    ("limit_reviews", "limit_sends", "limit_receipts", "limit_site_slow", "limit_site_quarantine"),
    1_000_000,
)
# What an answer says no with. 501 is what /oembed owes to other forms by its own specification.
SAID = {400, 401, 403, 404, 405, 408, 409, 411, 412, 413, 414, 415, 416, 422, 429, 501}

Header = tuple[str, str]


class Headers:
    """A request's headers as granian gives them: the last of a name counts."""

    def __init__(self, given: Sequence[Header]) -> None:
        self._given = [(name, value) for name, value in given if _arrives(name, value)]

    def get(self, name: str, default: str | None = None) -> str | None:
        return next((value for key, value in self._given if key == name), default)

    def items(self) -> list[Header]:
        return list(self._given)


def _arrives(name: str, value: str) -> bool:
    """Return whether the server passes a header on; a length that is none it refuses itself."""
    if name == "content-length" and not (value.isascii() and value.isdecimal() and len(value) < 20):
        return False
    return all(" " <= char <= "~" or char == "\t" for char in value)


class Protocol:
    """What granian hands to an application, for a request with a body."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self.reply: Reply | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for at in range(0, len(self._body), PIECE):
            yield self._body[at : at + PIECE]

    def response_bytes(self, status: int, headers: list[Header], body: bytes) -> None:
        self.reply = Reply(status, dict(headers), body)

    def response_empty(self, status: int, headers: list[Header]) -> None:
        self.reply = Reply(status, dict(headers), b"")

    def response_file(self, status: int, headers: list[Header], path: str) -> None:
        self.reply = Reply(status, dict(headers), Path(path).read_bytes())

    def response_file_range(
        self, status: int, headers: list[Header], path: str, start: int, stop: int
    ) -> None:
        self.reply = Reply(status, dict(headers), Path(path).read_bytes()[start:stop])

    def response_stream(self, status: int, headers: list[Header]) -> "Protocol":
        self.reply = Reply(status, dict(headers), b"")
        return self

    async def send_bytes(self, data: bytes) -> None:
        assert self.reply is not None
        self.reply = Reply(self.reply.status, self.reply.headers, self.reply.body + data)


class FuzzedSite:
    """The front with its page cache around an app; it keeps what broke in it."""

    def __init__(self, app: Flask, kept: KeptSite) -> None:
        self.app = app
        self._kept = kept
        self._broke: list[BaseException] = []

    def note(self, _app: Flask, exception: BaseException, **_more: Any) -> None:
        """Keep an exception that nothing had foreseen."""
        self._broke.append(exception)

    def ask(
        self,
        method: str,
        target: str,
        *,
        headers: Sequence[Header] = (("host", "show.example"),),
        body: bytes = b"",
        proto: str = "1.1",
    ) -> Reply:
        """Send a request, and return the answer; what breaks on the way is raised."""
        path, _, query = target.partition("?")
        scope = SimpleNamespace(
            http_version=proto,
            server="127.0.0.1:8000",
            client="127.0.0.1:9",
            scheme="http",
            method=method,
            path=unquote(path, errors="replace"),
            query_string=query,
            authority=None,
            headers=Headers(headers),
        )
        self._broke.clear()
        protocol = Protocol(body)
        run = self._kept.front.__rsgi__(scope, protocol)  # type: ignore[arg-type]
        asyncio.run_coroutine_threadsafe(run, self._kept.loop).result(HANG)
        if self._broke:
            raise self._broke[0]
        assert protocol.reply is not None
        return protocol.reply

    def post(self, path: str, body: bytes, kind: str = FORM, **headers: str) -> Reply:
        """Send a form as a browser of our own page does."""
        given = {"content-type": kind, "content-length": str(len(body)), "host": "show.example"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        given |= {"sec-fetch-site": "same-origin"} | named
        return self.ask("POST", path, headers=list(given.items()), body=body)


@contextmanager
def fuzzed_site(
    folder: Path, engine: str, shared: Path, fill: Callable[[Flask], object]
) -> Iterator[FuzzedSite]:
    """Give a site on an engine, filled once; nobody on it is ever slowed.

    `shared` is the folder through which test processes share a server of PostgreSQL.
    """
    given: dict[str, Any] = {"instance": folder / engine, "undo_seconds": 0, **PLENTY}
    with ExitStack() as stack:
        if engine == "postgresql":
            given["database_url"] = stack.enter_context(temporary_database(shared))
        app = make_instance(Settings.load(**given))
        passwords = app.extensions["security"].pwd_context
        passwords.update(argon2__rounds=1, argon2__memory_cost=8, argon2__parallelism=1)
        fill(app)
        stack.callback(_let_go, app)
        site = FuzzedSite(app, stack.enter_context(kept_site(app)))
        stack.enter_context(got_request_exception.connected_to(site.note, app))
        yield site


def _let_go(app: Flask) -> None:
    with app.app_context():
        storage.db.engine.dispose()


def is_in_order(reply: Reply) -> bool:
    """Return whether an answer is what it may be: itself, or a refusal in words."""
    if reply.status < 400:
        return reply.status >= 200
    assert reply.status in SAID, (reply.status, reply.body[:500])
    if not reply.body:  # the answer to HEAD, or to what must have none
        return True
    kind = reply.headers["content-type"]
    if kind.startswith("application/problem+json"):
        return bool(json.loads(reply.body)["title"])
    if kind.startswith("application/json"):
        return bool(json.loads(reply.body))
    assert kind.startswith("text/html"), kind
    heading = BeautifulSoup(reply.body, "html.parser").h1
    return heading is not None and bool(heading.get_text(strip=True))
