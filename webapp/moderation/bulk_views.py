"""Deciding on many questions at once, and what could not be done with some of them."""

from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp.moderation import bulk, labels
from webapp.moderation.bulk_forms import KINDS, ManyForm, many_form
from webapp.moderation.many_at_once import change_many
from webapp.moderation.question_page import STALE, desk_page
from webapp.questions.reasons import list_reasons
from webapp.staff.pages import acting
from webapp.storage import read

bp = Blueprint("bulk", __name__)


@bp.post("/questions/decide")
def decide_many() -> AnyResponse:
    """Do one thing with many questions, and tell of those that were left as they are."""
    reasons = [(one.code, one.name) for one in list_reasons(read()) if one.is_offered]
    form = many_form(request.form, reasons=reasons, topics=labels.list_topics(read()))
    if not form.validate():
        if form.is_stale:
            form.csrf_token.errors = (STALE,)
        return _page(form, status=422)
    outcome = change_many(form.picks, form.change, acting())
    if outcome.left:
        return _page(form, outcome, status=409)
    told: Any = {"text": told_of(outcome)}
    if outcome.done:
        told["batch"] = str(outcome.batch)
    flash(told, "done")
    return redirect(form.back.data or url_for("desk.moderation.questions"))


def told_of(outcome: bulk.Outcome, *, done: str = "done") -> str:
    """Return in words what became of many: "47 done, 3 left as they are."."""
    parts = [f"{len(outcome.done):,} {done}"] if outcome.done or not outcome.already else []
    if outcome.already:
        parts.append(f"{len(outcome.already):,} so already")
    if outcome.left:
        one = len(outcome.left) == 1
        parts.append(f"{len(outcome.left):,} left as {'it is' if one else 'they are'}")
    return f"{', '.join(parts)}."


def _page(form: ManyForm, outcome: bulk.Outcome | None = None, *, status: int) -> Response:
    """Return what is to be mended, or what was left, with all that was typed and chosen."""
    page = desk_page(
        "moderation/decide_many.html",
        form=form,
        outcome=outcome,
        told=told_of(outcome) if outcome else "",
        kinds=KINDS,
        back=form.back.data or url_for("desk.moderation.questions"),
    )
    return make_response(page, status)
