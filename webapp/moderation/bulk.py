"""Many questions at once: each by itself, so that one that has changed holds up no other.

What is done in one go shares a batch in history, and is taken back in one go.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from webapp.exceptions import Conflict, NotFound, Refused
from webapp.moderation import labels, services, undoing
from webapp.moderation.names import ACTION_NAMES
from webapp.moderation.workflow import DECISIONS
from webapp.questions import workflow
from webapp.questions.models import Question
from webapp.questions.queries import get_question
from webapp.questions.services import TAKEN_BACK
from webapp.storage import take_turn
from webapp.storage.history import Act, Actor
from webapp.storage.sealing import Keyring

MOST = 500
GONE = "It is gone: what is left of a question is erased in the end."
MERGED = "It is merged with another, and goes with that one. Take it out of there first."
CHANGED = "It has changed since the page was made."

Pick = tuple[UUID, int]
Work = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Change:
    """What to do with each: `kind` is one of the desk's decisions, "snooze", "topic" or "label".

    A topic, by its slug, and a label are added to those that are there.
    """

    kind: str
    reason: str = ""
    kind_word: str = ""
    until: date | None = None
    topic: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """A question that was left as it is, as it stands now, and why, in words."""

    question_id: UUID
    why: str
    received_on: date | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of many: those that are `done`, those that were so `already`, those `left`."""

    batch: UUID
    done: tuple[UUID, ...] = ()
    already: tuple[UUID, ...] = ()
    left: tuple[Left, ...] = ()

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.batch, self.done + other.done, self.already + other.already, self.left + other.left
        )


def once_each(picks: Sequence[Pick]) -> Sequence[Pick]:
    """Return each question once, as it was picked first. Raises Refused for more than MOST."""
    versions = dict(reversed(picks))
    if len(versions) > MOST:
        raise Refused(f"Choose {MOST} at most: that was {len(versions):,}.")
    return tuple(reversed(versions.items()))


def change_some(
    session: Session,
    *,
    keyring: Keyring,
    picks: Sequence[Pick],
    change: Change,
    actor: Actor,
    batch: UUID,
) -> Outcome:
    """Do the same with each question that is still at the version at which it was picked."""
    change_one = partial(_change, session, keyring=keyring, change=change, actor=actor, batch=batch)
    works = [(pick[0], partial(change_one, *pick)) for pick in picks]
    return _each(session, works, batch)


def list_batch(session: Session, batch: UUID) -> Sequence[Pick]:
    """Return the questions to which something was done in one go. Raises NotFound for none."""
    acts = session.execute(
        select(Act.subject_id, Act.to_version)
        .where(Act.batch == batch, Act.subject == "question")
        .order_by(Act.to_version)
    )
    found = {UUID(subject_id): version for subject_id, version in acts}
    if not found:
        raise NotFound
    return tuple(found.items())


def undo_some(
    session: Session, *, of: UUID, ids: Sequence[UUID], actor: Actor, batch: UUID
) -> Outcome:
    """Take back what was done to some questions in one go, where nothing has happened since."""
    acts = session.execute(
        select(Act.id, Act.subject_id)
        .where(Act.batch == of, Act.subject == "question", Act.subject_id.in_(map(str, ids)))
        .order_by(Act.to_version.desc())
    ).all()
    works = [
        (UUID(subject_id), partial(_undo, session, act_id, actor, batch))
        for act_id, subject_id in acts
    ]
    return _each(session, works, batch)


def _each(session: Session, works: Sequence[tuple[UUID, Work]], batch: UUID) -> Outcome:
    """Do each work in a savepoint of its own; one that returns False had nothing to do."""
    take_turn(session)
    done: list[UUID] = []
    already: list[UUID] = []
    refused: dict[UUID, str] = {}
    for question_id, work in works:
        try:
            with session.begin_nested():
                (done if work() else already).append(question_id)
        except NotFound:
            refused[question_id] = GONE
        except Conflict:
            refused[question_id] = ""
        except Refused as why:
            refused[question_id] = str(why)
    return Outcome(batch, tuple(done), tuple(already), _left(session, refused))


def _change(
    session: Session,
    question_id: UUID,
    version: int,
    *,
    keyring: Keyring,
    change: Change,
    actor: Actor,
    batch: UUID,
) -> bool:
    """Do one change to one question, and tell whether there was anything to do."""
    if change.kind in DECISIONS:
        if get_question(session, question_id).state == "merged":
            raise Refused(MERGED)
        moved = services.decide(
            session,
            keyring=keyring,
            question_id=question_id,
            version=version,
            decision=change.kind,
            actor=actor,
            reason=change.reason,
            kind_word=change.kind_word,
            batch=batch,
        )
        return not moved.already
    seen: dict[str, Any] = {
        "question_id": question_id,
        "seen_version": version,
        "actor": actor,
        "batch": batch,
    }
    tags = labels.tags_of(session, question_id)
    if change.kind == "snooze":
        return services.snooze(session, until=change.until, **seen) is not None
    if change.kind == "topic":
        slugs = [*(tag.key for tag in tags.topics), change.topic]
        return labels.set_topics(session, slugs=slugs, **seen) is not None
    names = [*(tag.name for tag in tags.labels), change.label]
    return labels.set_labels(session, names=names, **seen) is not None


def _undo(session: Session, act_id: UUID, actor: Actor, batch: UUID) -> bool:
    """Take one act back, and tell whether it was still to be taken back."""
    return not undoing.undo(session, act_id=act_id, actor=actor, batch=batch)[1].already


def _left(session: Session, refused: Mapping[UUID, str]) -> tuple[Left, ...]:
    """Return what was left as it is, each with its reason and as it stands now."""
    found = session.scalars(
        select(Question).where(Question.id.in_(refused)).execution_options(populate_existing=True)
    )
    now = {question.id: question for question in found}
    acts = session.scalars(
        select(Act).where(
            Act.subject == "question",
            tuple_(Act.subject_id, Act.to_version).in_(
                [(str(question.id), question.version) for question in now.values()]
            ),
            Act.from_version < Act.to_version,
        )
    )
    newest = {act.question_id: act for act in acts}
    return tuple(
        Left(
            question_id,
            why or _what_happened(now[question_id], newest.get(question_id)),
            now[question_id].received_on if question_id in now else None,
            now[question_id].version if question_id in now else None,
        )
        for question_id, why in refused.items()
    )


def _what_happened(question: Question, act: Act | None) -> str:
    """Return who changed a question, and how."""
    if question.state in workflow.GONE:
        return TAKEN_BACK
    return CHANGED if act is None else f"{act.actor} {ACTION_NAMES[act.action]}."
