"""A question's page on the desk: as it stands, with what is to be mended, and after a conflict."""

from typing import Any
from uuid import UUID

from flask import Response, make_response, render_template

from webapp.episodes.masthead import masthead
from webapp.episodes.pages import ShowPage
from webapp.episodes.queries import find_named
from webapp.moderation import question_queries
from webapp.moderation.checklist import CHECKS
from webapp.moderation.cluster_queries import find_cluster
from webapp.moderation.forms import (
    AskBackForm,
    DecideForm,
    DeskForm,
    LaneForm,
    NoteForm,
    ReadyForm,
    SnoozeForm,
    TagsForm,
    TextsForm,
)
from webapp.moderation.names import LANE_NAMES
from webapp.moderation.question_queries import QuestionPage
from webapp.moderation.similar import find_similar
from webapp.questions.reasons import list_reasons
from webapp.staff.guard import current_staff
from webapp.storage import current_keyring, current_settings, read

STALE = "This page was open for too long. Do it again: nothing of it is lost."


def decide_form(formdata: Any = None, **values: Any) -> DecideForm:
    """Return the form of a decision, with the reasons that owners offer."""
    form = DecideForm(formdata, **values)
    offered = [(one.code, one.name) for one in list_reasons(read()) if one.is_offered]
    form.reason.choices = [("", "Choose a reason"), *offered]
    return form


def desk_page(template: str, *, show: ShowPage | None = None, **context: object) -> str:
    """Return a page of the desk; a `show` that is given is not read again."""
    return render_template(
        template, show=show or masthead(), staff=current_staff(), canonical="", **context
    )


def find_question(question_id: UUID) -> QuestionPage:
    """Return a question as whoever is signed in sees it. Raises NotFound."""
    return question_queries.get_question_page(
        read(),
        current_keyring(),
        question_id,
        staff=current_staff(),
        settings=current_settings(),
    )


def question_page(item: QuestionPage, **came_in: DeskForm) -> str:
    """Return a question's page; a form that came in is shown as it came, the others as they stand.

    The forms are `decide`, `texts`, `asking`, `ready`, `lane`, `snooze`, `tags` and `note`.
    """
    staff = current_staff()
    beside = (read(), current_keyring(), item.row.id)
    return desk_page(
        "moderation/question.html",
        item=item,
        checks=CHECKS,
        similar=find_similar(*beside, staff=staff),
        cluster=find_cluster(*beside, staff=staff, limit=1),
        **_forms(item, came_in),
    )


def unfinished(question_id: UUID, *, status: int = 422, **came_in: DeskForm) -> Response:
    """Show a question's page with what is to be mended in the form that came in."""
    for form in came_in.values():
        if form.is_stale:
            form.csrf_token.errors = (STALE,)
    return make_response(question_page(find_question(question_id), **came_in), status)


def conflict(question_id: UUID, **came_in: DeskForm) -> Response:
    """Show what changed since a form was looked at, with what was typed and both ways open."""
    item = find_question(question_id)
    ((name, submitted),) = came_in.items()
    seen = submitted.version.data if "version" in submitted else item.row.version
    holder = item.row.beside.holder
    held = holder is not None and holder.staff_id != current_staff().id and name == "texts"
    page = desk_page(
        "moderation/conflict.html",
        item=item,
        came_in=name,
        checks=CHECKS,
        holder=holder if held else None,
        named=find_named(read(), submitted.episode.data) if name == "decide" else None,
        changes=tuple(line for line in item.history.lines if line.to_version > seen),
        **_forms(item, came_in),
    )
    return make_response(page, 409)


def _forms(item: QuestionPage, came_in: dict[str, DeskForm]) -> dict[str, DeskForm]:
    """Return all forms of the page, those that did not come in with what stands."""
    row, tags = item.row, item.row.beside.tags
    version = {"version": row.version}
    is_declined = row.state == "declined"
    made = {"reason": item.decline_reason, "kind_word": item.kind_word} if is_declined else {}
    written = {
        "air_text": item.air.text,
        "web_text": item.web.text,
        "pronunciation": item.pronunciation,
    }
    hung = {
        "topics": [tag.key for tag in tags.topics],
        "labels": ", ".join(tag.name for tag in tags.labels),
    }
    until = {"until": row.snoozed_until.isoformat() if row.snoozed_until else ""}
    form = came_in.get("decide") or decide_form(data=made)
    lane: Any = came_in.get("lane") or LaneForm(formdata=None, data=version)
    lane.lane.choices = [(key, LANE_NAMES[key]) for key in item.may.lanes]
    return {
        "form": form,
        "lane": lane,
        "texts": came_in.get("texts") or TextsForm(formdata=None, data=written | version),
        "asking": came_in.get("asking") or AskBackForm(formdata=None, data=version),
        "ready": came_in.get("ready") or ReadyForm(formdata=None, data=version),
        "snooze": came_in.get("snooze") or SnoozeForm(formdata=None, data=until | version),
        "tags": came_in.get("tags") or TagsForm(formdata=None, data=hung | version),
        "note": came_in.get("note") or NoteForm(formdata=None),
    }
