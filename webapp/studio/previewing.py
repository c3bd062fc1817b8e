"""An episode's page as readers will see it, before they can: made of its files, saved or not.

Nothing is saved here. Where it is shown, and to whom, is for the views.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.episodes.archive import find_neighbour
from webapp.episodes.bundle_files import Files, Stored, list_files
from webapp.episodes.document import Document
from webapp.episodes.episode_page import EpisodePage
from webapp.episodes.models import Episode, Medium, Topic
from webapp.episodes.pages import ContributorLine, EpisodeCard, MediumLine, SeasonLabel, TopicLink
from webapp.episodes.printing import Printed
from webapp.episodes.queries import list_related
from webapp.exceptions import NotFound
from webapp.studio.revisions import folder_of
from webapp.studio.saving import get_row, make
from webapp.studio.source import columns
from webapp.studio.source.files import EpisodeFolder
from webapp.studio.source.making import House
from webapp.studio.source.queries import get_house
from webapp.studio.source.stored import OPAQUE
from webapp.transcripts import read_vtt, write_srt, write_text

_TRANSCRIPTS = {
    "transcript.vtt": "text/vtt",
    "transcript.srt": "application/x-subrip",
    "transcript.txt": "text/plain",
}


def preview(
    session: Session,
    *,
    episode_id: int,
    files_at: str,
    files: Files | None = None,
    letter: Printed | None = None,
) -> EpisodePage:
    """Return an episode as its page will be, made of `files`, or of its own as they are saved.

    `files_at` is the address under which its media are, without a slash at the end. `letter` is
    what publishing would print, shown where the files have no question; nobody but the desk is
    given it. Raises NotFound, and BundleRefused with all that keeps it from being made.
    """
    row, house = get_row(session, episode_id), get_house(session)
    if files is None:
        files = list_files(session, folder=folder_of(row.slug))
    episode = make(session, files, house, guid=row.guid)
    saved_as = columns.of_episode(episode, house.known)
    card = _card(row, saved_as["columns"], letter)
    topics = saved_as["topics"]
    document = Document.model_validate_json(saved_as["columns"]["document"])
    return EpisodePage(
        card=card,
        question_edited=_is_edited(saved_as["columns"], letter),
        season=_season(house, card.season),
        updated_at=max(saved_as["columns"]["updated_at"] or card.published_at, card.published_at),
        explicit=episode.front.episode.explicit,
        document=document.with_files_at(files_at, f"/{folder_of(card.slug)}media"),
        topics=_topics(session, topics),
        contributors=_contributors(episode, house),
        media=tuple(MediumLine(**medium) for medium in saved_as["media"]),
        previous=find_neighbour(session, card, newer=False),
        next=find_neighbour(session, card, newer=True),
        related=list_related(session, episode_id, topics),
        files_at=files_at,
    )


def get_file(session: Session, episode_id: int, name: str) -> Stored:
    """Return a picture, a video or a sound of an episode, out or not. Raises NotFound."""
    row = get_row(session, episode_id)
    file = list_files(session, folder=folder_of(row.slug)).get(name)
    if file is None or file.is_text or file.content_type == OPAQUE:
        raise NotFound
    return file


def list_shown(session: Session, episode_id: int) -> frozenset[str]:
    """Return the names of the files that an episode's page shows."""
    names = select(Medium.file).where(Medium.episode_id == episode_id)
    return frozenset(session.scalars(names))


def find_transcript(session: Session, episode_id: int, name: str) -> tuple[str, str] | None:
    """Return a transcript of an episode by the name that its page links to, and its type.

    The name is `transcript.vtt`, `.srt` or `.txt`; None for any other, or without a transcript.
    """
    row = get_row(session, episode_id)
    if name not in _TRANSCRIPTS or not row.transcript_vtt:
        return None
    if name == "transcript.vtt":
        text = row.transcript_vtt
    elif name == "transcript.srt":
        text = write_srt(read_vtt(row.transcript_vtt).cues)
    else:
        text = write_text(Document.model_validate_json(row.document).transcript)
    return text, _TRANSCRIPTS[name]


def _card(row: Episode, made: Mapping[str, Any], letter: Printed | None) -> EpisodeCard:
    values = {name: made[name] for name in EpisodeCard.__slots__ if name in made}
    values |= {"id": row.id, "published_at": row.published_at or clock.now()}
    if letter and not values["question_text"]:
        values |= {"question_text": letter.text, "question_sign_off": letter.sign_off}
    return EpisodeCard(**values)


def _is_edited(made: Mapping[str, Any], letter: Printed | None) -> bool:
    if letter and not made["question_text"]:
        return letter.is_edited
    return bool(made["question_edited"])


def _season(house: House, number: int) -> SeasonLabel:
    return house.seasons.get(number) or SeasonLabel(number, "", "", "", "")


def _topics(session: Session, ids: list[int]) -> tuple[TopicLink, ...]:
    """Return links to topics, in the show's order."""
    named = select(Topic.slug, Topic.name).where(Topic.id.in_(ids)).order_by(Topic.position)
    return tuple(TopicLink(row.slug, row.name) for row in session.execute(named))


def _contributors(episode: EpisodeFolder, house: House) -> tuple[ContributorLine, ...]:
    return tuple(
        ContributorLine(item.person, house.names[item.person], item.role, item.disclosure)
        for item in episode.front.contributors
    )
