"""Bringing a revision back: what it said, where the episode is now, and with today's letter.

That makes a new revision, so that nothing is lost: whoever wants it undone brings back the one
before. When the episode is out, its address and what it prints of a letter are no part of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import storage
from webapp.episodes.bundle_files import Files, text_file
from webapp.episodes.models import Show
from webapp.episodes.question_block import with_question
from webapp.exceptions import Conflict, NotFound
from webapp.storage.history import Actor
from webapp.studio.drafts import dated
from webapp.studio.revision_queries import list_gone
from webapp.studio.revisions import INDEX, get_revision, prints_letter
from webapp.studio.saving import change_files, get_row
from webapp.studio.source.pieces import (
    Row,
    put_together,
    take_apart,
    value_of,
    values_of,
    with_entry,
    with_value,
)

OVERTAKEN = "Somebody has saved it since you looked."
# Where it is found stays, since links lead there; and what readers were told stays told.
KEPT = ("slug", "aliases", "corrections")


@dataclass(frozen=True, slots=True)
class Restored:
    """The new revision, None if it was so already, and the files that could not come back."""

    number: int | None
    gone: tuple[str, ...] = field(default=())


def restore(*, episode_id: int, number: int, seen: int, actor: Actor) -> Restored:
    """Bring a revision back on top of the one that was `seen`.

    A medium whose bytes are gone stays as it is now, or is left out. Raises NotFound, Conflict
    when a newer one was saved, Refused, and BundleRefused where it names what is nowhere any more.
    """
    gone: tuple[str, ...] = ()

    def change(now: Files) -> Files:
        nonlocal gone
        session = storage.read()
        if get_row(session, episode_id).revision != seen:
            raise Conflict(OVERTAKEN)
        then = get_revision(session, episode_id, number)
        if INDEX not in now or INDEX not in then:
            raise NotFound
        gone = list_gone(storage.current_settings(), then)
        row = get_row(session, episode_id)
        has_letter = prints_letter(session, storage.current_keyring(), row)
        return _brought_back(session, episode_id, now, then, gone, has_letter=has_letter)

    saved = change_files(change, episode_id=episode_id, actor=actor, action="restored")
    return Restored(saved, gone)


def _brought_back(
    session: Session,
    episode_id: int,
    now: Files,
    then: Files,
    gone: Sequence[str],
    *,
    has_letter: bool,
) -> Files:
    kept = {name: file for name, file in then.items() if name not in gone}
    kept |= {name: now[name] for name in gone if name in now}
    lost = [name for name in gone if name not in now]
    moment = get_row(session, episode_id).published_at
    zone = ZoneInfo(session.scalar(select(Show.timezone)) or "UTC")
    source = _without_media(_in_place(then[INDEX].text, now[INDEX].text), lost)
    source = dated(source, moment.astimezone(zone) if moment else None)
    if has_letter:
        question = values_of(take_apart(now[INDEX].text)).get("question")
        source = with_question(source, question if isinstance(question, dict) else None)
    return {**kept, INDEX: text_file(source)}


def _in_place(source: str, now: str) -> str:
    """Return an `index.md` at the address where the episode is now, with its corrections."""
    pieces, present = take_apart(source), take_apart(now)
    for key in KEPT:
        pieces = with_entry(pieces, present.find(key), key, before="episode")
    corrections = value_of(pieces.find("corrections"))
    if isinstance(corrections, list):  # of a part that is not there, one is of the whole
        parts = {section.id for section in pieces.sections}
        rows = [
            Row({} if item.get("part") in parts else {"part": None}, was=at)
            for at, item in enumerate(corrections)
        ]
        pieces = with_value(pieces, "corrections", rows or None)
    return put_together(pieces)


def _without_media(source: str, lost: Sequence[str]) -> str:
    """Return an `index.md` that names none of some media."""
    pieces = take_apart(source)
    media = value_of(pieces.find("media"))
    if not lost or not isinstance(media, list):
        return source
    left = [
        Row({}, was=at)
        for at, item in enumerate(media)
        if not (isinstance(item, dict) and item.get("file") in lost)
    ]
    return put_together(with_value(pieces, "media", left or None))
