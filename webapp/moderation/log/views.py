"""The log of what was done at the desk, and its export."""

from flask import Blueprint, Response, make_response, request
from werkzeug.wrappers import Response as AnyResponse

from webapp import clock, storage
from webapp.moderation.log import exporting
from webapp.moderation.log.forms import ExportForm, LogForm
from webapp.moderation.log.queries import LogPage, Wanted, count_acts, list_log
from webapp.moderation.names import ACTION_NAMES
from webapp.moderation.question_page import STALE, desk_page
from webapp.staff.guard import current_staff
from webapp.staff.pages import acting
from webapp.staff.roles import allows
from webapp.storage import current_settings, read
from webapp.web.files import Pieces

SUBJECT_NAMES = {
    "question": "Questions",
    "rundown": "Rundowns",
    "episode": "Episodes",
    "person": "People",
    "rule": "Rules and reasons",
    "log": "This log",
    "mailbag": "The mailbag",
    "show": "The show",
}
ACTIONS = (("", "Anything"), *ACTION_NAMES.items())
SUBJECTS = (("", "Anything"), *SUBJECT_NAMES.items())

NARROWED = {
    "actor": "by {}",
    "action": "that say “{}”",
    "subject": "on {}",
    "subject_id": "on what has the id {}",
    "since": "from {} on",
    "until": "until {}",
    "batch": "that were done in one go",
}

bp = Blueprint("log", __name__, url_prefix="/log")


@bp.get("")
def log() -> AnyResponse:
    """Show a page of what was done, narrowed by what the address says."""
    return _page(LogForm(request.args))


@bp.post("/export")
def export() -> AnyResponse:
    """Answer the log as a file, narrowed by the form, and note that in the log."""
    form = ExportForm(request.form)
    if not form.validate():
        if form.is_stale:
            form.csrf_token.errors = (STALE,)
        return _page(LogForm(request.form), said=form)
    wanted, format_ = form.wanted(), form.format.data
    act_id = storage.write(
        exporting.note_export,
        wanted=wanted,
        format_=format_,
        count=count_acts(read(), wanted),
        actor=acting(),
    )
    file = exporting.export(wanted, format_=format_, but=act_id)
    content_type = exporting.CONTENT_TYPES[format_]
    answer = Response(Pieces(file), content_type=content_type, direct_passthrough=True)
    answer.headers.set(
        "Content-Disposition", "attachment", filename=f"log-{clock.today()}.{format_}"
    )
    return answer


def _page(form: LogForm, *, said: ExportForm | None = None) -> AnyResponse:
    """Return the log; where the form is wrong, with what is to be mended in the place of acts."""
    staff = current_staff()
    is_right = form.validate()
    wanted = form.wanted() if is_right else Wanted()
    page = LogPage((), "")
    if is_right:
        page = list_log(
            read(),
            wanted,
            after=request.args.get("after", ""),
            role=staff.role,
            undo_seconds=current_settings().undo_seconds,
        )
    html = desk_page(
        "moderation/log/log.html",
        page=page,
        form=said or ExportForm(formdata=None),
        narrowed=form,
        actions=ACTIONS,
        subjects=SUBJECTS,
        formats=tuple(exporting.FORMATS.items()),
        wanted=wanted.told(),
        only=_in_words(wanted),
        can_export=allows(staff.role, "editor"),
    )
    return make_response(html, 200 if is_right and said is None else 422)


def _in_words(wanted: Wanted) -> str:
    """Return what the log is narrowed to, as “by Sam, from 2026-03-02 on”; "" for all of it."""
    names = {**ACTION_NAMES, **{key: name.lower() for key, name in SUBJECT_NAMES.items()}}
    told = wanted.told().items()
    return ", ".join(
        NARROWED[name].format(names.get(value, value) if name != "actor" else value)
        for name, value in told
    )
