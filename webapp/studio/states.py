"""How an episode stands: a draft, scheduled, out, or withdrawn after it was."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.episodes.models import Episode
from webapp.storage.history import Act

DRAFT, SCHEDULED, OUT, WITHDRAWN = STATES = ("draft", "scheduled", "out", "withdrawn")
STATE_NAMES = {
    DRAFT: "Drafts",
    SCHEDULED: "Scheduled",
    OUT: "Out",
    WITHDRAWN: "Withdrawn",
}


def state_of(published_at: datetime | None, withdrawn_at: datetime | None) -> str:
    """Return how an episode stands now: one of STATES."""
    if published_at is None:
        return WITHDRAWN if withdrawn_at else DRAFT
    return OUT if published_at <= clock.now() else SCHEDULED


def was_ever_out(session: Session, episode: Episode) -> bool:
    """Return whether anybody can have seen an episode: it is out, or history says that it was."""
    if episode.withdrawn_at is not None:
        return True
    if episode.published_at is not None and episode.published_at <= clock.now():
        return True
    return find_out_since(session, episode.id) is not None


def find_out_since(session: Session, episode_id: int) -> datetime | None:
    """Return since when a withdrawn episode had been out, None for one that never was."""
    return next(_moments_out(session, episode_id), None)


def was_decided_on(session: Session, episode_id: int) -> bool:
    """Return whether anybody has ever published an episode or taken it back."""
    return session.scalars(_decisions(episode_id).limit(1)).first() is not None


def _decisions(episode_id: int) -> Select[Act]:
    return select(Act).where(
        Act.subject == "episode",
        Act.subject_id == str(episode_id),
        Act.action.in_(("published", "took back episode")),
    )


def _moments_out(session: Session, episode_id: int) -> Iterator[datetime]:
    """Yield since when an episode was out whenever that was changed, the last one first."""
    for act in session.scalars(_decisions(episode_id).order_by(Act.at.desc())):
        before = act.detail.get("before")
        if before and act.at is not None and datetime.fromisoformat(before) <= act.at:
            yield datetime.fromisoformat(before)
