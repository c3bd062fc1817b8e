"""The question that an episode prints: in its columns, its file, and what the search reads.

It is put in when the episode is published, and taken out if its asker takes it back before that
moment has come. Nothing of it is in the search until then.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.episodes.archive import published
from webapp.episodes.bundle_files import save_text
from webapp.episodes.models import BundleFile, Episode
from webapp.episodes.question_block import keepable, with_question
from webapp.episodes.searching.models import Passage
from webapp.episodes.services import make_findable, mark_saved


@dataclass(frozen=True, slots=True)
class Printed:
    """A question as an episode prints it: `asked` is its month (2026-03).

    `is_edited` unless it reads as it was sent.
    """

    text: str
    sign_off: str
    asked: str
    is_edited: bool


def put_question_in(
    session: Session, episode: Episode, printed: Printed, *, question_id: UUID
) -> None:
    """Print a question of the mailbag on an episode's page; the search finds it once it is out."""
    front: dict[str, Any] = {
        "text": keepable(printed.text).strip(),
        "sign_off": " ".join(keepable(printed.sign_off).split()),
        "asked": printed.asked,
        "edited": printed.is_edited,
    }
    _print(session, episode, front)
    episode.question_from = question_id
    session.flush()
    make_question_findable(session, episode_id=episode.id)


def take_question_out(session: Session, episode: Episode) -> None:
    """Print no question on an episode's page any more."""
    _print(session, episode, None)
    episode.question_from = None
    make_findable(session, episode)


def make_question_findable(session: Session, *, episode_id: int) -> None:
    """Have the search find an episode that is out by its question, unless it does."""
    indexed = Passage.episode_id == episode_id, Passage.kind == "question"
    out = select(Episode).where(Episode.id == episode_id, published(), Episode.question_text != "")
    episode = session.scalars(out).first()
    if episode and session.scalar(select(Passage.id).where(*indexed).limit(1)) is None:
        make_findable(session, episode)


def list_printing_ahead(
    session: Session, ids: Collection[int], *, question_id: UUID
) -> Sequence[Episode]:
    """Return which of some episodes print a question and are not out.

    And whichever other prints that of the mailbag.
    """
    not_out = or_(Episode.published_at.is_(None), Episode.published_at > clock.now())
    one = or_(Episode.id.in_(ids), Episode.question_from == question_id)
    printing = select(Episode).where(one, not_out, Episode.question_text != "")
    return session.scalars(printing).all()


def _print(session: Session, episode: Episode, front: dict[str, Any] | None) -> None:
    said = front or {"text": "", "sign_off": "", "asked": "", "edited": False}
    for name, value in said.items():
        setattr(episode, f"question_{name}", value)
    path = f"episodes/{episode.slug}/index.md"
    file = session.get(BundleFile, path, populate_existing=True)
    if file is not None:
        save_text(session, path=path, text=with_question(file.text, front))
    mark_saved(session, at=clock.now())
