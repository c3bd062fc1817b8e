"""The way into the desk: Flask-Security's sign-in, and one parent blueprint with the guard."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, Flask, Response, abort, redirect, request, session, url_for
from flask_login import user_logged_out
from flask_security import Security, current_user
from flask_security.datastore import FSQLALiteUserDatastore
from werkzeug.wrappers import Response as AnyResponse

from webapp import storage
from webapp.staff import (
    account_views,
    confirm_views,
    door_views,
    factor_views,
    people_views,
    sessions,
    throttle,
)
from webapp.staff.entering import SecondStep
from webapp.staff.forms import SignInForm, is_address
from webapp.staff.guard import (
    TOKEN,
    carry_on_page,
    empty_session,
    guard,
    load_user,
    read_carried,
    sign_in_page,
)
from webapp.staff.keeping import REFUSALS, keep
from webapp.staff.models import Role, User
from webapp.staff.passkeys import Ceremony, offer_passkeys
from webapp.staff.passwords import LONGEST_PASSWORD
from webapp.storage import db
from webapp.web.surface import is_desk

# Flask-Security's own routes are its sign-in and sign-out, each with a guard of its own.
SECURITY_CONFIG = {
    "SECURITY_URL_PREFIX": "/desk",
    "SECURITY_LOGIN_URL": "/sign-in",
    "SECURITY_LOGOUT_URL": "/sign-out",
    "SECURITY_POST_LOGIN_VIEW": "/desk/",
    "SECURITY_POST_LOGOUT_VIEW": "/desk/sign-in",
    "SECURITY_FRESHNESS": timedelta(days=-1),  # a fresh sign-in is the guard's affair
    "SECURITY_STATIC_FOLDER": None,
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

Hook = Callable[[], Any]

bp = Blueprint("staff", __name__)


def init_app(
    app: Flask, *, masthead: Callable[[], object], masthead_at_hand: Callable[[], object]
) -> None:
    """Set up accounts; their pages get the show like all others, or one without a database."""
    app.config.update(SECURITY_CONFIG)
    app.extensions["postbag.masthead"] = masthead
    app.extensions["postbag.masthead_at_hand"] = masthead_at_hand
    before = len(app.before_request_funcs.get(None, ()))
    datastore = FSQLALiteUserDatastore(db, User, Role)
    security = Security(app, datastore, login_form=SignInForm)
    security.two_factor_plugins = SecondStep()
    # Nobody is who a cookie names without a session that has not ended, nor by a token in an
    # address; and nobody is looked up for a template that does not ask, such as the page that
    # says that the database is away.
    security.login_manager.user_loader(load_user)
    security.login_manager.request_loader(lambda _request: None)
    processors = app.template_context_processors[None]
    processors[:] = [one for one in processors if one.__name__ != "_user_context_processor"]
    app.context_processor(lambda: {"current_user": current_user})

    @security.context_processor
    def _show() -> dict[str, object]:
        return {"show": masthead(), "staff": None, "canonical": "", "waiting": "", "said": ""}

    @security.login_context_processor
    def _passkey() -> dict[str, object]:
        return {"passkey": offer_passkeys(Ceremony.SIGN_IN)}

    app.before_request(_refuse_what_is_no_address)
    app.before_request(_refuse_long_password)
    app.before_request(_slow_down)
    app.before_request(_write_at_once)
    app.before_request(_carry_on_at_once)
    hooks = app.before_request_funcs[None]
    hooks[before:] = [_only_at_the_desk(hooks[before:])]
    user_logged_out.connect(_end_session, app)
    app.register_blueprint(door_views.bp)


def _only_at_the_desk(hooks: Sequence[Hook]) -> Hook:
    """Return what runs some hooks in front of the desk's pages: nobody is signed in to others."""

    def run() -> Any:
        if is_desk(request.path):
            for hook in hooks:
                if (answer := hook()) is not None:
                    return answer
        return None

    return run


def make_desk(*features: Blueprint) -> Blueprint:
    """Return the desk with its features: everything in it is behind the guard."""
    desk = Blueprint("desk", __name__, url_prefix="/desk")
    desk.before_request(guard)
    for refusal in REFUSALS:
        desk.register_error_handler(refusal, keep)
    own = (bp, people_views.bp, account_views.bp, factor_views.bp, confirm_views.bp)
    for feature in (*own, *features):
        desk.register_blueprint(feature)
    return desk


@bp.get("/")
def front() -> AnyResponse:
    """Show what waits."""
    return redirect(url_for("desk.moderation.questions"))


def _refuse_what_is_no_address() -> None:
    """Refuse an address to go on to that Flask-Security could not read."""
    if request.blueprint == "security" and not all(map(is_address, request.values.getlist("next"))):
        abort(400)


def _refuse_long_password() -> None:
    """Refuse what argon2 would not take."""
    if request.blueprint == "security" and len(request.form.get("password", "")) > LONGEST_PASSWORD:
        abort(413)


def _slow_down() -> Response | None:
    """Try no password any more for a while where it was wrong too often."""
    email = request.form.get("email", "")
    if request.endpoint != "security.login" or request.method != "POST" or not email:
        return None
    wait = throttle.wait_at_door(throttle.account_at_door(email))
    if not wait:
        return None
    page = sign_in_page(
        carried=request.form.get("carried", ""),
        email=email,
        said=throttle.in_words(wait),
        status=429,
    )
    return throttle.slowed(page, wait)


def _end_session(_app: Flask, **_told: Any) -> None:
    """End the session of whoever signs out: a copied cookie must not outlive it."""
    if token := session.pop(TOKEN, None):
        storage.write(sessions.end_token, token=token)
    empty_session()


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
