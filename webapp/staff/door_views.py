"""The pages in front of the desk: the second step of a sign-in, passkeys, and invitations."""

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp import storage
from webapp.exceptions import Conflict, NotFound, Refused
from webapp.staff import second_factors, throttle
from webapp.staff.entering import let_in, pending_user, second_page, show_passkey
from webapp.staff.forms import JoinForm, PasskeyForm, SecondStepForm
from webapp.staff.guard import sign_in_page
from webapp.staff.joining import get_invited, join
from webapp.staff.pages import door_page
from webapp.staff.passkeys import Ceremony
from webapp.staff.passwords import RULES
from webapp.storage import read
from webapp.web.errors import error_page

WRONG_CODE = "That code does not fit. A code works once: wait for the next one."
ASK_OWNER = "Ask an owner of the desk for a new link."
NO_LINK = (
    "There is no such link",
    f"It may have been replaced, or cut short on its way. {ASK_OWNER}",
)

bp = Blueprint("door", __name__, url_prefix="/desk")


@bp.get("/sign-in/second")
def second() -> AnyResponse:
    """Ask for the second factor of somebody whose password was right."""
    user = pending_user()
    if user is None:
        return redirect(url_for("security.login"))
    form = SecondStepForm(formdata=None, next=request.args.get("next", ""))
    return second_page(user, form)


@bp.post("/sign-in/second")
def second_submit() -> AnyResponse:
    """Let somebody in by a code."""
    form, user = SecondStepForm(request.form), pending_user()
    if user is None:
        return _begin_again(form.carried.data)
    who = throttle.at_door(user, "code")
    if wait := throttle.wait_at_door(who):
        return throttle.slowed(
            second_page(user, form, said=throttle.in_words(wait), status=429), wait
        )
    if not form.validate():
        return second_page(user, form, status=422)
    code = form.one_time_code.data
    if not storage.write(second_factors.use_code, staff_id=user.id, code=code):
        throttle.count_failure(who)
        return second_page(user, form, said=WRONG_CODE, status=422)
    return let_in(user.id, carried=form.carried.data or "", then=form.next.data)


@bp.post("/sign-in/second/passkey")
def second_passkey() -> AnyResponse:
    """Let somebody in by holding a passkey, after their password."""
    form, user = PasskeyForm(request.form), pending_user()
    if user is None:
        return _begin_again(form.carried.data)
    try:
        show_passkey(form, Ceremony.SECOND, staff_id=user.id)
    except Refused as refused:
        again = SecondStepForm(formdata=None, carried=form.carried.data, next=form.next.data)
        return second_page(user, again, said=str(refused), status=422)
    return let_in(user.id, carried=form.carried.data or "", then=form.next.data)


@bp.post("/sign-in/passkey")
def passkey() -> AnyResponse:
    """Let somebody in by a passkey that knows its holder, without a password."""
    form = PasskeyForm(request.form)
    try:
        staff_id = show_passkey(form, Ceremony.SIGN_IN)
    except Refused as refused:
        return sign_in_page(carried=form.carried.data or "", said=str(refused), status=422)
    return let_in(staff_id, carried=form.carried.data or "", then=form.next.data)


@bp.get("/invitation/<token>")
def invitation(token: str) -> Response:
    """Ask somebody who was invited for a name and a password."""
    try:
        invited = get_invited(read(), token)
    except NotFound:
        return error_page(404, NO_LINK)
    except Conflict as over:
        return error_page(410, ("This link is over", f"{over} {ASK_OWNER}"))
    form = JoinForm(formdata=None, name=invited.name)
    return door_page("staff/invitation.html", form=form, invited=invited, link=token, rules=RULES)


@bp.post("/invitation/<token>")
def invitation_submit(token: str) -> AnyResponse:
    """Take the invitation, and sign in."""
    form = JoinForm(request.form)
    try:
        invited = get_invited(read(), token)
        if form.validate():
            staff_id = storage.write(
                join, token=token, name=form.name.data, password=form.new_password.data
            )
            return let_in(staff_id)
    except NotFound:
        return error_page(404, NO_LINK)
    except Conflict as over:
        return error_page(410, ("This link is over", f"{over} {ASK_OWNER}"))
    except Refused as refused:
        form.new_password.errors = (str(refused),)
    return door_page(
        "staff/invitation.html", form=form, invited=invited, link=token, rules=RULES, status=422
    )


def _begin_again(carried: str | None) -> Response:
    """Return the sign-in form for somebody whose second step took too long."""
    return sign_in_page(
        carried=carried or "", said="That took more than ten minutes. Begin again.", status=401
    )
