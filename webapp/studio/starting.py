"""Starting an episode from a question: a draft with its number, and with none of its words."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.episodes.bundle_files import save_files, text_file
from webapp.episodes.models import Alias, Episode, Season, Topic
from webapp.episodes.question_block import keepable
from webapp.episodes.services import forget_look
from webapp.exceptions import Conflict, Refused
from webapp.moderation.answering import answer_when_published, why_not
from webapp.questions import workflow
from webapp.questions.models import question_topics
from webapp.questions.queries import get_question
from webapp.questions.services import CHANGED
from webapp.storage import take_turn
from webapp.storage.history import Actor, record
from webapp.studio.drafts import compose
from webapp.studio.models import Tombstone
from webapp.studio.revisions import INDEX, add_revision, folder_of
from webapp.studio.saving import NOT_YOURS, get_row, make, save_page
from webapp.studio.source.queries import get_house

LONGEST_SLUG = 80
NO_SEASON = "There is no such season. An owner adds it under Show."


@dataclass(frozen=True, slots=True)
class Started:
    """The draft that was started, or the episode that was there `already`."""

    episode_id: int
    already: bool = False


def start_episode(
    session: Session,
    *,
    question_id: UUID,
    seen_version: int,
    actor: Actor,
    title: str,
    season: int,
) -> Started:
    """Make a draft that will answer a question, and all that are merged into it.

    The words stay sealed in the mailbag until it is published. A draft that was started from it
    before is a success. Raises NotFound, Conflict, or Refused where no episode can answer it.
    """
    take_turn(session)
    question = get_question(session, question_id)
    planned = question.planned_for_id and session.get(Episode, question.planned_for_id)
    if planned:
        return Started(planned.id, already=True)
    if question.version != seen_version:
        raise Conflict(CHANGED)
    if why := why_not(question):
        raise Refused(why)
    episode_id = start_draft(
        session, actor=actor, title=title, season=season, topics=_topics_of(session, question.id)
    )
    answer_when_published(
        session,
        question_id=question_id,
        seen_version=seen_version,
        episode_id=episode_id,
        actor=actor,
    )
    record(
        session,
        actor=actor,
        action="started episode",
        subject="episode",
        subject_id=episode_id,
        detail={"question": str(question_id)},
    )
    return Started(episode_id)


def start_draft(
    session: Session, *, actor: Actor, title: str, season: int, topics: Sequence[str] = ()
) -> int:
    """Make an empty draft with the next number of its season, and return its id.

    Its pictures are drawn when it is saved next, or by the worker. Raises Refused.
    """
    if not workflow.allows(actor.role, "editor"):
        raise Refused(NOT_YOURS)
    take_turn(session)
    if session.get(Season, season) is None:
        raise Refused(NO_SEASON)
    last = session.scalar(select(func.max(Episode.number)).where(Episode.season == season)) or 0
    guid = str(uuid4())
    front = {
        "guid": guid,
        "title": keepable(title),
        "slug": free_slug(session, title),
        "draft": True,
        **({"topics": list(topics)} if topics else {}),
        "episode": {"season": season, "number": last + 1},
    }
    files = {INDEX: text_file(compose(front, ""))}
    episode = make(session, files, get_house(session), guid=guid)
    save_files(session, folder=folder_of(episode.slug), files=files)
    episode_id = save_page(session, replace(episode, look=""))
    forget_look(session)
    add_revision(session, get_row(session, episode_id), actor=actor, action="started")
    return episode_id


def _topics_of(session: Session, question_id: UUID) -> Sequence[str]:
    """Return the slugs of a question's topics, in the show's order."""
    found = (
        select(Topic.slug)
        .join(question_topics, question_topics.c.topic_id == Topic.id)
        .where(question_topics.c.question_id == question_id)
        .order_by(Topic.position)
    )
    return session.scalars(found).all()


def free_slug(session: Session, title: str) -> str:
    """Return an address for a title that no episode has or had."""
    wanted = slug_of(title)
    for number in range(1, 1_000):
        slug = wanted if number == 1 else f"{wanted}-{number}"
        taken = select(Episode.id).where(Episode.slug == slug)
        moved = select(Alias.path).where(Alias.path == f"/episodes/{slug}")
        buried = select(Tombstone.guid).where(Tombstone.slug == slug)
        if all(session.scalar(each.limit(1)) is None for each in (taken, moved, buried)):
            return slug
    return f"episode-{uuid4().hex}"


def slug_of(title: str) -> str:
    """Return a title in small letters, digits and hyphens; "episode" where it has none of them."""
    plain = unicodedata.normalize("NFKD", title.casefold())
    letters = "".join(char for char in plain if not unicodedata.combining(char)).replace("'", "")
    words: Sequence[str] = re.findall(r"[a-z0-9]+", letters.replace("\u2019", ""))
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:LONGEST_SLUG]
        if len(longer) > LONGEST_SLUG:
            break
        slug = longer
    return slug or "episode"
