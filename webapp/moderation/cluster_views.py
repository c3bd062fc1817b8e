"""Clusters at the desk: merging, what goes with a lead, taking out, and another lead."""

from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp import storage
from webapp.episodes.masthead import masthead
from webapp.exceptions import Conflict, Refused
from webapp.moderation import cluster_queries, clusters, leads, similar, telling
from webapp.moderation.cluster_forms import MemberForm, MergeForm
from webapp.moderation.question_page import STALE, desk_page
from webapp.questions.queries import get_question
from webapp.staff.guard import current_staff
from webapp.staff.pages import acting
from webapp.storage import current_keyring, read

TAKEN_OUT = "Taken out. It is new again."
LEADS_NOW = "It leads the cluster now. The texts of the one before stay with that one."
CHANGED = "It changed while you had this open, so nothing was done. This is how it stands now."

bp = Blueprint("clusters", __name__)


@bp.get("/questions/<uuid:question_id>/merge")
def merge(question_id: UUID) -> str:
    """Show what a question could be merged with, to choose from."""
    form = MergeForm(formdata=None, data={"q": request.args.get("q", "").strip()})
    return _merge_page(question_id, form)


@bp.post("/questions/<uuid:question_id>/merge")
def merge_chosen(question_id: UUID) -> AnyResponse:
    """Merge what was chosen, unless any of it has changed since it was looked at."""
    form = MergeForm(request.form)
    if form.validate() and (chosen := form.choose(question_id)):
        lead, members = chosen
        try:
            merged = storage.write(
                clusters.merge,
                lead=lead,
                members=members,
                actor=acting(),
                with_theirs=form.with_theirs.data,
            )
        except Conflict:
            return make_response(_merge_page(question_id, form, changed=True), 409)
        except clusters.LeadsOthers as refused:
            form.with_theirs.errors = (str(refused),)
        except Refused as refused:
            form.pick.errors = (str(refused),)
        else:
            _tell(len(merged.ids), merged.batch)
            return redirect(url_for("desk.clusters.cluster", question_id=lead.id))
    if form.is_stale:
        form.csrf_token.errors = (STALE,)
    return make_response(_merge_page(question_id, form), 422)


def _tell(count: int, batch: UUID) -> None:
    words = "1 question merged." if count == 1 else f"{count} questions merged."
    if count:
        telling.tell(words, batch=batch)
    else:
        telling.tell_already(None)


@bp.get("/questions/<uuid:question_id>/cluster")
def cluster(question_id: UUID) -> str | AnyResponse:
    """Show a lead and a page of what goes with it; a question that is in none shows itself."""
    page = _cluster_page(question_id)
    return page or redirect(url_for("desk.moderation.question", question_id=question_id))


@bp.post("/questions/<uuid:question_id>/take-out")
def take_out(question_id: UUID) -> AnyResponse:
    """Take a question out of its cluster."""
    form = MemberForm(request.form)
    if not form.validate():
        return _unfinished(question_id, form)
    try:
        moved = storage.write(
            clusters.take_out,
            question_id=question_id,
            seen_version=form.version.data,
            actor=acting(),
        )
    except Conflict:
        return _changed(question_id)
    except Refused as refused:
        flash(str(refused), "problem")
    else:
        if moved.already:
            telling.tell_already(moved.act_id)
        else:
            telling.tell(TAKEN_OUT, moved.act_id)
    return redirect(form.back.data or url_for("desk.moderation.question", question_id=question_id))


@bp.post("/questions/<uuid:question_id>/lead")
def lead(question_id: UUID) -> AnyResponse:
    """Have a question lead the cluster that it goes with."""
    form = MemberForm(request.form)
    if not form.validate():
        return _unfinished(question_id, form)
    try:
        merged = storage.write(
            leads.make_lead,
            question_id=question_id,
            seen_version=form.version.data,
            actor=acting(),
        )
    except Conflict:
        return _changed(question_id)
    except Refused as refused:
        flash(str(refused), "problem")
    else:
        if merged.ids:
            telling.tell(LEADS_NOW, batch=merged.batch)
        else:
            telling.tell_already_by(question_id, "to new", "to shortlisted")
    return redirect(url_for("desk.clusters.cluster", question_id=question_id))


def _merge_page(question_id: UUID, form: MergeForm, *, changed: bool = False) -> str:
    """Return the page of what to merge; what was chosen stays chosen."""
    session, keyring, staff = read(), current_keyring(), current_staff()
    show, question = masthead(), get_question(session, question_id)
    alike = similar.find_similar(session, keyring, question_id, staff=staff).waiting
    words = (form.q.data or "").strip()
    others = (
        similar.find_by_words(session, keyring, words, language=show.language, besides=question_id)
        if words
        else {}
    )
    others |= dict.fromkeys(form.versions(), 0)
    for known in (question_id, *(each.row.id for each in alike)):
        others.pop(known, None)
    [own] = similar.list_rows(session, keyring, [question_id], staff=staff)
    return desk_page(
        "moderation/merge.html",
        show=show,
        form=form,
        own=own,
        alike=alike,
        others=similar.list_beside(session, keyring, question, others, staff=staff),
        seen=form.versions(),
        changed=changed,
    )


def _cluster_page(question_id: UUID, problem: str = "") -> str | None:
    found = cluster_queries.find_cluster(
        read(),
        current_keyring(),
        question_id,
        staff=current_staff(),
        after=request.args.get("after", ""),
    )
    if found is None:
        return None
    form = MemberForm(formdata=None)
    return desk_page("moderation/cluster.html", cluster=found, form=form, problem=problem)


def _unfinished(question_id: UUID, form: MemberForm) -> Response:
    """Show how a cluster stands, with why nothing was done."""
    words = STALE if form.is_stale else next(iter(form.version.errors), STALE)
    return _shown(question_id, words, 422)


def _changed(question_id: UUID) -> Response:
    return _shown(question_id, CHANGED, 409)


def _shown(question_id: UUID, words: str, status: int) -> Response:
    """Show a cluster, or the question alone where it is in none any more, with a problem told."""
    page = _cluster_page(question_id, words)
    if page is None:
        page = desk_page("moderation/alone.html", question_id=question_id, problem=words)
    return make_response(page, status)
