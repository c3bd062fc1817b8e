"""The mailbag as a file that is sealed from the first line on, read page by page in flat memory."""

import os
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, Select, func, inspect, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, sessionmaker

from webapp import storage
from webapp.episodes.models import Episode
from webapp.exceptions import Refused
from webapp.moderation.labels import list_of
from webapp.moderation.models import Rundown, RundownItem
from webapp.questions.models import (
    DailyFigure,
    DeclineReason,
    Label,
    Question,
    QuestionNote,
    QuestionText,
    SpentNonce,
)
from webapp.staff.roles import allows
from webapp.storage.base import Base
from webapp.storage.history import Act, Actor, record
from webapp.storage.sealing import Keyring
from webapp.transfer.mailbag import records
from webapp.transfer.mailbag.format import seal_lines
from webapp.transfer.mailbag.records import Names, Record, line_of, told

PAGE = 100
SUBJECT = "mailbag"
NEEDS_OWNER = "Exporting the mailbag takes an owner."
IS_THERE = "{path} is there already. Choose another name."

Tell = Callable[[int, int], None]


def quietly(_done: int, _total: int) -> None:
    """Tell nobody how far it is."""


def note_export(session: Session, *, actor: Actor) -> UUID:
    """Write into history that the mailbag is exported. Raises Refused to all but owners."""
    if not allows(actor.role, "owner"):
        raise Refused(NEEDS_OWNER)
    count = session.scalar(select(func.count()).select_from(Question)) or 0
    return record(
        session,
        actor=actor,
        action="exported mailbag",
        subject=SUBJECT,
        subject_id="",
        detail={"questions": count},
    )


def export(engine: Engine, keyring: Keyring, tell: Tell = quietly) -> Iterator[bytes]:
    """Yield the file of the whole mailbag; `tell` is told how many questions are done, of all.

    Every page is read in a session of its own, which outlives no page: somebody who takes the
    file slowly holds up nothing. A question comes whole, as it stands when its page is read.
    """
    return seal_lines(keyring, _lines(sessionmaker(engine), tell))


def export_to(path: Path, *, actor: Actor, tell: Tell = quietly) -> None:
    """Write the mailbag into a new file, whole or not at all, for its owner alone.

    Raises Refused when there is a file of that name, and OSError.
    """
    if path.exists():
        raise Refused(IS_THERE.format(path=path))
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            storage.write(note_export, actor=actor)
            for piece in export(storage.db.engine, storage.current_keyring(), tell):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).rename(path)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _lines(sessions: sessionmaker[Session], tell: Tell) -> Iterator[bytes]:
    with sessions() as session:
        names = _names(session)
        total = session.scalar(select(func.count()).select_from(Question)) or 0
        small = [
            *(line_of("label", name) for name in names.labels.values()),
            *(line_of("reason", told(row)) for row in session.scalars(select(DeclineReason))),
            *(line_of("figure", told(row)) for row in session.scalars(select(DailyFigure))),
            *(line_of("rundown", each) for each in _rundowns(session, names)),
        ]
    yield line_of("about", {"questions": total})
    yield from small
    done = 0
    for questions in _pages(sessions, select(Question), Question.id):
        with sessions() as session:
            found = [line_of("question", each) for each in _questions(session, questions, names)]
        yield from found
        done += len(questions)
        tell(done, max(done, total))
    for acts in _pages(sessions, _acts_on("question"), Act.subject_id, Act.id):
        with sessions() as session:
            gone = _on_what_is_gone(session, acts)
        yield from (line_of("act", _act(act, names)) for act in gone)
    yield from (line_of("act", each) for each in _starts(sessions, names))
    for nonces in _pages(sessions, select(SpentNonce), SpentNonce.nonce_hash):
        yield from (line_of("nonce", told(row)) for row in nonces)


def _pages(
    sessions: sessionmaker[Session], query: Select[Any], *order: InstrumentedAttribute[Any]
) -> Iterator[Sequence[Any]]:
    """Yield the rows of a query, some at a time, by columns that no two rows share."""
    query = query.order_by(*order).limit(PAGE)
    with sessions() as session:
        page = session.scalars(query).all()
    while page:
        yield page
        last = tuple_(*(getattr(page[-1], column.key) for column in order))
        with sessions() as session:
            page = session.scalars(query.where(tuple_(*order) > last)).all()


def _names(session: Session) -> Names:
    return Names(
        {row.id: row.guid for row in session.execute(select(Episode.id, Episode.guid))},
        {row.id: row.name for row in session.execute(select(Label.id, Label.name))},
    )


def _rundowns(session: Session, names: Names) -> Iterator[Record]:
    acts = _group(session, _acts_on("rundown").order_by(Act.on, Act.to_version, Act.id))
    for row in session.scalars(select(Rundown).order_by(Rundown.id)):
        done = [_act(act, names) for act in acts.get(str(row.id), ())]
        yield {"row": told(row), "acts": done}


def _questions(session: Session, questions: Sequence[Question], names: Names) -> Iterator[Record]:
    """Yield questions with all that hangs on them."""
    ids = [question.id for question in questions]
    tags = list_of(session, ids)
    texts, notes, places = (
        _by_question(session, model, ids) for model in (QuestionText, QuestionNote, RundownItem)
    )
    done = _acts_on("question").where(Act.subject_id.in_([str(one) for one in ids]))
    acts = _group(session, done.order_by(Act.to_version, Act.id))
    for question in questions:
        hung = tags.get(question.id)
        yield {
            "row": told(question, but=records.OF_QUESTION),
            "about": names.episodes.get(question.about_id),
            "answered_by": names.episodes.get(question.answered_by_id),
            "planned_for": names.episodes.get(question.planned_for_id),
            "texts": [told(row, but=records.OF_TEXT) for row in texts[question.id]],
            "notes": [told(row, but=records.OF_TEXT) for row in notes[question.id]],
            "topics": [tag.key for tag in hung.topics] if hung else [],
            "labels": [tag.name for tag in hung.labels] if hung else [],
            "places": [told(row, but=records.OF_PLACE) for row in places[question.id]],
            "acts": [_act(act, names) for act in acts.get(str(question.id), ())],
        }


def _by_question(
    session: Session, model: type[Any], ids: Sequence[UUID]
) -> Mapping[UUID, list[Base]]:
    found: defaultdict[UUID, list[Base]] = defaultdict(list)
    rows = select(model).where(model.question_id.in_(ids)).order_by(*inspect(model).primary_key)
    for row in session.scalars(rows):
        found[row.question_id].append(row)
    return found


def _acts_on(subject: str) -> Select[Act]:
    return select(Act).where(Act.subject == subject)


def _group(session: Session, acts: Select[Act]) -> Mapping[str, list[Act]]:
    found: defaultdict[str, list[Act]] = defaultdict(list)
    for act in session.scalars(acts):
        found[act.subject_id].append(act)
    return found


def _on_what_is_gone(session: Session, acts: Sequence[Act]) -> Sequence[Act]:
    """Return what was done to questions of which nothing else is left."""
    ids = {act.question_id for act in acts}
    there = set(session.scalars(select(Question.id).where(Question.id.in_(ids))))
    return [act for act in acts if act.question_id not in there]


def _starts(sessions: sessionmaker[Session], names: Names) -> Iterator[Record]:
    """Yield which episode was started from which question, the episode by its guid."""
    with sessions() as session:
        started = _acts_on("episode").where(Act.action == "started episode")
        acts = session.scalars(started.order_by(Act.id)).all()
    for act in acts:
        guid = names.episodes.get(int(act.subject_id))
        if guid is not None:
            yield _act(act, names) | {"subject_id": guid}


def _act(act: Act, names: Names) -> Record:
    detail = records.rename(act.action, act.detail, names)
    return told(act, but=records.OF_ACT) | {"detail": detail}
