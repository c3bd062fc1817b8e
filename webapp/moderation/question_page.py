"""A question's page on the desk: as it stands, with what is to be mended, and after a conflict."""

from uuid import UUID

from flask import Response, make_response, render_template

from webapp.episodes.pages import ShowPage
from webapp.episodes.views import masthead
from webapp.moderation import queries
from webapp.moderation.forms import AskBackForm, DecideForm, DeskForm, TextsForm
from webapp.questions.reasons import DESK_CHOICES
from webapp.staff.guard import current_staff
from webapp.storage import current_keyring, read

STALE = "This page was open for too long. Do it again: nothing of it is lost."

REASON_CHOICES = [("", "Choose a reason"), *DESK_CHOICES]


def desk_page(template: str, *, show: ShowPage | None = None, **context: object) -> str:
    """Return a page of the desk; a `show` that is given is not read again."""
    return render_template(
        template, show=show or masthead(), staff=current_staff(), canonical="", **context
    )


def find_question(question_id: UUID) -> queries.QuestionPage:
    """Return a question as whoever is signed in sees it. Raises NotFound."""
    role = current_staff().role
    return queries.get_question_page(read(), current_keyring(), question_id, role=role)


def question_page(item: queries.QuestionPage, **came_in: DeskForm) -> str:
    """Return a question's page; a form that came in is shown as it came, the others as they stand.

    The forms are `decide`, `texts` and `asking`.
    """
    version = {"version": item.row.version}
    made = {"reason": item.decline_reason, "kind_word": item.kind_word}
    written = {"air_text": item.air_text, "web_text": item.web_text} | version
    form = came_in.get("decide") or DecideForm(formdata=None, data=made)
    _offer(form, item)
    return desk_page(
        "moderation/question.html",
        item=item,
        form=form,
        texts=came_in.get("texts") or TextsForm(formdata=None, data=written),
        asking=came_in.get("asking") or AskBackForm(formdata=None, data=version),
    )


def unfinished(question_id: UUID, **came_in: DeskForm) -> Response:
    """Show a question's page with what is to be mended in the form that came in."""
    for form in came_in.values():
        if form.is_stale:
            form.csrf_token.errors = (STALE,)
    return make_response(question_page(find_question(question_id), **came_in), 422)


def conflict(question_id: UUID, **came_in: DeskForm) -> Response:
    """Show what changed since a form was looked at, with what was typed and both ways open."""
    item = find_question(question_id)
    (submitted,) = came_in.values()
    seen = submitted.version.data
    if "decide" in came_in:
        _offer(submitted, item)
    page = desk_page(
        "moderation/conflict.html",
        item=item,
        form=came_in.get("decide"),
        texts=came_in.get("texts"),
        asking=came_in.get("asking"),
        changes=tuple(line for line in item.history if line.to_version > seen),
    )
    return make_response(page, 409)


def _offer(form: DeskForm, item: queries.QuestionPage) -> None:
    form.reason.choices = REASON_CHOICES
    episodes = ((episode.slug, episode.title) for episode in item.episodes)
    form.episode.choices = [("", "Choose an episode"), *episodes]
