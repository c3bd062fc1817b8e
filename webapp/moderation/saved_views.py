"""Views of the queue that are kept by name: filters and an order, one's own or everybody's."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from webapp.exceptions import NotFound, Refused
from webapp.moderation.filters import Filters, as_address
from webapp.moderation.models import SavedView
from webapp.questions.workflow import allows
from webapp.storage import take_turn
from webapp.storage.history import Actor

LONGEST_NAME = 60
MOST = 50
EDITORS_ONLY = "What everybody sees, an editor names. Keep it as one of your own."
TOO_MANY = f"That makes more than {MOST} views. Drop one first."


@dataclass(frozen=True, slots=True)
class View:
    """A named view; `query` is what stands in its address."""

    id: int
    name: str
    query: dict[str, str]
    is_everybodys: bool


def list_views(session: Session, staff_id: int) -> Sequence[View]:
    """Return everybody's views and somebody's own, by name."""
    found = session.scalars(
        select(SavedView)
        .where(_seen_by(staff_id))
        .order_by(func.lower(SavedView.name), SavedView.id)
    )
    return [
        View(one.id, one.name, dict(parse_qsl(one.query)), one.staff_id is None) for one in found
    ]


def save(
    session: Session, *, actor: Actor, name: str, filters: Filters, for_everybody: bool
) -> int:
    """Keep filters under a name, in the place of those that had it; return the view's id.

    Raises Refused for a moderator who names one for everybody, or where there are too many.
    """
    take_turn(session)
    if for_everybody and not allows(actor.role, "editor"):
        raise Refused(EDITORS_ONLY)
    staff_id = None if for_everybody else actor.id
    theirs = SavedView.staff_id.is_(None) if for_everybody else SavedView.staff_id == staff_id
    query = urlencode(as_address(filters))
    view = session.scalars(select(SavedView).where(theirs, SavedView.name == name)).first()
    if view is None:
        if (session.scalar(select(func.count()).select_from(SavedView).where(theirs)) or 0) >= MOST:
            raise Refused(TOO_MANY)
        view = SavedView(staff_id=staff_id, name=name, query=query)
        session.add(view)
    view.query = query
    session.flush()
    return view.id


def drop(session: Session, *, view_id: int, actor: Actor) -> None:
    """Forget a view. Raises NotFound for another's, Refused for a moderator and everybody's."""
    view = session.scalars(
        select(SavedView).where(SavedView.id == view_id, _seen_by(actor.id or 0))
    ).first()
    if view is None:
        raise NotFound
    if view.staff_id is None and not allows(actor.role, "editor"):
        raise Refused(EDITORS_ONLY)
    session.delete(view)
    session.flush()


def _seen_by(staff_id: int) -> ColumnElement[bool]:
    return or_(SavedView.staff_id.is_(None), SavedView.staff_id == staff_id)
