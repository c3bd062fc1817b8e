"""Bundles that came to the desk: what the worker found in each, and how somebody wants it."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.exceptions import Conflict, Refused
from webapp.staff.roles import allows
from webapp.storage.history import Actor
from webapp.studio.source.artwork import NAMES
from webapp.transfer.models import Transfer
from webapp.transfer.plan import SIDES, Plan
from webapp.transfer.transfers import (
    BUNDLE,
    get_transfer,
    put,
    refuse_other_plan,
    refuse_role,
    set_running,
)

SHOW = "show.yaml"
OWNERS = frozenset({SHOW, "help.yaml", "topics.yaml", *NAMES})
PEOPLE = "people/"
NOT_YOURS = (
    "This changes {files}, which takes an owner. Have one take it in, or leave that out of it."
)
OTHER_PLAN = "The bundle would change something else by now."
SAID = 200  # problems that are kept of a bundle that is refused


def note_progress(session: Session, *, transfer_id: UUID, done: int, total: int) -> None:
    """Note how far the work on a bundle is. Raises NotFound when it was discarded."""
    transfer = _get(session, transfer_id)
    transfer.done, transfer.total = done, total


def note_planned(session: Session, *, transfer_id: UUID, plan: Plan, said: str = "") -> None:
    """Keep what taking in a bundle would do, for somebody to look at; `said` is why once more."""
    put(_get(session, transfer_id), "planned", plan=plan.kept(), said=said, tries=0)


def note_refused(session: Session, *, transfer_id: UUID, problems: Sequence[str]) -> None:
    """Keep why a bundle is refused."""
    more = max(0, len(problems) - SAID)
    put(_get(session, transfer_id), "refused", problems=list(problems[:SAID]), more=more)


def note_done(session: Session, plan: Plan, *, transfer_id: UUID, actor: Actor) -> None:
    """Note that a bundle is taken in by `plan`, in the transaction that does it.

    Raises Conflict where that changes what the plan that somebody saw does not name, and Refused
    where it takes an owner.
    """
    transfer = _get(session, transfer_id)
    seen = Plan.of_kept(transfer.detail["plan"])
    clashing = {file for file, _clash in seen.conflicts}
    clashing |= {file.rpartition("/")[0] for file in clashing}  # an episode is named by its folder
    if not plan.writes <= seen.writes | clashing:
        raise Conflict(OTHER_PLAN)
    _refuse_owners(plan, (), actor)
    put(transfer, "done", plan=plan.kept(), said="")


def choose(
    session: Session,
    *,
    transfer_id: UUID,
    seen: str,
    sides: Mapping[int, str],
    actor: Actor,
) -> None:
    """Have a bundle taken in by the plan that somebody saw, with a side for each conflict of it.

    `sides` are "here" and "there" by the places of the conflicts in the plan. Raises Conflict when
    it is another plan now, and Refused for whoever is no editor.
    """
    refuse_role(BUNDLE, actor)
    transfer = _get(session, transfer_id)
    refuse_other_plan(transfer, seen)
    plan = Plan.of_kept(transfer.detail["plan"])
    places = range(len(plan.conflicts))
    if any(sides.get(place) not in SIDES for place in places):
        raise Refused("Choose a side for each conflict.")
    there = {file for at, (file, _clash) in enumerate(plan.conflicts) if sides[at] != "here"}
    _refuse_owners(plan, there, actor)
    set_running(transfer, actor, sides=[sides[place] for place in places])


def _refuse_owners(plan: Plan, there: Collection[str], actor: Actor) -> None:
    """Raise Refused for what takes an owner: all but new people, and a show's first files.

    `there` are the files with conflicts in which the bundle's side is wanted.
    """
    changed = {*plan.changed, *plan.merged, *there}
    new = set() if SHOW in plan.new else set(plan.new)
    owners = {file for file in changed | new if file in OWNERS}
    owners |= {file for file in changed if file.startswith(PEOPLE)}
    if owners and not allows(actor.role, "owner"):
        raise Refused(NOT_YOURS.format(files=" and ".join(sorted(owners))))


def _get(session: Session, transfer_id: UUID) -> Transfer:
    return get_transfer(session, BUNDLE, transfer_id)
