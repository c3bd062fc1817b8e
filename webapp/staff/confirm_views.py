"""Showing once more that it is still the same person, before people and factors are changed."""

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp.exceptions import Refused
from webapp.staff import throttle
from webapp.staff.entering import show_passkey
from webapp.staff.forms import ConfirmForm, PasskeyForm, StaffForm
from webapp.staff.guard import (
    carry_on_page,
    confirm_page,
    current_signed_in,
    freshen,
    read_carried,
)
from webapp.staff.passkeys import Ceremony
from webapp.staff.passwords import is_right

WRONG = "That is not your password."

bp = Blueprint("confirm", __name__, url_prefix="/confirm")


@bp.get("")
def confirm() -> Response:
    """Ask for the password, or a passkey."""
    return confirm_page(ConfirmForm(formdata=None, next=request.args.get("next", "")))


@bp.post("")
def confirm_submit() -> AnyResponse:
    """Go on, once the password was right."""
    form, user = ConfirmForm(request.form), current_signed_in().user
    who = throttle.at_door(user)
    if wait := throttle.wait_at_door(who):
        form.password.errors = (throttle.in_words(wait),)
        return throttle.slowed(confirm_page(form, status=429), wait)
    if not form.validate():
        return confirm_page(form, status=422)
    if not is_right(form.password.data, user.password):
        throttle.count_failure(who)
        form.password.errors = (WRONG,)
        return confirm_page(form, status=422)
    return _go_on(form)


@bp.post("/passkey")
def confirm_passkey() -> AnyResponse:
    """Go on, once a passkey has shown who holds it."""
    form, user = PasskeyForm(request.form), current_signed_in().user
    try:
        show_passkey(form, Ceremony.CONFIRM, staff_id=user.id)
    except Refused as refused:
        again = ConfirmForm(formdata=None, carried=form.carried.data, next=form.next.data)
        again.password.errors = (str(refused),)
        return confirm_page(again, status=422)
    return _go_on(form)


def _go_on(form: StaffForm) -> AnyResponse:
    freshen()
    told = read_carried(form.carried.data or "")
    if told:
        return carry_on_page(*told)
    return redirect(form.next.data or url_for("desk.account.account"))
