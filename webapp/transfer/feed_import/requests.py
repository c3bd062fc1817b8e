"""Feeds that the desk wants imported: what the worker found in each, and how somebody wants it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.exceptions import Refused
from webapp.staff.roles import allows
from webapp.storage.history import Actor
from webapp.transfer.models import Transfer
from webapp.transfer.plan import SIDES
from webapp.transfer.transfers import (
    FEED,
    get_transfer,
    put,
    refuse_other_plan,
    refuse_role,
    set_running,
)

SAID = 2_000  # lines that are kept of a plan

LOCKED = "The feed is locked. An owner of this site has to say that it is theirs."
NO_SIDE = "Choose which side to keep where both changed the same."


def note_planned(
    session: Session,
    *,
    transfer_id: UUID,
    lines: Sequence[str],
    conflicts: Sequence[str],
    is_locked: bool,
    said: str = "",
) -> None:
    """Keep what an import would do, for somebody to look at. Raises NotFound."""
    put(
        _get(session, transfer_id),
        "planned",
        lines=list(lines[:SAID]),
        more=max(0, len(lines) - SAID),
        conflicts=list(conflicts),
        is_locked=is_locked,
        said=said,
        tries=0,
    )


def note_taken(session: Session, *, transfer_id: UUID, feed: str) -> None:
    """Note that the drafts are here, in the transaction that brings them. Raises NotFound."""
    put(_get(session, transfer_id), "running", feed=feed, after="", waits=[], tries=0)


def note_brought(
    session: Session, *, transfer_id: UUID, key: str, name: str, why: str, left: int
) -> None:
    """Note what became of one file, and how many are left to try. Raises NotFound."""
    transfer = _get(session, transfer_id)
    waits = [*transfer.detail.get("waits", []), *([f"{name}: {why}"] if why else [])]
    transfer.done += 1
    transfer.total = transfer.done + left
    put(transfer, transfer.state, after=key, waits=waits[:SAID], tries=0)


def note_done(session: Session, *, transfer_id: UUID) -> None:
    """Note that every file was tried. Raises NotFound."""
    put(_get(session, transfer_id), "done", tries=0, said="")


def note_refused(session: Session, *, transfer_id: UUID, problems: Sequence[str]) -> None:
    """Keep why a feed is refused. Raises NotFound."""
    put(_get(session, transfer_id), "refused", problems=list(problems[:SAID]))


def choose(
    session: Session,
    *,
    transfer_id: UUID,
    seen: str,
    side: str,
    although_locked: bool,
    actor: Actor,
) -> None:
    """Have a feed imported by the plan that somebody saw.

    `side` is what stays where both changed the same, "" where none did. Raises Conflict when it is
    another plan now, and Refused for whoever is no editor, or for a locked feed no owner.
    """
    refuse_role(FEED, actor)
    transfer = _get(session, transfer_id)
    refuse_other_plan(transfer, seen)
    if transfer.detail["is_locked"] and not (although_locked and allows(actor.role, "owner")):
        raise Refused(LOCKED)
    if transfer.detail["conflicts"] and side not in SIDES:
        raise Refused(NO_SIDE)
    set_running(transfer, actor, side=side, although_locked=although_locked)


def keep_of(detail: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return what was chosen, as an import takes it."""
    return {"*": {"*": detail["side"]}} if detail.get("side") else {}


def _get(session: Session, transfer_id: UUID) -> Transfer:
    return get_transfer(session, FEED, transfer_id)
