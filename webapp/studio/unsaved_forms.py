"""What somebody has typed into a form and not saved, on whatever page it is: kept until they do.

What was saved leaves its turn behind, without a field, for a day: what its tab had sent by itself
and comes in behind it is known by that, and turns never begin anew while a tab can remember one.
The writing page has its own (webapp/studio/unsaved.py), which keeps with every button as well.
"""

from collections.abc import Mapping
from datetime import datetime
from operator import itemgetter

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.staff.models import User
from webapp.storage import take_turn
from webapp.studio.models import UnsavedForm
from webapp.studio.rows import Pairs
from webapp.studio.saving import get_row
from webapp.studio.unsaved import Typed, is_behind, list_others, refuse_too_long


def find_typed(session: Session, *, place: str, staff_id: int) -> Typed | None:
    """Return what somebody has typed into a form, without a field once it is saved, or None."""
    row = session.get(UnsavedForm, (staff_id, place), populate_existing=True)
    if row is None:
        return None
    return Typed(
        row.turn, row.tab, tuple((name, value) for name, value in row.fields), row.saved_at
    )


def list_unsaved(session: Session, *, episode_id: int) -> Mapping[str, datetime]:
    """Return who has typed something of an episode and not saved it, with the last such moment.

    That is on its page or into one of its other forms.
    """
    typing = (
        select(User.name, UnsavedForm.saved_at)
        .join(User, User.id == UnsavedForm.staff_id)
        .where(UnsavedForm.episode_id == episode_id, _has_fields())
    )
    forms = [(row.name, row.saved_at) for row in session.execute(typing)]
    return dict(sorted([*list_others(session, episode_id=episode_id), *forms], key=itemgetter(1)))


def keep_typed(
    session: Session,
    *,
    place: str,
    episode_id: int | None,
    staff_id: int,
    pairs: Pairs,
    tab: str,
    opened: int,
    turn: int,
) -> None:
    """Keep what a form sends by itself, unless something later of the same tab is kept.

    `opened` is the turn that it began with. Raises NotFound for an episode that is gone, and
    Conflict where another tab has kept something since, or for too much.
    """
    take_turn(session)
    if episode_id is not None:
        get_row(session, episode_id)
    before = find_typed(session, place=place, staff_id=staff_id)
    if is_behind(before, tab=tab, opened=opened, turn=turn):
        return
    refuse_too_long(pairs)
    row = UnsavedForm(staff_id=staff_id, place=place, episode_id=episode_id, tab=tab, turn=turn)
    row.fields = [[name, value] for name, value in pairs]
    row.saved_at = clock.now()
    session.merge(row)
    session.flush()


def drop_typed(
    session: Session,
    *,
    place: str,
    episode_id: int | None,
    staff_id: int,
    tab: str,
    opened: int,
    turn: int,
) -> None:
    """Forget what a form has sent by itself, or was opened with; not what another tab has kept.

    `turn` is that of what it has sent last.
    """
    row = session.get(UnsavedForm, (staff_id, place), populate_existing=True)
    if row is not None and row.tab != tab and row.turn != opened:
        return
    last = max(turn, row.turn if row else 0)
    gone = UnsavedForm(staff_id=staff_id, place=place, episode_id=episode_id, tab=tab, turn=last)
    gone.fields, gone.saved_at = [], clock.now()
    session.merge(gone)
    session.flush()


def forget_saved(session: Session, *, before: datetime) -> int:
    """Forget the turns of what was saved before a moment; return how many there were."""
    old = ~_has_fields(), UnsavedForm.saved_at < before
    keys = session.execute(select(UnsavedForm.staff_id, UnsavedForm.place).where(*old)).all()
    session.execute(delete(UnsavedForm).where(*old).execution_options(synchronize_session=False))
    return len(keys)


def _has_fields() -> ColumnElement[bool]:
    return func.json_array_length(UnsavedForm.fields) > 0
