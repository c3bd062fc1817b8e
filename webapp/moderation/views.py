"""One question at the desk: its page, what is decided on it, its texts, and the way back."""

from uuid import UUID

from flask import (
    flash,
    make_response,
    redirect,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from webapp import storage
from webapp.exceptions import Conflict, Refused
from webapp.moderation import claims, erase_views, services, tending_views, undoing
from webapp.moderation.blueprint import bp
from webapp.moderation.bulk_views import told_of
from webapp.moderation.comparing import compare
from webapp.moderation.forms import AskBackForm, DeskForm, TextsForm, UndoForm
from webapp.moderation.history import get_act
from webapp.moderation.many_at_once import undo_many
from webapp.moderation.question_page import (
    STALE,
    conflict,
    decide_form,
    desk_page,
    find_question,
    question_page,
    unfinished,
)
from webapp.moderation.telling import tell, tell_already, tell_already_by
from webapp.moderation.texts import Texts, get_version, write_texts
from webapp.moderation.undo_rules import lost_ready
from webapp.questions import thread
from webapp.questions.queries import get_question
from webapp.questions.workflow import URGENT_NOTE
from webapp.staff.guard import current_staff
from webapp.staff.pages import acting
from webapp.storage import current_keyring, read

__all__ = ["bp", "erase_views", "tending_views"]  # all of which are on the same blueprint

DONE = {
    "shortlist": "Shortlisted.",
    "decline": "Declined. The asker will read the reason.",
    "spam": "Marked as spam.",
    "new": "Back to new.",
    "answer": "Answered. The asker can now see where.",
}
ASKED = "Asked. The asker reads it when they look their question up."
TEXTS_SAVED = "The texts are saved."
TAKEN_BACK = "Taken back."
NO_LONGER_READY = "Taken back. It is on the shortlist now: make it ready again."
NOTHING_TO_UNDO = "There was nothing to undo."
CHANGED_SINCE = "That has changed since, so it was left as it is. Here is how it stands."


@bp.get("/questions/<uuid:question_id>")
def question(question_id: UUID) -> str:
    """Show one question with all that is known of it; one's own claim on it lasts on."""
    staff = current_staff()
    if claims.is_due(claims.find_holder(read(), question_id), staff.id):
        storage.write(claims.renew, question_id=question_id, actor=acting())
    return question_page(find_question(question_id))


@bp.get("/questions/<uuid:question_id>/texts/<int:number>")
def version(question_id: UUID, number: int) -> str:
    """Show the texts as they once were, and what had changed in them."""
    item = find_question(question_id)
    found = get_version(read(), current_keyring(), question_id, number)
    pace = current_staff().pace
    air, web = (
        compare(before, after, country="", pace=pace)
        for before, after in (
            (found.before.air_text, found.texts.air_text),
            (found.before.web_text, found.texts.web_text),
        )
    )
    form = TextsForm(formdata=None)
    return desk_page(
        "moderation/version.html", item=item, version=found, air=air, web=web, form=form
    )


@bp.post("/questions/<uuid:question_id>/decide")
def decide(question_id: UUID) -> AnyResponse:
    """Make one decision, unless the question has changed since it was looked at."""
    form = decide_form(request.form)
    if not form.validate():
        return unfinished(question_id, decide=form)
    try:
        moved = storage.write(
            services.decide,
            keyring=current_keyring(),
            question_id=question_id,
            version=form.version.data,
            decision=form.decision.data,
            actor=acting(),
            reason=form.reason.data or "",
            kind_word=form.kind_word.data or "",
            episode=form.episode.data or "",
            note=(form.note.data or "").strip(),
        )
    except Conflict:
        return conflict(question_id, decide=form)
    except Refused as refused:
        to_mend = {URGENT_NOTE: form.note, services.NOT_PUBLISHED: form.episode}
        field = to_mend.get(str(refused), form.decision)
        field.errors = (str(refused),)
        return unfinished(question_id, status=403 if field is form.decision else 422, decide=form)
    if moved.already:
        tell_already(moved.act_id)
    else:
        tell(DONE[form.decision.data], moved.act_id)
    return redirect(form.back.data or url_for("desk.moderation.question", question_id=question_id))


@bp.post("/questions/<uuid:question_id>/texts")
def texts(question_id: UUID) -> AnyResponse:
    """Write the texts, unless somebody else has written since or holds the question."""
    form = TextsForm(request.form)
    if not form.validate():
        return unfinished(question_id, texts=form)
    try:
        written = storage.write(
            write_texts,
            keyring=current_keyring(),
            question_id=question_id,
            seen_version=form.version.data,
            actor=acting(),
            texts=Texts(form.air_text.data, form.web_text.data),
            pronunciation=form.pronunciation.data,
            ticked=form.checks.data or (),
            take_over=form.take_over.data,
        )
    except Conflict:
        return conflict(question_id, texts=form)
    except Refused as refused:
        form.air_text.errors = (str(refused),)
        return unfinished(question_id, texts=form)
    if written.texts or written.pronunciation:
        tell(TEXTS_SAVED, written.texts)
    else:
        tell_already_by(question_id, "wrote texts", "wrote how to say")
    return redirect(url_for("desk.moderation.question", question_id=question_id))


@bp.post("/questions/<uuid:question_id>/ask-back")
def ask_back(question_id: UUID) -> AnyResponse:
    """Ask the asker one thing, unless somebody has before."""
    form = AskBackForm(request.form)
    if not form.validate():
        return unfinished(question_id, asking=form)
    try:
        act_id = storage.write(
            thread.ask_back,
            keyring=current_keyring(),
            question_id=question_id,
            seen_version=form.version.data,
            actor=acting(),
            words=form.words.data.strip(),
        )
    except Conflict:
        return conflict(question_id, asking=form)
    except Refused as refused:
        form.words.errors = (str(refused),)
        return unfinished(question_id, asking=form)
    if act_id:
        tell(ASKED, act_id)
    else:
        tell_already_by(question_id, "asked back")
    return redirect(url_for("desk.moderation.question", question_id=question_id))


@bp.post("/undo")
def undo() -> AnyResponse:
    """Take one act back, or all that was done in one go."""
    form = UndoForm(request.form)
    back = form.back.data or url_for("desk.moderation.questions")
    if not form.validate() or not (form.act_id or form.batch_id):
        flash(STALE if form.is_stale else NOTHING_TO_UNDO, "problem")
        return redirect(back)
    if form.batch_id:
        return _undo_batch(form.batch_id, back)
    act_id = form.act_id or UUID(int=0)
    try:
        question_id, moved = storage.write(undoing.undo, act_id=act_id, actor=acting())
    except Conflict:
        question_id = get_act(read(), act_id).question_id
        flash(CHANGED_SINCE, "problem")
        return redirect(url_for("desk.moderation.question", question_id=question_id))
    except Refused as refused:
        flash(str(refused), "problem")
        return redirect(back)
    if moved.already:
        tell_already(moved.act_id)
    else:
        tell(_taken_back(act_id, question_id), moved.act_id)
    return redirect(back)


def _undo_batch(batch: UUID, back: str) -> AnyResponse:
    """Take back what still can be of a batch, and tell of what was left as it is."""
    outcome = undo_many(batch, acting())
    told = told_of(outcome, done="taken back")
    if outcome.left:
        form = DeskForm(formdata=None)
        page = desk_page(
            "moderation/undone_many.html", outcome=outcome, told=told, form=form, back=back
        )
        return make_response(page, 409)
    tell(told, batch=outcome.batch if outcome.done else None)
    return redirect(back)


def _taken_back(act_id: UUID, question_id: UUID) -> str:
    """Return what to say of an act that was taken back, where not all came back with it."""
    state = get_question(read(), question_id).state
    return NO_LONGER_READY if lost_ready(get_act(read(), act_id), state) else TAKEN_BACK
