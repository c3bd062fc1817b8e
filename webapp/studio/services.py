"""Publishing an episode, and taking it back: the only ways to do so, for whoever does it."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.episodes.bundle_files import save_text
from webapp.episodes.document import Document
from webapp.episodes.models import BundleFile, Episode, Show
from webapp.episodes.services import mark_saved
from webapp.exceptions import Conflict, Refused
from webapp.moderation.answering import settle_later
from webapp.questions import workflow
from webapp.storage import take_turn
from webapp.storage.history import Actor, record
from webapp.studio.announcing import announce
from webapp.studio.drafts import dated
from webapp.studio.printing import find_asked, print_question, unprint_questions, version_of
from webapp.studio.saving import get_row
from webapp.studio.source.columns import updated_at
from webapp.studio.states import was_ever_out

NOT_YOURS = "Publishing takes an editor."
CHANGED = "When it is out has been changed since you looked."


def publish(
    session: Session,
    *,
    episode_id: int,
    actor: Actor,
    at: datetime | None = None,
    sign_off: str | None = None,
) -> UUID | None:
    """Have everybody see an episode, from now or from a moment on; return the act.

    None if it was so: one that is out stays out since when it was, unless another moment is
    named. Only now does it print the question that it answers, with a `sign_off` instead of the
    asker's own if one is given. Its questions are answered by the worker once it is out. Raises
    NotFound, or Refused for whoever is no editor.
    """
    _refuse_role(actor)
    take_turn(session)
    episode = get_row(session, episode_id)
    now = clock.now().replace(microsecond=0)  # as a file says it
    before = episode.published_at
    if before is not None and (before == at or (at is None and before <= now)):
        if not episode.question_text:
            print_question(session, episode, sign_off=sign_off)
        return None
    _set_moment(session, episode, at or now)
    episode.withdrawn_at = None
    print_question(session, episode, sign_off=sign_off)
    return record(
        session,
        actor=actor,
        action="published",
        subject="episode",
        subject_id=episode_id,
        detail={"at": _in_words(episode.published_at), "before": _in_words(before)},
    )


def take_back(session: Session, *, episode_id: int, actor: Actor) -> UUID | None:
    """Have an episode be a draft again, or withdrawn, if it was ever out; return the act.

    None if it was so. What it answered goes back to where it was, and is answered again with the
    next publishing; until then its words stand sealed in the mailbag alone. Raises NotFound, or
    Refused for whoever is no editor.
    """
    _refuse_role(actor)
    take_turn(session)
    episode = get_row(session, episode_id)
    before = episode.published_at
    if before is None:
        return None
    if was_ever_out(session, episode):
        episode.withdrawn_at = clock.now()
    _set_moment(session, episode, None)
    unprint_questions(session, episode)
    return record(
        session,
        actor=actor,
        action="took back episode",
        subject="episode",
        subject_id=episode_id,
        detail={"before": _in_words(before)},
    )


def publish_as_seen(
    session: Session,
    *,
    episode_id: int,
    seen: datetime | None,
    actor: Actor,
    at: datetime | None = None,
    asked: str | None = None,
    sign_off: str | None = None,
) -> UUID | None:
    """Publish an episode as somebody saw it: out from `seen` on, or a draft.

    `asked` is the question to be printed as they saw it (`version_of`). Already so is a success,
    as with `publish`. Raises Conflict when either was changed since.
    """
    take_turn(session)
    before = get_row(session, episode_id).published_at
    is_so = before == at if at else before is not None and before <= clock.now()
    if before != seen and not is_so:
        raise Conflict(CHANGED)
    if asked is not None and asked != version_of(find_asked(session, episode_id)):
        raise Conflict(CHANGED)
    return publish(session, episode_id=episode_id, actor=actor, at=at, sign_off=sign_off)


def take_back_as_seen(
    session: Session, *, episode_id: int, seen: datetime | None, actor: Actor
) -> UUID | None:
    """Take back an episode as somebody saw it. Raises Conflict when it was changed since."""
    take_turn(session)
    before = get_row(session, episode_id).published_at
    if before is not None and before != seen:
        raise Conflict(CHANGED)
    return take_back(session, episode_id=episode_id, actor=actor)


def _refuse_role(actor: Actor) -> None:
    if not workflow.allows(actor.role, "editor"):
        raise Refused(NOT_YOURS)


def _set_moment(session: Session, episode: Episode, moment: datetime | None) -> None:
    zone = ZoneInfo(session.scalar(select(Show.timezone)) or "UTC")
    episode.published_at = moment
    corrections = Document.model_validate_json(episode.document).corrections
    episode.updated_at = updated_at(moment, corrections, zone.key)
    path = f"episodes/{episode.slug}/index.md"
    file = session.get(BundleFile, path)
    if file is not None:
        local = moment.astimezone(zone) if moment else None
        save_text(session, path=path, text=dated(file.text, local))
    mark_saved(session, at=clock.now())
    session.flush()
    settle_later(session, episode_id=episode.id)
    announce(session, episode_id=episode.id, at=moment if moment and moment > clock.now() else None)


def _in_words(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
