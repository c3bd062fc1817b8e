"""Forms that keep what is typed into them: what they carry for it, what they send, what they drop.

The script is webapp/static/keeping.js, the fields are in templates/studio/_keeping.html.
"""

from dataclasses import dataclass
from secrets import token_hex

from flask import Response, flash, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp import storage
from webapp.episodes.masthead import masthead
from webapp.exceptions import Conflict
from webapp.moderation.question_page import STALE
from webapp.staff.guard import SECRET, current_staff
from webapp.studio import unsaved_forms
from webapp.studio.forms import TabForm, TypedForm
from webapp.studio.moments import moment_in_words
from webapp.studio.rows import Pairs
from webapp.studio.unsaved import typed_in

NOT_KEPT = (
    "It was open for too long, so nothing is saved yet. All you typed is still here: press Save."
)
THROWN_AWAY = "Thrown away. What you had typed there is kept no longer."
THROW_AWAY = "throw-away"

# The fingerprints and versions of a form are kept: it is merged by what it was opened with.
ABOUT_THE_TAB = frozenset({*SECRET, "do", "tab", "opened", "turn"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a form is: its own address, that of the page that it is on, and of which episode.

    Where nothing is in the field `text`, nothing has been typed.
    """

    form: str
    page: str
    episode_id: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Keeping:
    """What a form carries so that what is typed into it is kept.

    `typed_at` is when somebody typed what it shows and did not save, in words; `is_back` whether
    it was sent and has come back, so that nothing of it needs to be kept yet.
    """

    place: Place
    tab: str
    opened: int = 0
    turn: int = 0
    typed_at: str = ""
    is_back: bool = False

    @property
    def autosave(self) -> str:
        """Return the address that takes what is typed."""
        return f"{self.place.form}/autosave"

    @property
    def attributes(self) -> dict[str, str | None]:
        """Return what the script needs to know of the form, as its attributes."""
        return {
            "data-autosave": self.autosave,
            "data-page": self.place.page,
            "data-sign-in": url_for("security.login"),
            "data-typed": "" if self.is_back else None,
        }


def begin(place: Place) -> Keeping:
    """Return what a form carries in a tab of its own."""
    return Keeping(place, token_hex(8))


def open_form(place: Place) -> tuple[Keeping, Pairs]:
    """Return what a form carries, and the fields that somebody typed and did not save, if any."""
    kept = unsaved_forms.find_typed(storage.read(), place=place.form, staff_id=current_staff().id)
    if kept is None:
        return begin(place), ()
    if not kept.pairs:
        return Keeping(place, token_hex(8), kept.turn, kept.turn), ()
    typed_at = moment_in_words(kept.at, masthead().timezone)
    return Keeping(place, token_hex(8), kept.turn, kept.turn, typed_at), kept.pairs


def came_back(place: Place) -> Keeping:
    """Return what a form carries that was sent and is shown again."""
    form = TabForm(request.form)
    tab = form.named_tab or token_hex(8)
    return Keeping(place, tab, form.opened.data or 0, form.turn.data or 0, is_back=True)


def drop_saved(place: Place) -> None:
    """Forget what was typed into a form that has just been saved."""
    form = TabForm(request.form)
    storage.write(
        unsaved_forms.drop_typed,
        place=place.form,
        episode_id=place.episode_id,
        staff_id=current_staff().id,
        tab=form.named_tab,
        opened=form.opened.data or 0,
        turn=form.turn.data or 0,
    )


def answer_typing(place: Place) -> AnyResponse:
    """Keep what a form sends by itself, or throw away what is kept, where its button says so."""
    if request.form.get("do") == THROW_AWAY:
        return _throw_away(place)
    form = TypedForm(request.form)
    if not form.validate():
        return in_words(NOT_KEPT, 403 if form.is_stale else 422)
    if place.text and not request.form.get(place.text, "").strip():
        drop_saved(place)
        return make_response("", 204)
    try:
        storage.write(
            unsaved_forms.keep_typed,
            place=place.form,
            episode_id=place.episode_id,
            staff_id=current_staff().id,
            pairs=typed_in(tuple(request.form.items(multi=True)), besides=ABOUT_THE_TAB),
            tab=form.named_tab,
            opened=form.opened.data,
            turn=form.turn.data,
        )
    except Conflict as conflict:
        return in_words(str(conflict), 409)
    return make_response("", 204)


def in_words(words: str, status: int) -> Response:
    """Answer a script in words."""
    response = make_response(words, status)
    response.mimetype = "text/plain"
    return response


def _throw_away(place: Place) -> AnyResponse:
    if TabForm(request.form).validate():
        drop_saved(place)
        flash(THROWN_AWAY, "done")
    else:
        flash(STALE, "problem")
    return redirect(place.page)
