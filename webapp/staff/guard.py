"""Who is signed in, and what happens to a stranger who comes to the desk."""

import json
from dataclasses import dataclass

from flask import Response, current_app, make_response, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from webapp.staff.forms import SignInForm
from webapp.staff.roles import ROLES

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
    fields = [
        [name, value] for name, value in request.form.items(multi=True) if name != "csrf_token"
    ]
    return json.dumps({"path": request.path, "fields": fields})


def read_carried(carried: str) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """Return an address on the desk and its fields, or None for what was not made by `carry`."""
    try:
        told = json.loads(carried)
        path, fields = str(told["path"]), told["fields"]
        pairs = tuple((str(name), str(value)) for name, value in fields)
    except (ValueError, TypeError, KeyError):
        return None
    return (path, pairs) if path.startswith("/desk/") else None


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
