"""What the worker does with feeds of the desk: read them, take in the drafts, bring their files.

Each step may be cut off and is done again: drafts come in one transaction that also says so, and a
file that was tried is noted before the next one.
"""

import logging
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from webapp import clock, storage
from webapp.episodes.problems import BundleRefused
from webapp.exceptions import Conflict, NotFound, Refused
from webapp.storage import AWAY
from webapp.transfer import transfers
from webapp.transfer.arriving import folder_of, forget_files
from webapp.transfer.feed_import import requests
from webapp.transfer.feed_import.bringing import bring, list_lacking
from webapp.transfer.feed_import.plan import FeedPlan
from webapp.transfer.feed_import.taking_in import Imported, is_address, read_source, take_in
from webapp.transfer.models import Transfer
from webapp.transfer.transfers import FEED, find_editor, get_transfer
from webapp.web.site import fault_in_words

MOST_TRIES = 3
ROUND = timedelta(seconds=5)  # of one round of the worker, which has other work too
MEDIA_SECONDS = 600.0

CHANGED = "The feed, or something here, has changed meanwhile. Look at the plan again."
FILE_GONE = "The file that was sent is no longer here. Choose it again."
BROKEN_OFF = "Importing this was broken off three times."
BROKEN = "Importing this broke ({kind}). Ask whoever runs this site: its log says where."
FEED_FILE = "feed.xml"

log = logging.getLogger(__name__)


def carry_on(_today: date) -> Iterator[Mapping[str, int]]:
    """Do what is next with each feed, for some seconds; yield after each step."""
    session = storage.read()
    session.rollback()
    until = clock.now() + ROUND
    for transfer_id in transfers.list_busy(session, FEED):
        while _attempt(transfer_id):
            yield {"feeds": 1}
            if clock.now() >= until:
                return


def source_of(transfer: Transfer) -> str:
    """Return where a feed is read from: the file that came with it, or its address.

    Raises Refused where the file is gone: its name must not be taken for one of this machine's.
    """
    path = folder_of(transfer.id) / FEED_FILE
    if path.exists():
        return str(path)
    if not is_address(transfer.source):
        raise Refused(FILE_GONE)
    return transfer.source


def _attempt(transfer_id: UUID) -> bool:
    """Do one step with a feed; return whether there may be another at once."""
    try:
        problems = _do_next(transfer_id)
        if problems:
            storage.write(requests.note_refused, transfer_id=transfer_id, problems=problems)
        storage.read().rollback()
        state = get_transfer(storage.read(), FEED, transfer_id).state
    except NotFound:  # it was discarded
        state = "done"
    if state in {"done", "refused"}:
        forget_files(transfer_id)
    return state == "running"


def _do_next(transfer_id: UUID) -> list[str]:
    """Do what is next; return why it is refused, nothing if it is not. Raises NotFound."""
    _state, tries = storage.write(transfers.begin, kind=FEED, transfer_id=transfer_id)
    storage.read().rollback()
    transfer = get_transfer(storage.read(), FEED, transfer_id)
    try:
        if transfer.state == "running" and "feed" in transfer.detail:
            _bring_next(transfer, is_broken=tries > MOST_TRIES)
        elif tries > MOST_TRIES:
            return [BROKEN_OFF]
        elif transfer.state == "running":
            _take_in(transfer)
        else:
            _plan(transfer)
    except (*AWAY, NotFound):
        raise
    except Conflict:
        _plan(transfer, said=CHANGED)
    except BundleRefused as refused:
        return [str(problem) for problem in refused.problems]
    except Refused as refused:
        return [str(refused)]
    except Exception as error:  # noqa: BLE001 - one that is broken keeps none of the others
        log.error(fault_in_words(type(error), error.__traceback__))  # noqa: TRY400 - no words
        return [] if "feed" in transfer.detail else [BROKEN.format(kind=type(error).__name__)]
    return []


def _plan(transfer: Transfer, *, said: str = "") -> None:
    """Read a feed, and keep what importing it would do."""
    _note_plan(transfer.id, _looked_at(transfer), said)


def _looked_at(transfer: Transfer) -> Imported:
    return take_in(read_source(source_of(transfer)), dry_run=True)


def _note_plan(transfer_id: UUID, found: Imported, said: str) -> None:
    storage.write(
        requests.note_planned,
        transfer_id=transfer_id,
        lines=list(found.lines()),
        conflicts=_conflicts(found),
        is_locked=found.plan.is_locked,
        said=said,
    )


def _conflicts(found: Imported) -> list[str]:
    return [f"{file}: {clash.field}" for file, clash in found.done.conflicts]


def _take_in(transfer: Transfer) -> None:
    """Bring the drafts of a feed, if its plan is still the one that was seen."""
    transfer_id, detail = transfer.id, dict(transfer.detail)
    actor = find_editor(storage.read(), detail)
    read = read_source(source_of(transfer))
    found = take_in(read, dry_run=True)
    if list(found.lines())[: requests.SAID] != detail["lines"]:
        _note_plan(transfer_id, found, CHANGED)
        return

    def finish(session: Session, _plan: FeedPlan) -> None:
        requests.note_taken(session, transfer_id=transfer_id, feed=found.feed)

    take_in(
        read,
        although_locked=detail["although_locked"],
        with_artwork=True,
        keep=requests.keep_of(detail),
        actor=actor,
        finish=finish,
    )


def _bring_next(transfer: Transfer, *, is_broken: bool) -> None:
    """Try the next file, or say that all were tried; one that broke three times is left."""
    transfer_id, detail = transfer.id, dict(transfer.detail)
    lacking = [each for each in list_lacking(detail["feed"]) if each.key > detail["after"]]
    if not lacking:
        storage.write(requests.note_done, transfer_id=transfer_id)
        return
    actor = find_editor(storage.read(), detail)
    why = BROKEN_OFF
    if not is_broken:
        why = bring(detail["feed"], lacking[0], actor=actor, seconds=MEDIA_SECONDS)
    note = partial(requests.note_brought, key=lacking[0].key, name=lacking[0].name, why=why)
    storage.write(note, transfer_id=transfer_id, left=len(lacking) - 1)


def keep_feed(transfer_id: UUID, data: bytes) -> Path:
    """Keep a feed that came as a file until it is imported, and return where it lies."""
    folder = folder_of(transfer_id)
    folder.mkdir(mode=0o700, parents=True)
    path = folder / FEED_FILE
    path.write_bytes(data)
    return path
