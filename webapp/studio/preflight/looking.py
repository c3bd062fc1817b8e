"""Before you publish: what of an episode is done and what is missing, each with where to mend it.

Nothing here keeps anybody from publishing.
"""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.episodes.document import Document
from webapp.episodes.models import Contribution, Episode, Medium, Person, Show
from webapp.questions import workflow
from webapp.settings import Settings
from webapp.studio.models import UnsavedPage
from webapp.studio.preflight.check import Check, check
from webapp.studio.preflight.following import Page
from webapp.studio.preflight.links import check_links
from webapp.studio.preflight.media import check_media
from webapp.studio.preflight.show import check_show
from webapp.studio.preflight.text import check_notes, check_resources, check_writing
from webapp.studio.printing import TAKEN_BACK

# What the asker has not allowed.
CONSENT = frozenset(
    {TAKEN_BACK, workflow.NOT_PRINTED, workflow.NOT_READ_OUT, workflow.NOT_ANSWERED}
)
NO_SUMMARY = "There is no summary: feeds and search show one."
TWIN = "“{title}” has the same season and number."
NO_PEOPLE = "Nobody is named as host or guest."
SILENT = "No disclosure says what to know of {names}."
UNSAVED = "{names} typed something here that is not saved: it would not be on the page."


def list_checks(
    session: Session, settings: Settings, episode: Episode, document: Document, *, letter: str
) -> tuple[Check, ...]:
    """Return all that is looked at before an episode is published, in the order of its page.

    `letter` says why nothing stands on its page as the question, "" where something does.
    """
    return (
        *_check_heading(session, episode, letter),
        *check_writing(document),
        *check_links(Page(session, settings, episode), document),
        *check_media(settings, _media_of(session, episode), episode, document),
        _check_people(session, episode),
        *check_notes(document, episode.summary, is_explicit=episode.explicit),
        *check_resources(document),
        *check_show(settings, session.scalars(select(Show)).one()),
        *_check_unsaved(session, episode),
    )


def _check_heading(session: Session, episode: Episode, letter: str) -> Iterator[Check]:
    no_summary = "" if episode.summary.strip() else NO_SUMMARY
    yield check("summary", "A summary", no_summary, field="f-summary")
    other = select(Episode.title).where(
        Episode.season == episode.season,
        Episode.number == episode.number,
        Episode.kind == episode.kind,
        Episode.id != episode.id,
    )
    twin = session.scalar(other.limit(1))
    words = TWIN.format(title=twin) if twin is not None else ""
    yield check("number", "A number of its own", words, field="f-number")
    yield check(
        "letter",
        "The question, as its asker allows it",
        letter,
        field="f-question",
        is_serious=letter in CONSENT,
    )


def _media_of(session: Session, episode: Episode) -> list[Medium]:
    own = select(Medium).where(Medium.episode_id == episode.id)
    return list(session.scalars(own.order_by(Medium.position)))


def _check_people(session: Session, episode: Episode) -> Check:
    """Return whether somebody is named, and whether one knows what to make of each of them."""
    heard = session.execute(
        select(Person.name, Person.disclosure.label("own"), Contribution.disclosure.label("here"))
        .join(Contribution)
        .where(Contribution.episode_id == episode.id)
        .order_by(Contribution.position)
    ).all()
    silent = [row.name for row in heard if not f"{row.own}{row.here}".strip()]
    words = SILENT.format(names=", ".join(silent)) if silent else "" if heard else NO_PEOPLE
    return check("people", "Who is heard", words, field="f-contributors")


def _check_unsaved(session: Session, episode: Episode) -> Iterator[Check]:
    typed = select(UnsavedPage.name).where(UnsavedPage.episode_id == episode.id)
    names = dict.fromkeys(session.scalars(typed.order_by(UnsavedPage.saved_at)))
    if names:
        yield check("unsaved", "", UNSAVED.format(names=" and ".join(names)), is_serious=True)
