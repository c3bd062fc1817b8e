"""An episode's page at the desk: as it stands, with what is to be mended, and after a conflict."""

from typing import Any

from flask import Response, make_response, url_for
from werkzeug.datastructures import MultiDict

from webapp.episodes.masthead import masthead
from webapp.moderation.forms import DeskForm
from webapp.moderation.question_page import STALE, desk_page
from webapp.storage import current_keyring, current_settings, read
from webapp.studio import queries
from webapp.studio.forms import CorrectForm, LinkForm, PublishForm
from webapp.studio.keeping import Keeping, Place, came_back, open_form
from webapp.studio.moments import moment_in_words, typed_moment
from webapp.studio.preview_links import list_links
from webapp.studio.queries import EpisodeFacts
from webapp.studio.states import WITHDRAWN, find_out_since

WHOLE = ("", "The whole")


def get_facts(episode_id: int) -> EpisodeFacts:
    """Return an episode with all that is needed to publish it. Raises NotFound."""
    return queries.get_facts(read(), current_keyring(), current_settings(), episode_id)


def correct_form(facts: EpisodeFacts, formdata: Any = None) -> CorrectForm:
    """Return the form of a correction, with the parts that the episode has."""
    form = CorrectForm(formdata)
    form.part.choices = [WHOLE, *facts.parts]
    return form


def correcting_place(episode_id: int) -> Place:
    """Return where the form of a correction is."""
    return Place(
        form=url_for("desk.revisions.correct", episode_id=episode_id),
        page=url_for("desk.studio.episode", episode_id=episode_id),
        episode_id=episode_id,
        text="text",
    )


def episode_page(
    facts: EpisodeFacts,
    *,
    publish: PublishForm | None = None,
    correct: CorrectForm | None = None,
    link: LinkForm | None = None,
    changed: bool = False,
    made: str = "",
) -> str:
    """Return an episode's page; a form that came in is shown as it came.

    `changed` says that somebody was there before, `made` is a preview link that is shown once.
    """
    show, form = masthead(), publish or PublishForm(formdata=None)
    moment, typed_sign_off = facts.row.published_at, form.chosen_sign_off
    words = {"timezone": show.timezone}
    correcting, keeping = _correcting(facts, correct)
    return desk_page(
        "studio/episode.html",
        show=show,
        episode=facts,
        form=form,
        correcting=correcting,
        keeping=keeping,
        linking=link or LinkForm(formdata=None),
        changed=changed,
        made=made,
        links=[
            (each, moment_in_words(each.made_at, **words), moment_in_words(each.until, **words))
            for each in list_links(read(), facts.row.id)
        ],
        typed=form.at.data or typed_moment(moment, show.timezone),
        sign_off=facts.question_sign_off if typed_sign_off is None else typed_sign_off,
        seen=moment.isoformat() if moment else "",
        out_at=moment_in_words(moment, show.timezone) if moment else "",
        withdrawn_at=_withdrawn(facts, show.timezone),
        out_since=_out_since(facts, show.timezone),
    )


def unfinished(facts: EpisodeFacts, *, status: int = 422, **came_in: Any) -> Response:
    """Show an episode's page with what is to be mended in the form that came in."""
    for form in came_in.values():
        if isinstance(form, DeskForm) and form.is_stale:
            form.csrf_token.errors = (STALE,)
    return make_response(episode_page(facts, **came_in), status)


def _correcting(facts: EpisodeFacts, came_in: CorrectForm | None) -> tuple[CorrectForm, Keeping]:
    """Return a correction as it came in, or as somebody typed it, and what keeps it."""
    place = correcting_place(facts.row.id)
    if came_in is not None:
        return came_in, came_back(place)
    keeping, kept = open_form(place)
    return correct_form(facts, MultiDict(kept) if kept else None), keeping


def _out_since(facts: EpisodeFacts, timezone: str) -> str:
    """Return since when an episode that is withdrawn had been out, in words."""
    if facts.row.stands != WITHDRAWN:
        return ""
    moment = find_out_since(read(), facts.row.id)
    return moment_in_words(moment, timezone) if moment else ""


def _withdrawn(facts: EpisodeFacts, timezone: str) -> str:
    moment = facts.row.withdrawn_at
    return moment_in_words(moment, timezone) if moment else ""
