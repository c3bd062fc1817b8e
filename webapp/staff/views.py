"""The way into the desk: one parent blueprint that carries the guard."""

import secrets
from collections.abc import Callable
from typing import Any

from flask import (
    Blueprint,
    Flask,
    abort,
    after_this_request,
    redirect,
    request,
    url_for,
)
from flask_login import user_logged_out
from flask_security import Security, current_user, user_authenticated
from flask_security.datastore import FSQLALiteUserDatastore
from werkzeug.wrappers import Response

from webapp.staff.forms import SignInForm
from webapp.staff.guard import carry_on_page, read_carried, require_sign_in
from webapp.staff.models import Role, User
from webapp.storage import db

# Flask-Security's own routes: its sign-in and sign-out, each with a guard of its own.
SECURITY_CONFIG = {
    "SECURITY_URL_PREFIX": "/desk",
    "SECURITY_LOGIN_URL": "/sign-in",
    "SECURITY_LOGOUT_URL": "/sign-out",
    "SECURITY_POST_LOGIN_VIEW": "/desk/",
    "SECURITY_POST_LOGOUT_VIEW": "/desk/sign-in",
    "SECURITY_VERIFY_URL": "/verify",
    "SECURITY_PASSWORD_HASH": "argon2",
    # A password needs no second hash under a salt that would have to be kept for ever.
    "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    "SECURITY_MSG_GENERIC_AUTHN_FAILED": (
        "That address and password do not go together.",
        "error",
    ),
    "SECURITY_SEND_REGISTER_EMAIL": False,
    "WTF_CSRF_TIME_LIMIT": None,
}

LONGEST_PASSWORD = 1_000

bp = Blueprint("staff", __name__)


def init_app(
    app: Flask, *, masthead: Callable[[], object], masthead_at_hand: Callable[[], object]
) -> None:
    """Set up accounts; their pages get the show like all others, or one without a database."""
    app.config.update(SECURITY_CONFIG)
    app.extensions["postbag.masthead"] = masthead
    app.extensions["postbag.masthead_at_hand"] = masthead_at_hand
    datastore = FSQLALiteUserDatastore(db, User, Role)
    security = Security(app, datastore, login_form=SignInForm)
    # No sign-in by a token in an address; and nobody is looked up for a template that does not
    # ask, such as the page that says that the database is away.
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]
    processors = app.template_context_processors[None]
    processors[:] = [one for one in processors if one.__name__ != "_user_context_processor"]
    app.context_processor(lambda: {"current_user": current_user})

    @security.context_processor
    def _show() -> dict[str, object]:
        return {"show": masthead(), "staff": None, "canonical": "", "waiting": ""}

    app.before_request(_refuse_long_password)
    app.before_request(_write_at_once)
    app.before_request(_carry_on_at_once)
    user_authenticated.connect(_carry_on, app)
    user_logged_out.connect(_end_everywhere, app)


def make_desk(*features: Blueprint) -> Blueprint:
    """Return the desk with its features: everything in it is behind the guard."""
    desk = Blueprint("desk", __name__, url_prefix="/desk")
    desk.before_request(require_sign_in)
    for feature in (bp, *features):
        desk.register_blueprint(feature)
    return desk


@bp.get("/")
def front() -> Response:
    """Show what waits."""
    return redirect(url_for("desk.moderation.questions"))


def _refuse_long_password() -> None:
    """Refuse what argon2 would not take."""
    if request.blueprint == "security" and len(request.form.get("password", "")) > LONGEST_PASSWORD:
        abort(413)


def _end_everywhere(_app: Flask, user: User, **_told: Any) -> None:
    """End every session of whoever signs out: a copied cookie must not outlive it."""
    user.fs_uniquifier = secrets.token_hex(32)
    db.session.add(user)
    db.session.commit()


def _carry_on_at_once() -> Response | None:
    """Show what was carried to somebody who has signed in elsewhere meanwhile."""
    if request.endpoint != "security.login" or not current_user.is_authenticated:
        return None
    carried = read_carried(request.form.get("carried", ""))
    return None if carried is None else carry_on_page(*carried)


def _write_at_once() -> None:
    """Begin Flask-Security's writes as such: a reader that turns writer is refused by SQLite."""
    if request.blueprint == "security" and request.method == "POST":
        db.session.rollback()  # whoever is signed in has been read by now
        db.session.connection(execution_options={"immediate": True})


def _carry_on(_app: Flask, **_told: Any) -> None:
    """After signing in, show what somebody was sending, ready to go on."""
    carried = read_carried(request.form.get("carried", ""))
    if carried is None:
        return

    @after_this_request
    def _page(_redirect: Response) -> Response:
        return carry_on_page(*carried)
