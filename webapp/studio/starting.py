"""Starting an episode from a question: a draft with its number, and with none of its words."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.episodes.document import Document
from webapp.episodes.models import Alias, Episode, Season, Topic
from webapp.episodes.question_block import keepable
from webapp.episodes.services import mark_saved, save_bundle_file, save_episode
from webapp.exceptions import Conflict, Refused
from webapp.moderation.answering import answer_when_published, why_not
from webapp.questions.models import Question, question_topics
from webapp.questions.queries import get_question
from webapp.questions.services import CHANGED
from webapp.storage import take_turn
from webapp.storage.history import Actor, record
from webapp.studio.drafts import compose

LONGEST_SLUG = 80
NO_SEASON = "There is no such season. Import show.yaml with one first."


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
    if session.get(Season, season) is None:
        raise Refused(NO_SEASON)
    if why := why_not(question):
        raise Refused(why)
    front = _front(session, question, title=title, season=season)
    episode_id = _save(session, question, front)
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


def _front(session: Session, question: Question, *, title: str, season: int) -> dict[str, Any]:
    """Return the front matter of a draft, in the order in which people write it."""
    last = session.scalar(select(func.max(Episode.number)).where(Episode.season == season)) or 0
    topics = _topics_of(session, question.id)
    return {
        "guid": str(uuid4()),
        "title": keepable(title),
        "slug": free_slug(session, title),
        "draft": True,
        **({"topics": list(topics)} if topics else {}),
        "episode": {"season": season, "number": last + 1},
    }


def _save(session: Session, question: Question, front: dict[str, Any]) -> int:
    """Save a draft with its file, and return its id."""
    slug = front["slug"]
    save_bundle_file(session, path=f"episodes/{slug}/index.md", text=compose(front, ""))
    columns = {
        "slug": slug,
        "title": front["title"],
        "summary": "",
        "season": front["episode"]["season"],
        "number": front["episode"]["number"],
        "kind": "full",
        "duration": 0,
        "explicit": False,
        "updated_at": None,
        "question_text": "",
        "question_sign_off": "",
        "question_asked": "",
        "question_edited": False,
        "reading_minutes": 0,
        "video_note": "",
        "audio_note": "",
        "text_note": "",
        "document": Document().model_dump_json(),
        "transcript_vtt": "",
        "fingerprint": "",
    }
    episode_id = save_episode(
        session,
        guid=front["guid"],
        columns=columns,
        topics=list(_topics_of(session, question.id).values()),
        contributions=(),
        media=(),
        aliases=(),
    )
    mark_saved(session, at=clock.now())
    return episode_id


def _topics_of(session: Session, question_id: UUID) -> dict[str, int]:
    """Return the slugs of a question's topics with their ids, in the show's order."""
    found = (
        select(Topic.slug, Topic.id)
        .join(question_topics, question_topics.c.topic_id == Topic.id)
        .where(question_topics.c.question_id == question_id)
        .order_by(Topic.position)
    )
    return {row.slug: row.id for row in session.execute(found)}


def free_slug(session: Session, title: str) -> str:
    """Return an address for a title that no episode has or had."""
    wanted = slug_of(title)
    for number in range(1, 1_000):
        slug = wanted if number == 1 else f"{wanted}-{number}"
        taken = select(Episode.id).where(Episode.slug == slug)
        moved = select(Alias.path).where(Alias.path == f"/episodes/{slug}")
        if session.scalar(taken) is None and session.scalar(moved) is None:
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
