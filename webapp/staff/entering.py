"""From a password to the desk: the second step, and the session that begins after it."""

from flask import Response, current_app, redirect, request, session, url_for
from flask_security import login_user
from flask_security.tf_plugin import TfPlugin
from werkzeug.wrappers import Response as AnyResponse

from webapp import clock, storage
from webapp.exceptions import Refused
from webapp.staff import second_factors, sessions, throttle
from webapp.staff.forms import PasskeyForm, SecondStepForm, desk_address
from webapp.staff.guard import TOKEN, carry_on_page, empty_session, freshen, read_carried
from webapp.staff.models import User
from webapp.staff.pages import door_page
from webapp.staff.passkeys import Ceremony, offer_passkeys, prove
from webapp.staff.queries import find_by_uniquifier, get_user, has_second_factor
from webapp.storage import read

PENDING = "second_step"
PENDING_SECONDS = 10 * 60


class SecondStep(TfPlugin):
    """What Flask-Security's sign-in asks, once the password was right, whether that is enough."""

    def tf_enter(  # type: ignore[override]
        self, user: User, *_told: object, **_more: object
    ) -> AnyResponse:
        """Return the second step for somebody who has one, and let all others in."""
        current_app.extensions["security"].datastore.commit()  # a password hashed anew
        carried = request.form.get("carried", "")
        then = desk_address(request.args.get("next") or request.form.get("next"))
        if not has_second_factor(read(), staff_id=user.id):
            return let_in(user.id, carried=carried, then=then)
        session[PENDING] = {"who": user.fs_uniquifier, "at": clock.now().timestamp()}
        if carried:
            form = SecondStepForm(formdata=None, carried=carried, next=then)
            return second_page(user, form)
        return redirect(url_for("door.second", next=then or None))


def pending_user() -> User | None:
    """Return who has shown their password in this browser just now, and nothing more."""
    pending = session.get(PENDING)
    if not pending or not 0 <= clock.now().timestamp() - pending["at"] < PENDING_SECONDS:
        session.pop(PENDING, None)
        return None
    return find_by_uniquifier(read(), pending["who"])


def second_page(user: User, form: SecondStepForm, *, said: str = "", status: int = 200) -> Response:
    """Return the page of the second step; `said` is what is wrong."""
    return door_page(
        "staff/second.html",
        status=status,
        form=form,
        said=said,
        has_codes=bool(user.tf_totp_secret or user.mf_recovery_codes),
        has_app=bool(user.tf_totp_secret),
        passkey=offer_passkeys(Ceremony.SECOND, staff_id=user.id),
    )


def let_in(staff_id: int, *, carried: str = "", then: str = "") -> AnyResponse:
    """Begin a session, and go on with what was carried, or to where somebody was going."""
    if old := session.pop(TOKEN, None):
        storage.write(sessions.end_token, token=old)
    token = storage.write(sessions.begin, staff_id=staff_id)
    user = get_user(read(), staff_id)
    empty_session()
    login_user(user, remember=False)
    session[TOKEN] = token
    freshen()
    told = read_carried(carried)
    page = carry_on_page(*told) if told else redirect(then or url_for("desk.staff.front"))
    return throttle.know_browser(page, user)


def show_passkey(form: PasskeyForm, ceremony: Ceremony, *, staff_id: int = 0) -> int:
    """Return whose passkey a form brings, and note its use. Raises Refused in words."""
    if not form.validate():
        raise Refused(" ".join(form.csrf_token.errors))
    proven = prove(
        ceremony,
        note=form.ceremony.data or "",
        credential=form.credential.data or "",
        staff_id=staff_id,
    )
    storage.write(
        second_factors.use_passkey,
        credential_id=proven.credential_id,
        sign_count=proven.sign_count,
    )
    return proven.staff_id
