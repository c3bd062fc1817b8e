"""Private notes: what staff tell each other about a question. They go with its texts.

A note changes no version: whoever has the question open can go on. History tells that there was
one, and keeps its number, never its words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.exceptions import Conflict, NotFound, Refused
from webapp.questions.models import Question, QuestionNote
from webapp.questions.queries import get_question
from webapp.questions.services import TAKEN_BACK
from webapp.questions.workflow import GONE, allows
from webapp.storage import keyring_of, take_turn
from webapp.storage.history import Act, Actor, Step, record
from webapp.storage.sealing import KeyMissing, Keyring, Unsealable, seal, unseal

TEXT_GONE = "The texts of this question have been erased, and notes on it with them."
NOT_YOURS = "Only whoever wrote a note, or an owner, takes it back."
BELONGS = "That note is the reason for a decision. It stays while the question does."
UNREADABLE = "(This note cannot be opened: its key is missing, or its bytes were changed.)"

_PLACE = "question_notes.text_sealed"


@dataclass(frozen=True, slots=True)
class Note:
    """A private note."""

    id: UUID
    at: datetime
    author: str
    author_id: int | None
    text: str


def list_notes(session: Session, keyring: Keyring, question_id: UUID) -> Sequence[Note]:
    """Return the notes on a question, the oldest first."""
    found = session.scalars(
        select(QuestionNote)
        .where(QuestionNote.question_id == question_id)
        .order_by(QuestionNote.at, QuestionNote.id)
    )
    return [
        Note(note.id, note.at, note.author, note.author_id, _open(keyring, note)) for note in found
    ]


def add_note(session: Session, *, question_id: UUID, actor: Actor, text: str) -> UUID:
    """Add a note, with its act, and return its id; the same again by the same person is one note.

    Raises NotFound, Conflict where the asker has taken the question back, or Refused where its
    texts are erased.
    """
    take_turn(session)
    question = get_question(session, question_id)
    last = session.scalars(
        select(QuestionNote)
        .where(QuestionNote.question_id == question_id)
        .order_by(QuestionNote.at.desc())
        .limit(1)
    ).first()
    if last is not None and last.author_id == actor.id and _open(keyring_of(session), last) == text:
        return last.id
    note_id = keep(session, question_id=question_id, actor=actor, text=text)
    _record(session, question, actor, "noted", note_id=note_id)
    return note_id


def keep(session: Session, *, question_id: UUID, actor: Actor, text: str) -> UUID:
    """Keep a note that belongs to an act of its own, such as a decision, and return its id.

    Raises NotFound, Conflict or Refused.
    """
    question = get_question(session, question_id)
    if question.state in GONE:
        raise Conflict(TAKEN_BACK)
    if question.text_sealed is None:
        raise Refused(TEXT_GONE)
    note_id = uuid4()
    session.add(
        QuestionNote(
            id=note_id,
            question_id=question_id,
            at=clock.now(),
            author=actor.label,
            author_id=actor.id,
            text_sealed=seal(keyring_of(session), note_id, _PLACE, text),
        )
    )
    session.flush()
    return note_id


def take_back(session: Session, *, act: Act, actor: Actor) -> UUID:
    """Erase the note of an act, and return the new act. Raises NotFound or Refused."""
    take_turn(session)
    if act.action != "noted":
        raise Refused(BELONGS)
    if act.actor_id != actor.id and not allows(actor.role, "owner"):
        raise Refused(NOT_YOURS)
    note = session.get(QuestionNote, act.note_id)
    if note is None:
        raise NotFound
    session.delete(note)
    session.flush()
    question = get_question(session, act.question_id)
    return _record(session, question, actor, "took back note", reverses=act.id)


def _record(
    session: Session,
    question: Question,
    actor: Actor,
    action: str,
    *,
    note_id: UUID | None = None,
    reverses: UUID | None = None,
) -> UUID:
    return record(
        session,
        actor=actor,
        action=action,
        subject="question",
        subject_id=question.id,
        step=Step(question.state, question.state, question.version, question.version),
        note_id=note_id,
        reverses=reverses,
    )


def _open(keyring: Keyring, note: QuestionNote) -> str:
    try:
        return unseal(keyring, note.id, _PLACE, note.text_sealed)
    except (KeyMissing, Unsealable):
        return UNREADABLE
