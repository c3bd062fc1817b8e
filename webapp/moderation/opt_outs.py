"""What somebody does not want to read: topics, and what the lists of phrases for care are about."""

from collections.abc import Iterable, Sequence
from functools import cache

from sqlalchemy.orm import Session

from webapp.moderation.labels import Tag, list_topics
from webapp.questions.care_lists import read_lists

TOPIC = "topic:"
CARE = "care:"


def closed_for(
    opt_outs: frozenset[str], topics: Iterable[Tag], lane_reasons: Iterable[str]
) -> tuple[str, ...]:
    """Return the categories of a question that somebody has opted out of, in words."""
    if not opt_outs:
        return ()
    named = [topic.name for topic in topics if f"{TOPIC}{topic.key}" in opt_outs]
    for key, labels in _care_labels().items():
        if f"{CARE}{key}" in opt_outs:
            named += [reason for reason in lane_reasons if reason in labels]
    return tuple(dict.fromkeys(named))


def list_choices(session: Session) -> Sequence[tuple[str, str]]:
    """Return what somebody may opt out of: a key and words for each topic and care group."""
    topics = [(f"{TOPIC}{topic.key}", topic.name) for topic in list_topics(session)]
    care = [(f"{CARE}{key}", f"Its asker {min(labels)}") for key, labels in _care_labels().items()]
    return (*topics, *care)


@cache
def _care_labels() -> dict[str, frozenset[str]]:
    """Return what a lane's reasons call each group, in every language that has a list."""
    labels: dict[str, frozenset[str]] = {}
    for care_list in read_lists().values():
        for group in care_list.groups:
            labels[group.key] = labels.get(group.key, frozenset()) | {group.label}
    return labels
