"""What the worker does with bundles that came to the desk: unpack, plan, and take in.

Each step may be cut off, and is done again from its beginning: an unpacked folder is thrown away
and unpacked anew, and a bundle is taken in by the one transaction that also says so.
"""

import logging
import shutil
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from webapp import clock, storage
from webapp.episodes.problems import BundleRefused
from webapp.exceptions import Conflict, NotFound, Refused
from webapp.storage import AWAY
from webapp.transfer import services, transfers
from webapp.transfer.importing import import_bundle
from webapp.transfer.plan import Clashing, Keep, Plan
from webapp.transfer.transfers import BUNDLE, find_editor, get_transfer
from webapp.transfer.unpacking import unpack
from webapp.web.site import fault_in_words

MOST_TRIES = 3
PAUSE = timedelta(seconds=1)  # between two notes of how far it is

GONE_MEANWHILE = "Something was saved meanwhile. Look at the plan again."
BROKEN_OFF = "Taking this in was broken off three times. Nothing of it was taken in."
BROKEN = (
    "Taking this in broke ({kind}), and nothing of it was taken in. Ask whoever runs this site: "
    "its log says where."
)
NO_DISK = "The disk did not take it ({why}). Nothing of it was taken in."

log = logging.getLogger(__name__)


def folder_of(transfer_id: UUID) -> Path:
    """Return the folder in which the files of a bundle lie until it is taken in."""
    return storage.current_settings().instance_path / "transfers" / str(transfer_id)


def carry_on(_today: date) -> Iterator[Mapping[str, int]]:
    """Unpack and plan what has arrived, and take in what somebody chose; yield after each."""
    session = storage.read()
    session.rollback()
    for transfer_id in transfers.list_busy(session, BUNDLE):
        _attempt(transfer_id)
        yield {"bundles": 1}


def forget_old(_today: date) -> Iterator[Mapping[str, int]]:
    """Forget bundles at which nobody has looked for a month; their files are swept with others."""
    yield {"bundles": storage.write(transfers.forget_old)}


def forget_files(transfer_id: UUID) -> None:
    """Remove the files of a bundle."""
    shutil.rmtree(folder_of(transfer_id), ignore_errors=True)


def _attempt(transfer_id: UUID) -> None:
    """Do what is next with a bundle; what goes wrong is kept for whoever brought it."""
    try:
        problems = _do_next(transfer_id)
    except NotFound:
        forget_files(transfer_id)
        return
    if problems:
        storage.write(services.note_refused, transfer_id=transfer_id, problems=problems)
    if _state_of(transfer_id) != "planned":
        forget_files(transfer_id)


def _do_next(transfer_id: UUID) -> list[str]:
    """Do what is next; return why it is refused, nothing if it is not. Raises NotFound."""
    state, tries = storage.write(transfers.begin, kind=BUNDLE, transfer_id=transfer_id)
    if tries > MOST_TRIES:
        return [BROKEN_OFF]
    try:
        _plan(transfer_id) if state == "arrived" else _take_in(transfer_id)
    except (*AWAY, NotFound):
        raise
    except Clashing as clashing:
        _plan_again(transfer_id, clashing.plan)
    except Conflict:
        _plan(transfer_id, said=GONE_MEANWHILE)
    except BundleRefused as refused:
        return [str(problem) for problem in refused.problems]
    except Refused as refused:
        return [str(refused)]
    except OSError as error:
        # One that was discarded has no files any more.
        get_transfer(storage.read(), BUNDLE, transfer_id)
        return [NO_DISK.format(why=error.strerror or "unknown")]
    except Exception as error:  # noqa: BLE001 - one that is broken keeps none of the others
        log.error(fault_in_words(type(error), error.__traceback__))  # noqa: TRY400 - no words
        return [BROKEN.format(kind=type(error).__name__)]
    return []


def _plan(transfer_id: UUID, *, said: str = "") -> None:
    """Unpack a bundle, unless that is done, and keep what taking it in would do."""
    folder, tell = folder_of(transfer_id), _Progress(transfer_id)
    place = folder / "bundle"
    if (folder / "bundle.zip").exists():
        shutil.rmtree(place, ignore_errors=True)
        unpack(folder / "bundle.zip", place, tell)
        (folder / "bundle.zip").unlink()
    plan = import_bundle(place, dry_run=True, tell=tell)
    storage.write(services.note_planned, transfer_id=transfer_id, plan=plan, said=said)


def _plan_again(transfer_id: UUID, plan: Plan) -> None:
    storage.write(services.note_planned, transfer_id=transfer_id, plan=plan, said=GONE_MEANWHILE)


def _take_in(transfer_id: UUID) -> None:
    """Take a bundle in as somebody chose, if what they saw is still so."""
    detail = get_transfer(storage.read(), BUNDLE, transfer_id).detail
    actor = find_editor(storage.read(), detail)
    import_bundle(
        folder_of(transfer_id) / "bundle",
        choose=partial(_chosen, Plan.of_kept(detail["plan"]), detail["sides"]),
        actor=actor,
        tell=_Progress(transfer_id),
        finish=partial(services.note_done, transfer_id=transfer_id, actor=actor),
    )


def _chosen(seen: Plan, sides: list[str], plan: Plan) -> Keep:
    """Return what was chosen of the conflicts that are still as they were seen."""
    chosen = dict(zip(seen.conflicts, sides, strict=True))
    keep: dict[str, dict[str, str]] = {}
    for file, clash in plan.conflicts:
        if side := chosen.get((file, clash)):
            keep.setdefault(file, {})[clash.field] = side
    return keep


def _state_of(transfer_id: UUID) -> str:
    session = storage.read()
    session.rollback()
    return get_transfer(session, BUNDLE, transfer_id).state


class _Progress:
    """Notes how far it is, once a second at most. Raises NotFound when it was discarded."""

    def __init__(self, transfer_id: UUID) -> None:
        self._transfer_id = transfer_id
        self._noted_at: datetime | None = None

    def __call__(self, done: int, total: int) -> None:
        now = clock.now()
        if self._noted_at is None or now >= self._noted_at + PAUSE:
            self._noted_at = now
            storage.write(
                services.note_progress, transfer_id=self._transfer_id, done=done, total=total
            )
