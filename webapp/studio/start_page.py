"""The page of what could answer a question: a new draft, or an episode that is there."""

from uuid import UUID

from webapp.episodes.masthead import masthead
from webapp.exceptions import Refused
from webapp.moderation import answering
from webapp.moderation.question_page import STALE, desk_page
from webapp.moderation.similar import rows_of
from webapp.questions.queries import get_question
from webapp.staff.guard import current_staff
from webapp.storage import current_keyring, read
from webapp.studio import printing, queries
from webapp.studio.forms import NameForm, StartForm


def start_page(
    question_id: UUID,
    *,
    start_form: StartForm | None = None,
    name_form: NameForm | None = None,
    problem: str = "",
) -> str:
    """Return the page of what could answer a question, with what was typed."""
    question = get_question(read(), question_id)
    nothing, printed = "", None
    try:
        printed = printing.find_printed(current_keyring(), question)
    except Refused as refused:
        nothing = str(refused)
    version = {"version": question.version}
    if start_form is None:
        start_form = StartForm(formdata=None, data={"season": _newest_season()} | version)
        start_form.season.choices = list_seasons()
    if name_form is None:
        planned = str(question.planned_for_id or "")
        name_form = NameForm(formdata=None, data={"episode": planned} | version)
        name_form.episode.choices = list_nameable(question_id)
    for form in (start_form, name_form):
        if form.is_stale:
            form.csrf_token.errors = (STALE,)
    [row] = rows_of(read(), current_keyring(), [question], staff=current_staff())
    return desk_page(
        "studio/start.html",
        question=question,
        row=row,
        printed=printed,
        nothing=nothing,
        refusal=answering.why_not(question),
        problem=problem,
        form=start_form,
        name_form=name_form,
    )


def list_seasons() -> list[tuple[str, str]]:
    """Return the seasons to choose from."""
    return [(str(season.number), season.title) for season in masthead().seasons]


def _newest_season() -> str:
    return str(max((season.number for season in masthead().seasons), default=""))


def list_nameable(question_id: UUID) -> list[tuple[str, str]]:
    """Return the episodes that a question can be named for, the one that is so among them."""
    planned = get_question(read(), question_id).planned_for_id
    rows = queries.list_open(read(), besides=planned)
    named = [(str(row.id), f"{row.title} (season {row.season}, no. {row.number})") for row in rows]
    return [("", "None"), *named]
