"""Sealing again what an older key has sealed, a batch of rows at a time.

A row is read and changed under its lock, so that nothing is overwritten that a running server has
changed meanwhile. It is nobody's act: no version moves, and no history is written.
"""

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select, update
from sqlalchemy.orm import Session

from webapp.operations.sealed_tables import SealedTable
from webapp.questions import terms
from webapp.questions.models import Question
from webapp.questions.queries import SEARCHED, get_question, open_text
from webapp.storage.sealing import KeyMissing, Keyring, Unsealable, key_id_of, seal, unseal

BATCH = 100
HELD_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of some rows: `last` is the id of the last one, None where there was none."""

    last: Any
    resealed: int
    unopened: int


def reseal_batch(session: Session, *, keyring: Keyring, sealed: SealedTable, after: Any) -> Batch:
    """Seal the next rows behind the id `after` under the newest key, and note their words anew.

    Rows that somebody is changing are left out. What does not open stays as it is. It ends early
    where the work is long, since on SQLite nobody else can write meanwhile.
    """
    enough = time.monotonic() + HELD_SECONDS
    last, resealed, unopened = None, 0, 0
    for row in session.execute(_older_rows(sealed, keyring.newest, after)).all():
        changes, left = _sealed_again(keyring, sealed, row)
        if changes:
            session.execute(update(sealed.table).where(sealed.row_id == row[0]).values(changes))
            if sealed.table is Question.__table__:
                _note_again(session, keyring, row[0])
        last, resealed, unopened = row[0], resealed + bool(changes), unopened + bool(left)
        if time.monotonic() > enough:
            break
    return Batch(last, resealed, unopened)


def _older_rows(sealed: SealedTable, newest: int, after: Any) -> Select[*tuple[Any, ...]]:
    query = select(sealed.row_id, *sealed.columns).where(sealed.is_under_older_key(newest))
    if after is not None:
        query = query.where(sealed.row_id > after)
    return query.order_by(sealed.row_id).limit(BATCH).with_for_update(skip_locked=True)


def _sealed_again(
    keyring: Keyring, sealed: SealedTable, row: Row[Any]
) -> tuple[dict[str, bytes], int]:
    """Return a row's values under the newest key by column, and how many do not open."""
    changes, left = {}, 0
    values: tuple[bytes | None, ...] = tuple(row)[1:]
    for column, value in zip(sealed.columns, values, strict=True):
        if value is None or key_id_of(value) >= keyring.newest:
            continue
        place = sealed.place(column)
        try:
            text = unseal(keyring, row[0], place, value)
        except (KeyMissing, Unsealable):
            left += 1
        else:
            changes[str(column.key)] = seal(keyring, row[0], place, text)
    return changes, left


def _note_again(session: Session, keyring: Keyring, question_id: UUID) -> None:
    """Have a question found by the same words as before, noted under the newest key."""
    question = get_question(session, question_id)
    if question.text_sealed is not None:
        with suppress(KeyMissing, Unsealable):
            texts = [open_text(keyring, question, column) for column in SEARCHED]
            terms.note(session, keyring=keyring, question=question, texts=texts)
