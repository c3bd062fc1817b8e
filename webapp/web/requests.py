"""What no page takes, whatever it is: refused in front of every view, in words."""

from typing import Any

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

MOST_IN_A_FORM = 3 * 1024 * 1024
MOST_FIELDS = 10_000
FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
LARGEST_NUMBER = 2**31 - 1  # that a database keeps as an integer


class Number(IntegerConverter):
    """A number in an address; one that no row can have is no address of ours."""

    def __init__(self, url_map: Map, **bounds: Any) -> None:
        super().__init__(url_map, **({"max": LARGEST_NUMBER} | bounds))


def init_app(app: Flask) -> None:
    """Refuse addresses that cannot be, and bodies that are no whole form."""
    app.url_map.converters["int"] = Number
    # The front has bounded the body already; Werkzeug's own bounds would lose what fits.
    app.config.update(MAX_FORM_MEMORY_SIZE=MOST_IN_A_FORM, MAX_FORM_PARTS=MOST_FIELDS)
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
    """Refuse a body that was too large (413), too slow (408), or of another type (415)."""
    if request.method != "POST":
        return
    state = request.environ.get("postbag.body", "whole")
    if state == "cut":
        abort(413)
    if state == "late":
        abort(408)
    if request.mimetype not in FORM_TYPES and request.content_length:
        abort(415)
