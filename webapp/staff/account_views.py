"""One's own account: name, password, where one is signed in, and how the desk is to be."""

from collections.abc import Callable, Sequence
from uuid import UUID

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    flash,
    redirect,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from webapp import storage
from webapp.exceptions import Conflict, Refused
from webapp.staff import joining, sessions, throttle
from webapp.staff.forms import STALE, NameForm, PasswordForm, PreferencesForm, StaffForm
from webapp.staff.guard import current_signed_in, current_staff
from webapp.staff.pages import acting, staff_page
from webapp.staff.passwords import RULES
from webapp.staff.queries import get_user, list_sessions
from webapp.storage import read

Choice = tuple[str, str]
OPT_OUTS = "postbag.opt_outs"

bp = Blueprint("account", __name__, url_prefix="/account")


def offer_opt_outs(app: Flask, choices: Callable[[], Sequence[Choice]]) -> None:
    """Say which topics and care groups somebody may opt out of: pairs of key and words."""
    app.extensions[OPT_OUTS] = choices


@bp.get("")
def account() -> Response:
    """Show one's account."""
    return _page()


@bp.post("/name")
def name() -> AnyResponse:
    """Change the name that colleagues see."""
    form = NameForm(request.form)
    if not form.validate():
        return _page(name=form, status=422)
    staff_id = current_staff().id
    storage.write(joining.change_name, actor=acting(), staff_id=staff_id, name=form.name.data)
    return _say(f"Colleagues see you as {form.name.data} from now on.")


@bp.post("/password")
def password() -> AnyResponse:
    """Change the password; every other session ends."""
    form, signed_in = PasswordForm(request.form), current_signed_in()
    who = throttle.at_door(signed_in.user)
    if wait := throttle.wait_at_door(who):
        form.password.errors = (throttle.in_words(wait),)
        return throttle.slowed(_page(password=form, status=429), wait)
    if not form.validate():
        return _page(password=form, status=422)
    staff_id = signed_in.staff.id
    try:
        uniquifier = storage.write(
            joining.change_password,
            actor=acting(),
            staff_id=staff_id,
            current=form.password.data,
            new=form.new_password.data,
            keep=signed_in.session_id,
        )
    except Conflict as wrong:
        throttle.count_failure(who)
        form.password.errors = (str(wrong),)
        return _page(password=form, status=422)
    except Refused as refused:
        form.new_password.errors = (str(refused),)
        return _page(password=form, status=422)
    session["_user_id"] = uniquifier  # what Flask-Login knows this session by
    answer = _say("Your password is changed. Everywhere else you are signed out.")
    return throttle.know_browser(answer, get_user(read(), staff_id))


@bp.post("/preferences")
def preferences() -> AnyResponse:
    """Change how the desk is for oneself."""
    form = PreferencesForm(request.form)
    if not form.validate():
        return _page(preferences=form, status=422)
    offered = {key for key, _ in _offered()}
    staff = current_staff()
    kept = staff.opt_outs - offered  # a topic that has gone for a while may come back
    storage.write(
        joining.set_preferences,
        staff_id=staff.id,
        keys_on=form.keys_on.data,
        pace=form.pace.data,
        opt_outs=[*kept, *offered.intersection(form.opt_outs.data or ())],
    )
    return _say("Saved. The desk is as you want it.")


@bp.post("/sessions/<uuid:session_id>/end")
def end_session(session_id: UUID) -> AnyResponse:
    """End one session of one's own."""
    form = StaffForm(request.form)
    if not form.validate():
        return _say(STALE, "problem")
    storage.write(sessions.end, staff_id=current_staff().id, session_id=session_id)
    return _say("That session has ended.")


@bp.post("/sessions/end-others")
def end_other_sessions() -> AnyResponse:
    """End every session of one's own but this."""
    form, signed_in = StaffForm(request.form), current_signed_in()
    if not form.validate():
        return _say(STALE, "problem")
    storage.write(sessions.end_all, staff_id=signed_in.staff.id, but=signed_in.session_id)
    return _say("You are signed out everywhere but here.")


def _page(
    *,
    name: NameForm | None = None,
    password: PasswordForm | None = None,
    preferences: PreferencesForm | None = None,
    status: int = 200,
) -> Response:
    signed_in = current_signed_in()
    staff = signed_in.staff
    user = get_user(read(), staff.id)
    chosen = {"keys_on": staff.keys_on, "pace": staff.pace, "opt_outs": sorted(staff.opt_outs)}
    return staff_page(
        "staff/account.html",
        status=status,
        form=StaffForm(formdata=None),
        email=user.email,
        name_form=name or NameForm(formdata=None, name=staff.name),
        password_form=password or PasswordForm(formdata=None),
        preferences_form=preferences or PreferencesForm(formdata=None, data=chosen),
        opt_outs=_offered(),
        rules=RULES,
        has_second=signed_in.has_second,
        sessions=list_sessions(read(), staff_id=staff.id),
        this_session=signed_in.session_id,
    )


def _offered() -> Sequence[Choice]:
    choices = current_app.extensions.get(OPT_OUTS)
    return choices() if choices else ()


def _say(words: str, kind: str = "done") -> Response:
    flash(words, kind)
    return redirect(url_for("desk.account.account"))  # type: ignore[return-value]
