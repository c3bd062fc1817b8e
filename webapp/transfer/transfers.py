"""What came to be taken in, bundles and feeds: noted, worked on, kept as it stands, discarded."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.exceptions import Conflict, NotFound, Refused
from webapp.staff.roles import allows
from webapp.storage.history import Actor
from webapp.studio.uploads.queries import find_actor
from webapp.transfer.models import Transfer

BUNDLE = "bundle"
FEED = "feed"

UNDER_WAY = ("arrived", "planned", "running")  # the worker or somebody at the desk needs its files

KEPT = timedelta(days=30)
LISTED = 20

NOT_YOURS = {
    BUNDLE: "Taking in a bundle takes an editor.",
    FEED: "Importing a feed takes an editor.",
}
NOBODY = (
    "Whoever had this taken in is no longer an editor here. What is missing can be taken in anew."
)
CHANGED = "This was changed while you had it open. It is below as it stands now."


def get_transfer(session: Session, kind: str, transfer_id: UUID) -> Transfer:
    """Return a bundle or a feed that somebody wants to take in. Raises NotFound."""
    transfer = session.get(Transfer, transfer_id, populate_existing=True)
    if transfer is None or transfer.kind != kind:
        raise NotFound
    return transfer


def list_transfers(session: Session, kind: str) -> Sequence[Transfer]:
    """Return those that came last, the newest first."""
    came = select(Transfer).where(Transfer.kind == kind)
    return session.scalars(came.order_by(Transfer.made_at.desc()).limit(LISTED)).all()


def list_busy(session: Session, kind: str) -> Sequence[UUID]:
    """Return the ids of those at which the worker has something to do, the oldest first."""
    busy = Transfer.kind == kind, Transfer.state.in_(("arrived", "running"))
    return session.scalars(select(Transfer.id).where(*busy).order_by(Transfer.made_at)).all()


def arrive(session: Session, *, kind: str, transfer_id: UUID, source: str, actor: Actor) -> None:
    """Note what has come, by its address or its file's name; the worker looks at it next.

    Raises Refused for whoever is no editor.
    """
    refuse_role(kind, actor)
    now = clock.now()
    session.add(
        Transfer(
            id=transfer_id,
            kind=kind,
            source=source,
            staff_id=actor.id or 0,
            author=actor.label,
            state="arrived",
            done=0,
            total=0,
            detail={},
            made_at=now,
            changed_at=now,
        )
    )
    session.flush()


def begin(session: Session, *, kind: str, transfer_id: UUID) -> tuple[str, int]:
    """Note that the worker goes to work; return the state, and how often in a row it did.

    Raises NotFound when it was discarded.
    """
    transfer = get_transfer(session, kind, transfer_id)
    tries = int(transfer.detail.get("tries", 0)) + 1
    put(transfer, transfer.state, tries=tries)
    return transfer.state, tries


def set_running(transfer: Transfer, actor: Actor, **chosen: Any) -> None:
    """Have it taken in as somebody chose."""
    transfer.done = transfer.total = 0
    put(transfer, "running", by=actor.id, said="", tries=0, **chosen)


def find_editor(session: Session, detail: Mapping[str, Any]) -> Actor:
    """Return who has something taken in, with the role that they have by now.

    Raises Refused where they are no longer here, or no editor any more.
    """
    actor = find_actor(session, detail["by"])
    if actor is None or not allows(actor.role, "editor"):
        raise Refused(NOBODY)
    return actor


def discard(session: Session, *, kind: str, transfer_id: UUID, actor: Actor) -> None:
    """Forget it, whatever the worker is doing with it; what is here of it stays.

    Raises NotFound, and Refused for whoever is no editor.
    """
    refuse_role(kind, actor)
    session.delete(get_transfer(session, kind, transfer_id))
    session.flush()


def forget_old(session: Session) -> int:
    """Forget bundles and feeds at which nobody has looked for long; return how many."""
    old = select(Transfer).where(Transfer.changed_at < clock.now() - KEPT)
    found = session.scalars(old).all()
    for transfer in found:
        session.delete(transfer)
    return len(found)


def version_of(transfer: Transfer) -> str:
    """Return as what somebody saw it."""
    return transfer.changed_at.isoformat()


def refuse_other_plan(transfer: Transfer, seen: str) -> None:
    """Raise Conflict unless its plan is the one that somebody saw."""
    if transfer.state != "planned" or version_of(transfer) != seen:
        raise Conflict(CHANGED)


def refuse_role(kind: str, actor: Actor) -> None:
    """Raise Refused for whoever is no editor."""
    if not allows(actor.role, "editor"):
        raise Refused(NOT_YOURS[kind])


def put(transfer: Transfer, state: str, **detail: Any) -> None:
    """Keep how it stands, and what there is to say of it."""
    transfer.detail = {**transfer.detail, **detail}
    transfer.state = state
    transfer.changed_at = clock.now()
