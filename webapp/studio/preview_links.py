"""Preview links: whoever has one sees an episode that is not out, until a moment.

Of the random part only the hash is kept: the link is shown once, and nothing that is stored, logged
or backed up opens the page.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.episodes.models import Episode
from webapp.exceptions import NotFound, Refused
from webapp.questions import workflow
from webapp.staff.sessions import hash_of, new_token
from webapp.storage import take_turn
from webapp.storage.history import Actor, record
from webapp.studio.models import PreviewLink
from webapp.studio.saving import get_row
from webapp.studio.states import OUT, state_of

LONGEST_TOKEN = 64
DAYS = (1, 7, 30)
MOST = 20  # for one episode

NOT_YOURS = "Preview links are made by editors."
IS_OUT = "It is out: everybody can see its page."
TOO_MANY = f"{MOST} links lead to it already. End one of them first."


@dataclass(frozen=True, slots=True)
class PreviewedEpisode:
    """What a link leads to; `published_at` is its moment if it has one."""

    id: int
    slug: str
    published_at: datetime | None
    until: datetime


def make_link(session: Session, *, episode_id: int, days: int, actor: Actor) -> str:
    """Make a link that ends after so many days, and return its token, which is kept nowhere.

    Raises NotFound, and Refused for whoever is no editor and for what is out.
    """
    if not workflow.allows(actor.role, "editor"):
        raise Refused(NOT_YOURS)
    take_turn(session)
    episode = get_row(session, episode_id)
    if state_of(episode.published_at, episode.withdrawn_at) == OUT:
        raise Refused(IS_OUT)
    now = clock.now()
    session.execute(delete(PreviewLink).where(PreviewLink.until <= now))
    if len(list_links(session, episode_id)) >= MOST:
        raise Refused(TOO_MANY)
    token, until = new_token(), now + timedelta(days=days)
    link = PreviewLink(
        episode_id=episode_id,
        token_hash=hash_of(token),
        author=actor.label,
        made_at=now,
        until=until,
    )
    session.add(link)
    detail = {"until": until.isoformat()}
    record(
        session,
        actor=actor,
        action="made preview link",
        subject="episode",
        subject_id=episode_id,
        detail=detail,
    )
    session.flush()
    return token


def end_link(session: Session, *, episode_id: int, link_id: UUID, actor: Actor) -> UUID | None:
    """End a link at once; return the act, None if it had ended. Raises Refused."""
    if not workflow.allows(actor.role, "editor"):
        raise Refused(NOT_YOURS)
    take_turn(session)
    link = session.get(PreviewLink, link_id)
    if link is None or link.episode_id != episode_id:
        return None
    session.delete(link)
    return record(
        session,
        actor=actor,
        action="ended preview link",
        subject="episode",
        subject_id=episode_id,
    )


def list_links(session: Session, episode_id: int) -> tuple[PreviewLink, ...]:
    """Return the links to an episode that have not ended, the newest first."""
    open_ = PreviewLink.episode_id == episode_id, PreviewLink.until > clock.now()
    return tuple(
        session.scalars(select(PreviewLink).where(*open_).order_by(PreviewLink.made_at.desc()))
    )


def get_previewed(session: Session, token: str) -> PreviewedEpisode:
    """Return what a link leads to. Raises NotFound alike for one that ended and one never made."""
    if not token.isascii() or len(token) > LONGEST_TOKEN:
        raise NotFound
    found = session.execute(
        select(Episode.id, Episode.slug, Episode.published_at, PreviewLink.until)
        .join(PreviewLink, PreviewLink.episode_id == Episode.id)
        .where(PreviewLink.token_hash == hash_of(token), PreviewLink.until > clock.now())
    ).one_or_none()
    if found is None:
        raise NotFound
    return PreviewedEpisode(*found)
