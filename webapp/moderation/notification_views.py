"""What staff are told: on each page until it is put away, and outside of the desk."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp import storage
from webapp.episodes.masthead import masthead
from webapp.exceptions import Refused
from webapp.moderation import choices, digests, notices
from webapp.moderation.forms import DeskForm
from webapp.moderation.notification_forms import MailForm
from webapp.moderation.question_page import STALE, desk_page
from webapp.staff.guard import current_signed_in, current_staff
from webapp.storage import current_settings, read

SHOWN = 5
SAVED = "Saved."
ENDED = "The feed is closed. Its password opens nothing any more."
LEFT = "They are put away, undelivered."
AGAIN = "They are tried again within a minute."

bp = Blueprint("notifications", __name__)


@bp.app_template_global("desk_notices")
def _desk_notices() -> notices.Notices:
    """Return what the page's reader is told on each page."""
    staff = current_staff()
    return notices.list_notices(read(), staff_id=staff.id, role=staff.role)


@bp.post("/notices/<uuid:notice_id>/put-away")
def put_away(notice_id: UUID) -> AnyResponse:
    """Tell somebody one thing no longer."""
    form = DeskForm(request.form)
    if form.validate():
        storage.write(notices.put_away, staff_id=current_staff().id, notice_id=notice_id)
    else:
        flash(STALE, "problem")
    return redirect(form.back.data or url_for("desk.moderation.questions"))


@bp.get("/notifications")
def notifications() -> str:
    """Show how somebody is told what waits."""
    return _page()


@bp.post("/notifications/mail")
def mail() -> AnyResponse:
    """Send somebody mails from now on, or none."""
    form = MailForm(request.form)
    if not form.validate():
        return make_response(_page(form=_said_if_stale(form)), 422)
    wanted = form.mail.data == "yes"
    storage.write(choices.choose_mail, staff_id=current_staff().id, wanted=wanted)
    return _back(SAVED)


@bp.post("/notifications/feed")
def feed() -> Response:
    """Give somebody a feed, and show its password this once: no redirect could carry it."""
    form = DeskForm(request.form)
    if not form.validate():
        return make_response(_page(stale=STALE), 422)
    password = storage.write(choices.make_feed, staff_id=current_staff().id)
    return make_response(_page(password=password))


@bp.post("/notifications/feed/close")
def close_feed() -> AnyResponse:
    """End somebody's feed."""
    if not DeskForm(request.form).validate():
        return make_response(_page(stale=STALE), 422)
    storage.write(choices.withdraw_feed, staff_id=current_staff().id)
    return _back(ENDED)


@bp.post("/notifications/again")
def again() -> AnyResponse:
    """Have messages tried again that were given up."""
    return _about_undelivered(notices.try_again, AGAIN)


@bp.post("/notifications/put-away")
def leave_undelivered() -> AnyResponse:
    """Forget messages that were given up."""
    return _about_undelivered(notices.leave_undelivered, LEFT)


def _about_undelivered(service: Callable[..., None], done: str) -> AnyResponse:
    if not DeskForm(request.form).validate():
        return make_response(_page(stale=STALE), 422)
    try:
        storage.write(service, role=current_staff().role)
    except Refused as refused:
        flash(str(refused), "problem")
        return redirect(url_for("desk.notifications.notifications"))
    return _back(done)


def _page(*, form: MailForm | None = None, password: str = "", stale: str = "") -> str:
    settings, show, session = current_settings(), masthead(), read()
    signed_in = current_signed_in()
    chosen = choices.find_choices(session, signed_in.staff.id)
    data = {"mail": "yes" if chosen.mail else "no"}
    return desk_page(
        "moderation/notifications.html",
        show=show,
        form=form or MailForm(formdata=None, data=data),
        stale=stale,
        chosen=chosen,
        password=password,
        email=signed_in.user.email,
        address=f"{settings.desk_address}{url_for('private_feed.notifications')}",
        hours=settings.notify_hours,
        sends_mail=settings.smtp_url is not None,
        posts=settings.webhook_url is not None,
        undelivered=notices.list_undelivered(session),
        told=[_line(digest) for digest in digests.list_digests(session)[:SHOWN]],
    )


def _line(digest: digests.Digest) -> tuple[Any, str]:
    return digest.at, digests.in_words(digest.waiting)


def _said_if_stale(form: MailForm) -> MailForm:
    if form.is_stale:
        form.csrf_token.errors = (STALE,)
    return form


def _back(words: str) -> AnyResponse:
    flash(words, "done")
    return redirect(url_for("desk.notifications.notifications"))
