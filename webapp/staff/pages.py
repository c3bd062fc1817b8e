"""Pages of the desk that are about people."""

from typing import Any

from flask import Response, current_app, make_response, render_template

from webapp.staff.guard import current_staff
from webapp.storage.history import Actor
from webapp.web.headers import SECURITY_HEADERS

_POLICY = "Permissions-Policy"
_OFF, _ON = "publickey-credentials-create=()", "publickey-credentials-create=(self)"


def show_page() -> Any:
    """Return the show, for the head of a page."""
    return current_app.extensions["postbag.masthead"]()


def staff_page(template: str, *, status: int = 200, **values: object) -> Response:
    """Return a page for whoever is signed in."""
    page = render_template(
        template, show=show_page(), staff=current_staff(), canonical="", **values
    )
    return make_response(page, status)


def door_page(template: str, *, status: int = 200, **values: object) -> Response:
    """Return a page for somebody who is not signed in yet."""
    page = render_template(template, show=show_page(), staff=None, canonical="", **values)
    return make_response(page, status)


def acting() -> Actor:
    """Return whoever is signed in, as history names them."""
    staff = current_staff()
    return Actor(staff.name, staff.role, staff.id)


def let_make_passkeys(response: Response) -> Response:
    """Return an answer whose page may make passkeys, which all others must not."""
    response.headers[_POLICY] = SECURITY_HEADERS[_POLICY].replace(_OFF, _ON)
    return response
