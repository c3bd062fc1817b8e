"""Correcting what is out: an act of its own, with its moment, that readers and feeds are told of.

See docs/decisions/0012-when-an-episode-changed.md.
"""

from zoneinfo import ZoneInfo

from sqlalchemy import select

from webapp import clock, storage
from webapp.episodes.bundle_files import Files, text_file
from webapp.episodes.models import Show
from webapp.episodes.question_block import keepable
from webapp.exceptions import NotFound, Refused
from webapp.storage.history import Actor
from webapp.studio.announcing import announce
from webapp.studio.revisions import INDEX
from webapp.studio.saving import change_files, get_row
from webapp.studio.source.pieces import Row, put_together, take_apart, value_of, with_value

LONGEST_CORRECTION = 2_000
NOT_OUT = "It is not out, so nobody has read what is wrong: change the text itself."


def correct(*, episode_id: int, part: str, text: str, actor: Actor) -> int | None:
    """Add a correction to a part of an episode that is out, or to the whole where `part` is "".

    Return the number of the revision, None where that correction is there already. From this
    moment on the episode counts as updated. Raises NotFound, BundleRefused for a part that there
    is not, and Refused for what is not out or whoever is no editor.
    """
    words = keepable(text).strip()

    def change(files: Files) -> Files:
        session = storage.read()
        moment = get_row(session, episode_id).published_at
        if moment is None or moment > clock.now():
            raise Refused(NOT_OUT)
        if INDEX not in files:
            raise NotFound
        zone = session.scalar(select(Show.timezone)) or "UTC"
        source = _with_correction(files[INDEX].text, part, words, zone)
        return {**files, INDEX: text_file(source)}

    number = change_files(change, episode_id=episode_id, actor=actor, action="corrected")
    if number is not None:
        storage.write(announce, episode_id=episode_id)
    return number


def _with_correction(source: str, part: str, text: str, timezone: str) -> str:
    pieces = take_apart(source)
    said = value_of(pieces.find("corrections"))
    made = said if isinstance(said, list) else []
    if any(each.get("text") == text and (each.get("part") or "") == part for each in made):
        return source
    now = clock.now().astimezone(ZoneInfo(timezone))
    values = {"date": now.isoformat(timespec="seconds"), "part": part or None, "text": text}
    rows = [*(Row({}, was=at) for at in range(len(made))), Row(values)]
    return put_together(with_value(pieces, "corrections", rows))
