"""Topics and labels of questions: the show's own topics, and words that staff make up."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Table, delete, insert, select
from sqlalchemy.orm import Session

from webapp.episodes.models import Topic
from webapp.exceptions import Refused
from webapp.moderation.standing import expect, take_question
from webapp.questions.models import Label, Question, question_labels, question_topics
from webapp.questions.services import change
from webapp.storage.history import Actor

LONGEST = 40
MOST = 12
TOO_LONG = f"Keep each label to {LONGEST} characters."
TOO_MANY = f"Keep it to {MOST} labels."


@dataclass(frozen=True, slots=True)
class Tag:
    """A topic, known by its slug, or a label, known by its number; and what it is called."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Tags:
    """What hangs on a question."""

    topics: tuple[Tag, ...] = field(default=())
    labels: tuple[Tag, ...] = field(default=())


def list_of(session: Session, question_ids: Collection[UUID]) -> Mapping[UUID, Tags]:
    """Return the topics and labels of some questions; of those that have none, nothing."""
    if not question_ids:
        return {}
    topics = _group(
        session.execute(
            select(question_topics.c.question_id, Topic.slug, Topic.name)
            .join(Topic, Topic.id == question_topics.c.topic_id)
            .where(question_topics.c.question_id.in_(question_ids))
            .order_by(Topic.position, Topic.slug)
        )
    )
    labels = _group(
        session.execute(
            select(question_labels.c.question_id, Label.id, Label.name)
            .join(Label, Label.id == question_labels.c.label_id)
            .where(question_labels.c.question_id.in_(question_ids))
            .order_by(Label.name)
        )
    )
    return {one: Tags(topics.get(one, ()), labels.get(one, ())) for one in {*topics, *labels}}


def tags_of(session: Session, question_id: UUID) -> Tags:
    """Return the topics and labels of one question."""
    return list_of(session, [question_id]).get(question_id, Tags())


def list_topics(session: Session) -> Sequence[Tag]:
    """Return the show's topics, in their order."""
    found = session.execute(select(Topic.slug, Topic.name).order_by(Topic.position, Topic.slug))
    return [Tag(*row) for row in found]


def list_labels(session: Session) -> Sequence[Tag]:
    """Return the labels that there are, by name."""
    found = session.execute(select(Label.id, Label.name).order_by(Label.name))
    return [Tag(str(key), name) for key, name in found]


def read_names(typed: str) -> tuple[str, ...]:
    """Return the labels in a line in which commas divide them, each once in whatever case."""
    once: dict[str, str] = {}
    for name in (" ".join(part.split()) for part in typed.split(",")):
        once.setdefault(name.casefold(), name)
    return tuple(name for name in once.values() if name)


def refusal(names: Sequence[str]) -> str:
    """Return why a question cannot have just these labels, in words, or ""."""
    if len(names) > MOST:
        return TOO_MANY
    return TOO_LONG if any(len(name) > LONGEST for name in names) else ""


def set_topics(
    session: Session,
    *,
    question_id: UUID,
    seen_version: int,
    actor: Actor,
    slugs: Iterable[str],
    reverses: UUID | None = None,
    batch: UUID | None = None,
) -> UUID | None:
    """Put a question under just these topics; return the act, None if it was so.

    Topics that the show has no longer are left out. Raises NotFound, Conflict or Refused.
    """
    wanted = sorted(set(slugs))
    question = take_question(session, question_id)
    before = [tag.key for tag in tags_of(session, question_id).topics]
    rows = session.execute(select(Topic.slug, Topic.id).where(Topic.slug.in_(wanted)))
    ids: dict[str, int] = {row.slug: row.id for row in rows}
    if sorted(before) == sorted(ids):
        return None
    act_id = _change(
        session,
        question,
        seen_version,
        actor=actor,
        action="set topics",
        detail={"from": sorted(before), "to": sorted(ids)},
        reverses=reverses,
        batch=batch,
    )
    _hang(session, question_topics, question_id, [{"topic_id": one} for one in ids.values()])
    return act_id


def set_labels(
    session: Session,
    *,
    question_id: UUID,
    seen_version: int,
    actor: Actor,
    names: Iterable[str],
    reverses: UUID | None = None,
    batch: UUID | None = None,
) -> UUID | None:
    """Put just these labels on a question, new ones too; return the act, None if it was so.

    Raises NotFound, Conflict, or Refused, also where there are too many or one is too long.
    """
    wanted = read_names(",".join(names))
    if why := refusal(wanted):
        raise Refused(why)
    question = take_question(session, question_id)
    before = sorted(int(tag.key) for tag in tags_of(session, question_id).labels)
    known = _known(session, wanted)
    if before == sorted(known.get(name.casefold(), 0) for name in wanted):
        return None
    expect(question, seen_version)
    after = sorted(known.get(name.casefold()) or _make(session, name) for name in wanted)
    return _set_labels(
        session, question, before, after, actor=actor, reverses=reverses, batch=batch
    )


def set_tags(
    session: Session,
    *,
    question_id: UUID,
    seen_version: int,
    actor: Actor,
    slugs: Iterable[str],
    names: Iterable[str],
    batch: UUID,
) -> int:
    """Set topics and labels in one go, as one batch; return how many acts that took.

    Raises what setting either does.
    """
    seen: dict[str, Any] = {"question_id": question_id, "actor": actor, "batch": batch}
    topics = set_topics(session, slugs=slugs, seen_version=seen_version, **seen)
    version = seen_version + (topics is not None)
    hung = set_labels(session, names=names, seen_version=version, **seen)
    return (topics is not None) + (hung is not None)


def set_label_ids(
    session: Session,
    *,
    question_id: UUID,
    seen_version: int,
    actor: Actor,
    ids: Iterable[int],
    reverses: UUID | None = None,
    batch: UUID | None = None,
) -> UUID | None:
    """Put back just the labels with these numbers; return the act, None if it was so.

    Raises NotFound, Conflict or Refused.
    """
    question = take_question(session, question_id)
    before = sorted(int(tag.key) for tag in tags_of(session, question_id).labels)
    after = sorted(session.scalars(select(Label.id).where(Label.id.in_(set(ids)))))
    if before == after:
        return None
    expect(question, seen_version)
    return _set_labels(
        session, question, before, after, actor=actor, reverses=reverses, batch=batch
    )


def _change(session: Session, question: Question, seen_version: int, **told: Any) -> UUID:
    expect(question, seen_version)
    return change(session, question, {}, **told)


def _set_labels(
    session: Session, question: Question, before: list[int], after: list[int], **told: Any
) -> UUID:
    act_id = change(
        session, question, {}, action="set labels", detail={"from": before, "to": after}, **told
    )
    _hang(session, question_labels, question.id, [{"label_id": one} for one in after])
    return act_id


def _hang(session: Session, table: Table, question_id: UUID, rows: list[dict[str, int]]) -> None:
    """Hang just these rows on a question."""
    session.execute(delete(table).where(table.c.question_id == question_id))
    if rows:
        session.execute(insert(table), [{"question_id": question_id, **row} for row in rows])


def _known(session: Session, names: Iterable[str]) -> Mapping[str, int]:
    """Return the numbers of labels by their names in small letters."""
    folded = {name.casefold() for name in names}
    found = session.execute(select(Label.name, Label.id))
    return {name.casefold(): label_id for name, label_id in found if name.casefold() in folded}


def _make(session: Session, name: str) -> int:
    label = Label(name=name)
    session.add(label)
    session.flush()
    return label.id


def _group(rows: Iterable[Any]) -> dict[UUID, tuple[Tag, ...]]:
    found: dict[UUID, tuple[Tag, ...]] = {}
    for question_id, key, name in rows:
        found[question_id] = (*found.get(question_id, ()), Tag(str(key), name))
    return found
