"""What somebody has typed on an episode's page and not saved: kept for them until they do."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.exceptions import Conflict
from webapp.storage import take_turn
from webapp.storage.history import Actor
from webapp.studio.models import UnsavedPage
from webapp.studio.rows import Pairs
from webapp.studio.saving import get_row

ANOTHER_TAB = "You have written here in another tab as well."
KEPT_THERE = (
    f"{ANOTHER_TAB} That is kept: open this page once more to see it. To have what is here take "
    "its place, press the button again."
)
LAST_TURN = 2**31 - 2
LONGEST = 1_900_000  # characters of all fields; a form that comes whole has fewer
TOO_LONG = "This is more than a page can keep before it is saved."
MARKS = frozenset({"csrf_token", "do", "revision", "turn", "tab", "opened", "seen", "focus"})
CHOICE = "choice|"


@dataclass(frozen=True, slots=True)
class Typed:
    """Fields of a form as they were typed in a tab; `turn` tells which of two is the later."""

    turn: int
    tab: str
    pairs: Pairs
    at: datetime


@dataclass(frozen=True, slots=True)
class Unsaved(Typed):
    """What somebody typed on an episode's page, since `revision`."""

    name: str
    revision: int


def find_unsaved(session: Session, *, episode_id: int, staff_id: int | None) -> Unsaved | None:
    """Return what somebody has typed and not saved, or None."""
    row = session.get(UnsavedPage, (episode_id, staff_id or 0), populate_existing=True)
    return None if row is None else _read(row)


def list_others(
    session: Session, *, episode_id: int, besides: int | None = None
) -> Sequence[tuple[str, datetime]]:
    """Return who has unsaved writing on an episode's page, and since when it stands."""
    others = (
        select(UnsavedPage.name, UnsavedPage.saved_at)
        .where(UnsavedPage.episode_id == episode_id, UnsavedPage.staff_id != (besides or 0))
        .order_by(UnsavedPage.saved_at)
    )
    return [(row.name, row.saved_at) for row in session.execute(others)]


def keep_unsaved(
    session: Session,
    *,
    episode_id: int,
    actor: Actor,
    pairs: Pairs,
    revision: int,
    tab: str,
    opened: int,
) -> None:
    """Keep what somebody sent by a button.

    `opened` is the turn that the page began with. Raises NotFound, and Conflict where something
    that the page has not shown is kept of another tab: they have to see that first.
    """
    take_turn(session)
    get_row(session, episode_id)
    before = find_unsaved(session, episode_id=episode_id, staff_id=actor.id)
    if before and before.turn != opened and not (tab and before.tab == tab):
        raise Conflict(KEPT_THERE)
    turn = min(before.turn + 1, LAST_TURN) if before else 1
    typed = [*typed_in(pairs), ("tab", tab)]
    _put(session, episode_id=episode_id, actor=actor, pairs=typed, revision=revision, turn=turn)


def keep_typed(
    session: Session,
    *,
    episode_id: int,
    actor: Actor,
    pairs: Pairs,
    revision: int,
    tab: str,
    opened: int,
    turn: int,
) -> None:
    """Keep what a page sends by itself, unless something later of the same page is kept.

    `opened` is the turn that it began with. Raises NotFound, and Conflict where another tab has
    kept something since.
    """
    take_turn(session)
    get_row(session, episode_id)
    before = find_unsaved(session, episode_id=episode_id, staff_id=actor.id)
    if is_behind(before, tab=tab, opened=opened, turn=turn):
        return
    typed = [*typed_in(pairs), ("tab", tab)]
    _put(session, episode_id=episode_id, actor=actor, pairs=typed, revision=revision, turn=turn)


def drop_unsaved(session: Session, *, episode_id: int, staff_id: int | None) -> None:
    """Throw away what somebody has typed and not saved."""
    row = session.get(UnsavedPage, (episode_id, staff_id or 0))
    if row is not None:
        session.delete(row)
        session.flush()


def typed_in(pairs: Pairs, *, besides: Collection[str] = MARKS) -> list[tuple[str, str]]:
    """Return the fields of a form without what is about the form itself."""
    return [
        (name, value.replace("\0", "\ufffd"))
        for name, value in pairs
        if name not in besides and not name.startswith(CHOICE) and "\0" not in name
    ]


def is_behind(before: Typed | None, *, tab: str, opened: int, turn: int) -> bool:
    """Return whether something later of the same tab is kept than what it sends by itself.

    `opened` is the turn that it began with. Raises Conflict where another tab has kept something
    since.
    """
    if before is None or before.tab == tab:
        return before is not None and before.turn >= turn
    if before.turn != opened:
        raise Conflict(ANOTHER_TAB)
    return False


def refuse_too_long(pairs: Pairs) -> None:
    """Raise Conflict for more than can be kept."""
    if sum(len(name) + len(value) for name, value in pairs) > LONGEST:
        raise Conflict(TOO_LONG)


def _put(
    session: Session, *, episode_id: int, actor: Actor, pairs: Pairs, revision: int, turn: int
) -> None:
    refuse_too_long(pairs)
    key = (episode_id, actor.id or 0)
    row = session.get(UnsavedPage, key) or UnsavedPage(episode_id=key[0], staff_id=key[1])
    row.name = actor.label
    row.revision = revision
    row.turn = min(turn, LAST_TURN)
    row.fields = [[name, value] for name, value in pairs]
    row.saved_at = clock.now()
    session.add(row)
    session.flush()


def _read(row: UnsavedPage) -> Unsaved:
    pairs = [(name, value) for name, value in row.fields]
    tab = next((value for name, value in pairs if name == "tab"), "")
    kept = tuple(pair for pair in pairs if pair[0] != "tab")
    return Unsaved(row.turn, tab, kept, row.saved_at, row.name, row.revision)
