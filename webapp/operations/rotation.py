"""A new sealing key, and everything sealed again under it.

May be ended at any moment, by a power cut too, and run again: what an earlier run left is
finished before another key is made. It goes on beside running servers, which see a new key in
their folder by themselves.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from webapp import storage
from webapp.exceptions import Refused
from webapp.operations.examining.findings import counted
from webapp.operations.resealing import Batch, reseal_batch
from webapp.operations.sealed_tables import (
    SealedTable,
    count_by_key,
    count_under_older_key,
    sealed_tables,
)
from webapp.storage.database import BREATH_SECONDS
from webapp.storage.sealing import make_sealing_key, sealing_ids

PASSES = 8  # a server that knows only an older key would keep a rotation busy for ever
CUT_OFF = (
    "The database is away, full, locked, read-only or damaged. What was sealed again stays so, and "
    "the rest as it was: when the database is back, `postbag rotate-keys` goes on where it stopped."
)

Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Rotation:
    """What a rotation came to, in questions.

    `made` is False when it finished an earlier one. `unopened` have a text that does not open and
    was left as it is; `busy` were being changed. `idle` are older keys that seal nothing any more.
    """

    key_id: int
    made: bool
    resealed: int
    unopened: int
    busy: int
    idle: tuple[int, ...]

    def lines(self) -> Iterator[str]:
        """Yield what was done, and what to keep."""
        key = f"seal-{self.key_id}.key"
        if self.made:
            yield f"The new sealing key is {key}. Copy it to where you keep the keys."
        else:
            yield f"A rotation to {key} had been cut off. It is finished; no other key was made."
        yield f"Sealed again under it: {counted(self.resealed, 'question')}."
        if self.idle:
            names = ", ".join(f"seal-{key_id}.key" for key_id in self.idle)
            one = len(self.idle) == 1
            yield (
                f"{names} {'seals' if one else 'seal'} nothing any more. Keep "
                f"{'it' if one else 'them'} all the same: backups from before today need "
                f"{'it' if one else 'them'}."
            )

    def left_undone(self) -> Iterator[str]:
        """Yield what was not done, and what to do about it."""
        if self.unopened:
            yield (
                "Left as before, since a text of theirs does not open: "
                f"{counted(self.unopened, 'question')}. `postbag doctor` says which key is missing."
            )
        if self.busy:
            yield (
                f"Left, since a server was changing them or does not see the new key yet: "
                f"{counted(self.busy, 'question')}. Run `postbag rotate-keys` once more."
            )


def rotate(tell: Tell) -> Rotation:
    """Finish a rotation that was cut off, or else make the next key; seal everything under it.

    `tell` is called with how many questions are done and how many there are. Raises Refused when
    the database is away.
    """
    try:
        resealed, unopened = _go_over(tell)
        made = not resealed
        if made:
            _make_next_key()
            resealed, unopened = _go_over(tell)
        storage.forget_erased()
        return _outcome(made=made, resealed=resealed, unopened=unopened)
    except storage.AWAY as error:
        raise Refused(CUT_OFF) from error


def _make_next_key() -> None:
    """Make a key whose id no key has or had: one that is lost may be in the database still."""
    folder = storage.current_settings().keys_path
    used = {*sealing_ids(folder), *count_by_key(storage.read())}
    with suppress(FileExistsError):  # another rotation has just made it
        make_sealing_key(folder, max(used) + 1)


def _go_over(tell: Tell) -> tuple[int, int]:
    """Seal again what is under an older key, again and again until no straggler is left.

    Returns how many questions were sealed again, and how many were left that do not open.
    """
    total = count_under_older_key(storage.read(), storage.current_keyring().newest)
    done = unopened = 0
    for _ in range(PASSES):
        before, unopened = done, 0
        for batch in _batches():
            done += batch.resealed
            unopened += batch.unopened
            tell(done, max(done, total))
        if done == before:
            break
    return done, unopened


def _batches() -> Iterator[Batch]:
    """Go over every sealed table once."""
    for sealed in sealed_tables():
        last: Any = None
        while (batch := _write_batch(sealed, last)).last is not None:
            yield batch
            last = batch.last


def _write_batch(sealed: SealedTable, after: Any) -> Batch:
    keyring = storage.current_keyring()
    batch = storage.write(reseal_batch, keyring=keyring, sealed=sealed, after=after)
    if batch.resealed and storage.db.engine.dialect.name == "sqlite":
        time.sleep(BREATH_SECONDS)
    return batch


def _outcome(*, made: bool, resealed: int, unopened: int) -> Rotation:
    session, keyring = storage.read(), storage.current_keyring()
    by_key = count_by_key(session)
    older = sorted(set(keyring.sealing) - {keyring.newest})
    return Rotation(
        key_id=keyring.newest,
        made=made,
        resealed=resealed,
        unopened=unopened,
        busy=max(0, count_under_older_key(session, keyring.newest) - unopened),
        idle=tuple(key_id for key_id in older if not by_key[key_id]),
    )
