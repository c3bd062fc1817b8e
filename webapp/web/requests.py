"""What no page takes, whatever it is: refused in front of every view, in words."""

import io
from contextlib import suppress
from typing import IO, Any

import flask
from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

from webapp.web.errors import error_page
from webapp.web.large_bodies import (
    FULL_HEADING,
    FULL_MESSAGE,
    NoRoom,
    noticing_a_full_disk,
    open_part,
)
from webapp.web.origin import SAFE_METHODS

MOST_IN_A_FORM = 3 * 1024 * 1024
MOST_FIELDS = 10_000
MOST_IN_A_LARGE_BODY = 50  # fields and files: nothing else bounds what its texts take together
FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
LARGEST_NUMBER = 2**31 - 1  # that a database keeps as an integer


class Number(IntegerConverter):
    """A number in an address; one that no row can have is no address of ours."""

    def __init__(self, url_map: Map, **bounds: Any) -> None:
        super().__init__(url_map, **({"max": LARGEST_NUMBER} | bounds))


class Request(flask.Request):
    """A request whose files lie where its body does: in memory, or in the folder of large ones."""

    def __init__(self, environ: dict[str, Any], *about: Any, **more: Any) -> None:
        super().__init__(environ, *about, **more)
        self._parts: list[IO[bytes]] = []
        if environ.get("postbag.uploads"):
            self.max_form_parts = MOST_IN_A_LARGE_BODY

    def _load_form_data(self) -> None:
        """Read the form. Raises NoRoom where its files do not fit on the disk."""
        try:
            with noticing_a_full_disk():
                super()._load_form_data()
            self._name_all()
        except BaseException:
            for part in self._parts:  # no form knows of them: they would lie there for a while
                with suppress(OSError):  # what is full cannot write its last bytes either
                    part.close()
            raise

    def _name_all(self) -> None:
        """Give an empty name to a field or file that came without: Werkzeug has None for it."""
        for kind in ("form", "files"):
            given = self.__dict__[kind]
            if None in given:
                named = [(name or "", value) for name, value in given.items(multi=True)]
                self.__dict__[kind] = type(given)(named)

    def _get_file_stream(self, *about: Any, **more: Any) -> IO[bytes]:
        """Return what one of its files is written to; Werkzeug's own may lie in /tmp."""
        if folder := self.environ.get("postbag.uploads"):
            self._parts.append(open_part(folder))
            return self._parts[-1]
        if "postbag.body" in self.environ:
            return io.BytesIO()  # the front holds all of it in memory, and has bounded it
        return super()._get_file_stream(*about, **more)


def init_app(app: Flask) -> None:
    """Refuse addresses that cannot be, and bodies that are no whole form."""
    app.request_class = Request
    app.url_map.converters["int"] = Number
    # The front has bounded the body already; Werkzeug's own bounds would lose what fits.
    app.config.update(MAX_FORM_MEMORY_SIZE=MOST_IN_A_FORM, MAX_FORM_PARTS=MOST_FIELDS)
    full = (FULL_HEADING, FULL_MESSAGE)
    app.register_error_handler(NoRoom, lambda _error: error_page(503, full))
    app.before_request(_refuse_impossible_address)
    app.before_request(_refuse_what_is_no_form)


def _refuse_impossible_address() -> None:
    """Answer 400 to bytes that are no text, and 404 to a NUL: no name has one."""
    try:
        values = [request.path, *(value for _, value in request.args.items(multi=True))]
    except UnicodeDecodeError:
        abort(400)
    if any("\0" in value for value in values):
        abort(404)


def _refuse_what_is_no_form() -> None:
    """Refuse a body that was too large (413), too slow (408), or of another type (415).

    One that was not taken ("refused") is the affair of whoever guards the page.
    """
    if request.method in SAFE_METHODS:
        return
    state = request.environ.get("postbag.body", "whole")
    if state == "cut":
        abort(413)
    if state == "late":
        abort(408)
    is_form = request.mimetype in FORM_TYPES
    if request.method == "POST" and not is_form and request.content_length:
        abort(415)
