"""What is asked in front of every page of the desk: who it is, and what they may.

In this order: a sign-in, the least role of the page, a second factor where the owners want one
of everybody, and a sign-in of the last half hour where it is about who may come in.
"""

import json
from collections.abc import Sequence

from flask import (
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_security import current_user
from flask_wtf import FlaskForm
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from webapp import clock, storage
from webapp.staff import access, sessions
from webapp.staff.forms import ConfirmForm, SignInForm
from webapp.staff.passkeys import Ceremony, offer_passkeys
from webapp.staff.queries import SignedIn, StaffPage, find_signed_in
from webapp.staff.roles import allows
from webapp.storage import read
from webapp.web.errors import error_page

__all__ = ["StaffPage", "current_staff"]

BACK = "You are back"
Carried = tuple[str, tuple[tuple[str, str], ...]]
WAITING = "You are signed out. Sign in, and what you had typed goes on with you."
SECRET = ("csrf_token", "password", "new_password", "one_time_code", "credential")  # not carried
TOKEN = "desk"  # the session's token in the cookie  # noqa: S105
FRESH_AT = "fresh_at"
FRESH_SECONDS = 30 * 60
SECOND_FIRST = "Set up a second factor first"
CLOSED = "That is not open to you"


def current_signed_in() -> SignedIn:
    """Return who is signed in, and how; only for pages behind the guard."""
    if "signed_in" not in g:
        current_user.is_authenticated  # noqa: B018 - loads whoever it is
    found: SignedIn = g.signed_in
    return found


def current_staff() -> StaffPage:
    """Return who is signed in; only for pages behind the guard."""
    return current_signed_in().staff


def load_user(uniquifier: str) -> object | None:
    """Return the user of the request's session, for Flask-Login; None where it has ended."""
    token = session.get(TOKEN)
    if not token:
        return None
    found = find_signed_in(
        read(),
        uniquifier=uniquifier,
        token_hash=sessions.hash_of(token),
        since=sessions.idle_since(),
    )
    if found is None:
        return None
    g.signed_in = found
    return found.user


def guard() -> AnyResponse | None:
    """Let pass who may come here, and send everybody else to where they can mend that."""
    if not current_user.is_authenticated:
        return _ask_to_sign_in()
    signed_in, endpoint = current_signed_in(), request.endpoint or ""
    _note_day(signed_in)
    least = access.least_role(endpoint)
    if not allows(signed_in.staff.role, least):
        return error_page(403, (CLOSED, _what_it_takes(least, signed_in.staff.role)))
    if _lacks_second(signed_in) and not access.is_setting_up(endpoint):
        return _ask_for_second()
    if access.asks_again(endpoint) and not is_fresh():
        return _ask_again()
    return None


def is_fresh() -> bool:
    """Return whether whoever is signed in has shown it in the last half hour."""
    age = clock.now().timestamp() - float(session.get(FRESH_AT, 0))
    return 0 <= age < FRESH_SECONDS


def freshen() -> None:
    """Note that whoever is signed in has just shown it."""
    session[FRESH_AT] = clock.now().timestamp()


def empty_session() -> None:
    """Leave nothing of whoever used this browser before: no message of theirs, and no token.

    A token that was planted before somebody signs in would else hold for them.
    """
    session.clear()
    g.pop("csrf_token", None)  # made of the secret that has just gone


def carry() -> str:
    """Return the request's address and fields, as the sign-in form carries them: no secrets."""
    fields = [pair for pair in request.form.items(multi=True) if pair[0] not in SECRET]
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
        fields=[pair for pair in fields if pair[0] not in SECRET],
        form=FlaskForm(formdata=None),
    )
    return make_response(page, status)


def sign_in_page(
    *, carried: str = "", email: str = "", said: str = "", waiting: str = "", status: int = 401
) -> Response:
    """Return the sign-in form with what somebody had typed inside it; `said` is what is wrong."""
    page = render_template(
        "security/login_user.html",
        login_user_form=SignInForm(formdata=None, carried=carried, email=email),
        show=_show(),
        staff=None,
        canonical="",
        waiting=waiting,
        said=said,
        passkey=offer_passkeys(Ceremony.SIGN_IN),
    )
    return make_response(page, status)


def confirm_page(form: ConfirmForm, *, status: int = 200) -> Response:
    """Return the page on which somebody shows again that it is them."""
    signed_in = current_signed_in()
    staff = signed_in.staff
    page = render_template(
        "staff/confirm.html",
        show=_show(),
        staff=staff,
        canonical="",
        form=form,
        email=signed_in.user.email,
        passkey=offer_passkeys(Ceremony.CONFIRM, staff_id=staff.id),
    )
    return make_response(page, status)


def _ask_to_sign_in() -> AnyResponse:
    """Send a stranger to the sign-in page; a stranger's POST is carried through it."""
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
    return sign_in_page(carried=carry(), waiting=WAITING)


def _ask_for_second() -> AnyResponse:
    """Send whoever lacks a second factor to where it is set up; a POST waits on the page."""
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("desk.factors.factors"))
    fields = tuple(request.form.items(multi=True))
    return carry_on_page(request.path, fields, status=403, heading=SECOND_FIRST)


def _ask_again() -> AnyResponse:
    """Send whoever signed in a while ago to show that it is still them; a POST is carried."""
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("desk.confirm.confirm", next=request.full_path.rstrip("?")))
    return confirm_page(ConfirmForm(formdata=None, carried=carry()), status=401)


def _lacks_second(signed_in: SignedIn) -> bool:
    return signed_in.needs_second and not signed_in.has_second


def _note_day(signed_in: SignedIn) -> None:
    """Note on the first request of a day that a session is in use."""
    if signed_in.seen_on != clock.today():
        storage.write(sessions.touch, session_id=signed_in.session_id, staff_id=signed_in.staff.id)


def _what_it_takes(least: str, role: str) -> str:
    return (
        f"This page takes the role of {least}, and yours is {role}. "
        "An owner can change that under People."
    )


def _show() -> object:
    return current_app.extensions["postbag.masthead"]()
