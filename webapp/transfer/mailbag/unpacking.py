"""Taking in questions: each text opened with the keys of the old house and sealed with ours."""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from webapp.moderation.models import RundownItem
from webapp.questions import terms, workflow
from webapp.questions.models import (
    Question,
    QuestionNote,
    QuestionTerm,
    QuestionText,
    question_labels,
    question_topics,
)
from webapp.questions.queries import SEARCHED
from webapp.storage.base import Base
from webapp.storage.history import Act, take_in
from webapp.storage.sealing import KeyMissing, Unsealable, seal, unseal
from webapp.transfer.mailbag import records
from webapp.transfer.mailbag.arriving import Arrival, act_of, take_labels
from webapp.transfer.mailbag.records import Record

SUFFIX = "_sealed"

_TERMS = Base.metadata.tables[QuestionTerm.__tablename__]


def take_questions(arrival: Arrival, found: Sequence[Record]) -> None:
    """Take in the questions that are not here and were never taken back here."""
    new = _new(arrival, found)
    take_labels(arrival, sorted({name for record in new for name in record["labels"]}))
    rows = [_row(arrival, record) for record in new]
    arrival.session.add_all(question for question, _texts in rows)
    arrival.session.flush()
    words = [row for each in rows for row in terms.rows_of(arrival.own, *each)]
    if words:
        arrival.session.execute(insert(_TERMS), words)
    for (question, _texts), record in zip(rows, new, strict=True):
        _hang(arrival, question.id, record)
        arrival.came[question.lane, question.state] += 1
    take_in(arrival.session, [act_of(arrival, act) for record in new for act in record["acts"]])
    arrival.session.expunge_all()  # or every question of a large mailbag would stay in memory


def _new(arrival: Arrival, found: Sequence[Record]) -> list[Record]:
    """Return the questions that are to be taken in, and count the others by why they are not."""
    ids = [UUID(record["row"]["id"]) for record in found]
    here = _standing(arrival.session, ids)
    gone = _taken_back(arrival.session, ids)
    lookups = _lookups(arrival.session, found)
    new = []
    for question_id, record in zip(ids, found, strict=True):
        row = record["row"]
        stand = here.get(question_id)
        if stand == (row["version"], row["state"]):
            arrival.told["same"] += 1
        elif stand is not None:
            arrival.told["other"] += 1
            if row["state"] in workflow.GONE and stand[1] not in workflow.GONE:
                arrival.erased_there.add(question_id)
        elif question_id in gone:
            arrival.told["taken back"] += 1
        elif row["receipt_lookup"] in lookups:  # one token, sent to both houses
            arrival.told["other"] += 1
        else:
            arrival.told["new"] += 1
            new.append(record)
    return new


def _standing(session: Session, ids: Sequence[UUID]) -> Mapping[UUID, tuple[int, str]]:
    """Return how questions stand here, by id."""
    columns = Question.id, Question.version, Question.state
    found = session.execute(select(*columns).where(Question.id.in_(ids)))
    return {row.id: (row.version, row.state) for row in found}


def _taken_back(session: Session, ids: Sequence[UUID]) -> set[UUID]:
    """Return those that history here knows to have been taken back or erased."""
    went = select(Act.subject_id).where(
        Act.subject == "question",
        Act.subject_id.in_([str(one) for one in ids]),
        Act.to_state.in_(workflow.GONE),
    )
    return {UUID(one) for one in session.scalars(went)}


def _lookups(session: Session, found: Sequence[Record]) -> set[str]:
    """Return which receipts of some questions find one here already."""
    asked = [b64decode(record["row"]["receipt_lookup"]) for record in found]
    query = select(Question.receipt_lookup).where(Question.receipt_lookup.in_(asked))
    return {b64encode(lookup).decode("ascii") for lookup in session.scalars(query)}


def _row(arrival: Arrival, record: Record) -> tuple[Question, list[str]]:
    """Return a question as it stands from now on, and the words by which it is to be found."""
    values = records.read(Question, record["row"])
    texts = _seal_again(arrival, Question, values)
    numbers = {f"{name}_id": arrival.episode_id(record[name]) for name in records.EPISODES}
    if numbers["planned_for_id"] is not None:
        arrival.planned.add(numbers["planned_for_id"])
    question = Question(**values, **numbers, is_compared=False)
    return question, [texts[name] for name in SEARCHED if name in texts]


def _seal_again(arrival: Arrival, model: type[Base], values: dict[str, Any]) -> dict[str, str]:
    """Seal the texts of a row with our key, in place, and return them by column.

    One that did not open in the old house either comes as nothing, and is counted.
    """
    texts = {}
    for name, sealed in values.items():
        if not name.endswith(SUFFIX) or sealed is None:
            continue
        place = f"{model.__tablename__}.{name}"
        try:
            texts[name] = unseal(arrival.theirs, values["id"], place, sealed)
        except (KeyMissing, Unsealable):
            values[name] = None
            arrival.told["shut"] += 1
        else:
            values[name] = seal(arrival.own, values["id"], place, texts[name])
    return texts


def _hang(arrival: Arrival, question_id: UUID, record: Record) -> None:
    """Take in what hangs on a question: versions, notes, topics, labels, its place in a rundown."""
    for model, found in ((QuestionText, record["texts"]), (QuestionNote, record["notes"])):
        for each in found:
            values = records.read(model, each)
            texts = _seal_again(arrival, model, values)
            if len(texts) == sum(name.endswith(SUFFIX) for name in values):
                row = model(**values, question_id=question_id, author_id=None)
                arrival.session.add(row)
    topics = [arrival.topics[slug] for slug in record["topics"] if slug in arrival.topics]
    arrival.told["no topic"] += len(record["topics"]) - len(topics)
    labels = sorted({arrival.labels[name] for name in record["labels"]})
    for table, column, ids in (
        (question_topics, "topic_id", topics),
        (question_labels, "label_id", labels),
    ):
        rows = [{"question_id": question_id, column: one} for one in ids]
        if rows:
            arrival.session.execute(insert(table), rows)
    for each in record["places"]:
        place = RundownItem(**records.read(RundownItem, each), question_id=question_id)
        if place.rundown_id in arrival.rundowns:
            arrival.session.add(place)
