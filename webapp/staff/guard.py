"""Who is signed in, and what happens to a stranger who comes to the desk."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, current_app, make_response, redirect, render_template, request, url_for
from flask_security import current_user
from flask_wtf import FlaskForm
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from webapp.staff.forms import SignInForm
from webapp.staff.roles import ROLES

BACK = "You are back"
Carried = tuple[str, tuple[tuple[str, str], ...]]
WAITING = "You are signed out. Sign in, and what you had typed goes on with you."


@dataclass(frozen=True, slots=True)
class StaffPage:
    """A member of staff as the desk shows them; `role` is the highest that they have."""

    name: str
    role: str


def current_staff() -> StaffPage:
    """Return who is signed in; only for pages behind the guard."""
    held = {role.name for role in current_user.roles}
    return StaffPage(current_user.name, max(held, key=ROLES.index))


def require_sign_in() -> AnyResponse | None:
    """Send a stranger to the sign-in page; a stranger's POST is carried through it."""
    if current_user.is_authenticated:
        return None
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
    return sign_in_page(carried=carry())


def carry() -> str:
    """Return the request's address and fields, as the sign-in form carries them."""
    fields = list(request.form.items(multi=True))
    return json.dumps({"path": request.path, "fields": fields})


def read_carried(carried: str) -> Carried | None:
    """Return a page of the desk and its fields, or None for what `carry` cannot have made."""
    try:
        told = json.loads(carried)
        path, fields = str(told["path"]), told["fields"]
        pairs = tuple((str(name), str(value)) for name, value in fields)
        "".join((path, *(text for pair in pairs for text in pair))).encode()
        endpoint, _ = current_app.url_map.bind("").match(path, method="POST")
    except (ValueError, TypeError, KeyError, RecursionError, HTTPException):
        return None
    return (path, pairs) if str(endpoint).startswith("desk.") else None


def carry_on_page(
    path: str, fields: Sequence[tuple[str, str]], *, status: int = 200, heading: str = BACK
) -> Response:
    """Return what somebody was sending, to look at and to send again with a token that holds."""
    masthead = current_app.extensions["postbag.masthead_at_hand"]
    page = render_template(
        "staff/carry_on.html",
        show=masthead(),
        staff=None,
        canonical="",
        heading=heading,
        action=path,
        fields=[pair for pair in fields if pair[0] != "csrf_token"],
        form=FlaskForm(formdata=None),
    )
    return make_response(page, status)


def sign_in_page(*, carried: str) -> Response:
    """Return the sign-in form at 401, with what somebody had typed inside it."""
    masthead = current_app.extensions["postbag.masthead"]
    page = render_template(
        "security/login_user.html",
        login_user_form=SignInForm(formdata=None, carried=carried),
        show=masthead(),
        staff=None,
        canonical="",
        waiting=WAITING,
    )
    return make_response(page, 401)
