"""Many questions in one go, a few in each transaction, so that nobody waits for all of them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID, uuid4

from webapp import storage
from webapp.moderation import bulk
from webapp.moderation.bulk import Change, Left, Outcome, Pick
from webapp.storage import current_keyring, read
from webapp.storage.history import Actor

AT_ONCE = 50
AWAY = "The database did not answer, so nothing was done to it."

Write = Callable[[Sequence[Pick]], Outcome]


def change_many(picks: Sequence[Pick], change: Change, actor: Actor) -> Outcome:
    """Do the same with each question, and return what became of them.

    Those for which the database was away are left. Raises AWAY if it was away for all.
    """
    batch = uuid4()

    def write(some: Sequence[Pick]) -> Outcome:
        return storage.write(
            bulk.change_some,
            keyring=current_keyring(),
            picks=some,
            change=change,
            actor=actor,
            batch=batch,
        )

    return _in_parts(bulk.once_each(picks), write)


def undo_many(batch: UUID, actor: Actor) -> Outcome:
    """Take back what was done in one go, and return what became of it, each question once.

    Raises NotFound for no such thing, and AWAY.
    """
    again = uuid4()

    def write(some: Sequence[Pick]) -> Outcome:
        ids = [question_id for question_id, _ in some]
        return storage.write(bulk.undo_some, of=batch, ids=ids, actor=actor, batch=again)

    whole = _in_parts(bulk.list_batch(read(), batch), write)
    done, already = (tuple(dict.fromkeys(ids)) for ids in (whole.done, whole.already))
    return replace(whole, done=done, already=already)


def _in_parts(picks: Sequence[Pick], write: Write) -> Outcome:
    """Write some at a time, and return what became of all."""
    whole = write(picks[:AT_ONCE])
    for start in range(AT_ONCE, len(picks), AT_ONCE):
        some = picks[start : start + AT_ONCE]
        storage.let_others_write()
        try:
            whole += write(some)
        except storage.AWAY:
            left = tuple(Left(question_id, AWAY, version=seen) for question_id, seen in some)
            whole += Outcome(whole.batch, left=left)
    return whole
