"""What an act changed, in words: history keeps keys, numbers and days."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.episodes.models import Episode
from webapp.moderation.labels import list_labels, list_topics
from webapp.moderation.names import LANE_NAMES
from webapp.storage.history import Act
from webapp.web.wording import day

NONE = "none"


@dataclass(frozen=True, slots=True)
class Names:
    """What keys and numbers in history are called now; what is gone has its number alone."""

    topics: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    episodes: Mapping[str, str] = field(default_factory=dict)


def names_for(session: Session, acts: list[Act]) -> Names:
    """Return the names that some acts need, reading only what they need."""
    actions = {act.action for act in acts}
    named = [act.detail.get("to") for act in acts if act.action == "named episode"]
    wanted = [one for one in named if isinstance(one, int)]
    titles = select(Episode.id, Episode.title).where(Episode.id.in_(wanted))
    return Names(
        {tag.key: tag.name for tag in list_topics(session)} if "set topics" in actions else {},
        {tag.key: tag.name for tag in list_labels(session)} if "set labels" in actions else {},
        {str(key): title for key, title in session.execute(titles)} if wanted else {},
    )


def detail_of(act: Act, names: Names) -> str:
    """Return what an act came to, in a few words, or "" where its name says it all. Pure."""
    to = act.detail.get("to")
    if act.action == "changed lane":
        return LANE_NAMES.get(str(to), str(to))
    if act.action == "snoozed":
        return f"until {day(date.fromisoformat(str(to)))}"
    if act.action == "set topics":
        return _listed(to, names.topics)
    if act.action == "set labels":
        return _listed(to, names.labels)
    if act.action == "named episode":
        return NONE if to is None else names.episodes.get(str(to), str(to))
    return ""


def _listed(keys: object, names: Mapping[str, str]) -> str:
    found = [str(key) for key in keys] if isinstance(keys, list) else []
    return ", ".join(names.get(key, key) for key in found) or NONE
