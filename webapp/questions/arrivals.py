"""Questions that arrive at the same time: they are stored together.

See docs/decisions/0041-what-arrives-together-is-stored-together.md.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

from flask import Flask, current_app, request

from webapp import storage
from webapp.questions.receiving import Received, Sending, receive_all
from webapp.settings import Settings
from webapp.storage import current_keyring
from webapp.storage.gathering import Gathering, Place

PATH = "/ask/send"
_PLACE = "postbag.place"


def init_app(app: Flask) -> None:
    """Have questions that arrive at the same time stored together."""
    settings: Settings = app.extensions["postbag.settings"]
    app.extensions["postbag.arrivals"] = Gathering(_store_all, most=settings.threads)


@contextmanager
def announced(app: Flask, environ: dict[str, Any]) -> Iterator[None]:
    """Have others wait for a question that has arrived, and that no thread has looked at yet.

    A server that knows of requests before they run says so by this; WSGI alone does not.
    """
    if environ["PATH_INFO"] != PATH or environ["REQUEST_METHOD"] != "POST":
        yield
        return
    with _gathering(app).place() as place:
        environ[_PLACE] = place
        yield


@contextmanager
def place() -> Iterator[Place[Sending, Received]]:
    """Give the place of the question that this request sends."""
    if _PLACE in request.environ:
        yield request.environ[_PLACE]
        return
    with _gathering(current_app).place() as made:
        yield made


def store(sending: Sending, at: Place[Sending, Received]) -> Received:
    """Store a question together with others of the ordinary lane, or one of another lane alone.

    On PostgreSQL, who changes the counts of several lanes could wait in a ring with the desk.
    """
    if sending.sent.lane == "ordinary":
        return at.write(sending)
    at.leave()
    return _store_all([sending])[0]


def _gathering(app: Flask) -> Gathering[Sending, Received]:
    return cast("Gathering[Sending, Received]", app.extensions["postbag.arrivals"])


def _store_all(sendings: Sequence[Sending]) -> list[Received]:
    return storage.write(receive_all, sendings, keyring=current_keyring())
