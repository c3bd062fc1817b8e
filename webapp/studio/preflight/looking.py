"""Before you publish: what of an episode is done and what is missing, each with where to mend it.

Nothing here keeps anybody from publishing.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.episodes.document import Document
from webapp.episodes.models import Contribution, Episode, Medium, Person, Show
from webapp.questions import workflow
from webapp.settings import Settings
from webapp.studio.preflight.check import Check, check
from webapp.studio.preflight.feed_rules import check_description, check_names, check_numbers
from webapp.studio.preflight.following import Page
from webapp.studio.preflight.links import check_links
from webapp.studio.preflight.media import check_media
from webapp.studio.preflight.show import check_show
from webapp.studio.preflight.text import check_notes, check_resources, check_writing
from webapp.studio.printing import TAKEN_BACK
from webapp.studio.unsaved_forms import list_unsaved

# What the asker has not allowed.
CONSENT = frozenset(
    {TAKEN_BACK, workflow.NOT_PRINTED, workflow.NOT_READ_OUT, workflow.NOT_ANSWERED}
)
NO_SUMMARY = "There is no summary: feeds and search show one."
NO_PEOPLE = "Nobody is named as host or guest."
SILENT = "No disclosure says what to know of {names}."
UNSAVED = "{names} typed something here that is not saved: it would not be on the page."


def list_checks(
    session: Session, settings: Settings, episode: Episode, document: Document, *, letter: str
) -> tuple[Check, ...]:
    """Return all that is looked at before an episode is published, in the order of its page.

    `letter` says why nothing stands on its page as the question, "" where something does.
    """
    show, media = session.scalars(select(Show)).one(), _media_of(session, episode)
    heard = _heard_on(session, episode)
    return (
        *check_numbers(session, show, episode, document),
        *_check_heading(episode, letter),
        *check_writing(document),
        *check_links(Page(session, settings, episode), document),
        *check_media(settings, media, episode, document),
        _check_people(heard),
        *check_names(session, episode, media, [name for name, _ in heard]),
        *check_notes(document, is_explicit=episode.explicit),
        check_description(settings, episode, document),
        *check_resources(document),
        *check_show(settings, show),
        *_check_unsaved(session, episode),
    )


def _check_heading(episode: Episode, letter: str) -> Iterator[Check]:
    no_summary = "" if episode.summary.strip() else NO_SUMMARY
    yield check("summary", "A summary", no_summary, field="f-summary")
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


def _heard_on(session: Session, episode: Episode) -> list[tuple[str, str]]:
    """Return everybody who is heard: a name, and what to know of them."""
    heard = session.execute(
        select(Person.name, Person.disclosure.label("own"), Contribution.disclosure.label("here"))
        .join(Contribution)
        .where(Contribution.episode_id == episode.id)
        .order_by(Contribution.position)
    )
    return [(row.name, f"{row.own}{row.here}".strip()) for row in heard]


def _check_people(heard: Sequence[tuple[str, str]]) -> Check:
    """Return whether somebody is named, and whether one knows what to make of each of them."""
    silent = [name for name, disclosure in heard if not disclosure]
    words = SILENT.format(names=", ".join(silent)) if silent else "" if heard else NO_PEOPLE
    return check("people", "Who is heard", words, field="f-contributors")


def _check_unsaved(session: Session, episode: Episode) -> Iterator[Check]:
    if names := list_unsaved(session, episode_id=episode.id):
        yield check("unsaved", "", UNSAVED.format(names=" and ".join(names)), is_serious=True)
