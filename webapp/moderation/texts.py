"""Air text and web text: written by whoever holds the question, kept version by version."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from webapp.exceptions import NotFound, Refused
from webapp.moderation import checklist, claims
from webapp.moderation.pronouncing import set_pronunciation
from webapp.moderation.rows import UNREADABLE
from webapp.moderation.standing import expect, take_question
from webapp.moderation.workflow import IN_A_RUNDOWN
from webapp.questions import editing, workflow
from webapp.questions.models import QuestionText
from webapp.questions.queries import open_text
from webapp.staff.queries import SECOND_PERSON, rule
from webapp.storage.history import Act, Actor
from webapp.storage.sealing import KeyMissing, Keyring, Unsealable, unseal

CANNOT_BE_OPENED = "The texts as they were before cannot be opened: their key is missing."
TWO_PEOPLE = "Here two people look at each text: take it back to the shortlist first, then edit it."


@dataclass(frozen=True, slots=True)
class Texts:
    """The two edited versions, as they stand or as they once stood."""

    air_text: str
    web_text: str


NOTHING = Texts("", "")


@dataclass(frozen=True, slots=True)
class Saved:
    """When the texts were saved, and by whom; `number` is the question's version since then."""

    number: int
    at: datetime
    author: str


@dataclass(frozen=True, slots=True)
class Version:
    """The texts as they were once saved, and as they had been before that."""

    saved: Saved
    texts: Texts
    before: Texts

    @property
    def is_readable(self) -> bool:
        """Return whether both texts can be opened, so that they could be brought back."""
        return UNREADABLE not in {self.texts.air_text, self.texts.web_text}


@dataclass(frozen=True, slots=True)
class Written:
    """The acts of saving: of the texts, and of the pronunciation notes; None where it was so."""

    texts: UUID | None
    pronunciation: UUID | None


def write_texts(
    session: Session,
    *,
    keyring: Keyring,
    question_id: UUID,
    seen_version: int,
    actor: Actor,
    texts: Texts,
    pronunciation: str,
    ticked: Collection[str] = (),
    take_over: bool = False,
) -> Written:
    """Save both texts and how its words are said, unless somebody else holds the question.

    `ticked` are the points of the checklist that an editor has gone through again, which keeps
    what is ready ready. Raises what `questions.editing.set_texts` does, HeldByAnother, or
    TooMany where it is to be taken over and cannot.
    """
    question = take_question(session, question_id)
    before = open_text(keyring, question, "pronunciation_sealed")
    was = Texts(*(open_text(keyring, question, f"{name}_sealed") for name in editing.EDITED))
    if (was, before) == (texts, pronunciation):
        return Written(None, None)
    expect(question, seen_version)
    _hold(session, question_id, actor, take_over=take_over)
    said = set_pronunciation(
        session,
        keyring=keyring,
        question_id=question_id,
        seen_version=seen_version,
        words=pronunciation,
        actor=actor,
    )
    written = None
    if was != texts:
        written = editing.set_texts(
            session,
            keyring=keyring,
            question_id=question_id,
            seen_version=seen_version + (said is not None),
            actor=actor,
            air_text=texts.air_text,
            web_text=texts.web_text,
            checked=_is_checked(session, question.state, actor, ticked),
        )
    return Written(written, said)


def list_saved(session: Session, question_id: UUID) -> Sequence[Saved]:
    """Return when the texts were saved and by whom, the newest first."""
    return [_saved(row) for row in session.scalars(_versions(question_id))]


def get_version(session: Session, keyring: Keyring, question_id: UUID, number: int) -> Version:
    """Return the texts as they were saved at a version of the question. Raises NotFound."""
    upto = _versions(question_id).where(QuestionText.version <= number).limit(2)
    rows = session.scalars(upto).all()
    if not rows or rows[0].version != number:
        raise NotFound
    before = _texts(keyring, rows[1]) if len(rows) > 1 else NOTHING
    return Version(_saved(rows[0]), _texts(keyring, rows[0]), before)


def list_last_authors(session: Session, keyring: Keyring, question_id: UUID) -> frozenset[int]:
    """Return the accounts of those who wrote the newest texts.

    Whoever only moved a space or a comma in them is one of several, and not their sole author.
    """
    rows = session.scalars(_versions(question_id)).all()
    words = [_letters(_texts(keyring, row)) for row in rows]
    same = takewhile(lambda pair: pair[1] == words[0], zip(rows, words, strict=True))
    return frozenset(row.author_id for row, _ in same if row.author_id is not None)


def put_back(
    session: Session, *, keyring: Keyring, act: Act, seen_version: int, actor: Actor
) -> UUID | None:
    """Bring back the texts as they were before an act; return the new act.

    What was checked then stays checked, where an editor does it. Raises what writing them does.
    """
    before = _versions(act.question_id).where(QuestionText.version < act.to_version).limit(1)
    row = session.scalars(before).first()
    texts = _texts(keyring, row) if row else NOTHING
    if UNREADABLE in {texts.air_text, texts.web_text}:
        raise Refused(CANNOT_BE_OPENED)
    _hold(session, act.question_id, actor, take_over=False)
    return editing.set_texts(
        session,
        keyring=keyring,
        question_id=act.question_id,
        seen_version=seen_version,
        actor=actor,
        air_text=texts.air_text,
        web_text=texts.web_text,
        checked=workflow.allows(actor.role, "editor"),
        reverses=act.id,
    )


def _hold(session: Session, question_id: UUID, actor: Actor, *, take_over: bool) -> None:
    """See that nobody else holds what is written to. Raises HeldByAnother or TooMany."""
    if take_over:
        claims.take_over(session, question_id=question_id, actor=actor)
        return
    holder = claims.find_holder(session, question_id)
    if holder is not None and holder.staff_id != actor.id:
        raise claims.HeldByAnother(holder)
    claims.renew(session, question_id=question_id, actor=actor)


def _is_checked(session: Session, state: str, actor: Actor, ticked: Collection[str]) -> bool:
    """Return whether texts keep their state although they change. Raises Refused."""
    if not ticked or not workflow.allows(actor.role, "editor"):
        return False
    if why := checklist.refusal(ticked):
        raise Refused(why)
    if rule(session, SECOND_PERSON):
        if state in IN_A_RUNDOWN:
            raise Refused(TWO_PEOPLE)
        return False
    return True


def _versions(question_id: UUID) -> Select[QuestionText]:
    """Return the selection of the versions of a question's texts, the newest first."""
    saved = select(QuestionText).where(QuestionText.question_id == question_id)
    return saved.order_by(QuestionText.version.desc())


def _saved(row: QuestionText) -> Saved:
    return Saved(row.version, row.at, row.author)


def _texts(keyring: Keyring, row: QuestionText) -> Texts:
    return Texts(*(_open(keyring, row, name) for name in editing.EDITED))


def _letters(texts: Texts) -> tuple[str, ...]:
    """Return what of texts are letters and digits."""
    return tuple(
        "".join(filter(str.isalnum, text.casefold())) for text in (texts.air_text, texts.web_text)
    )


def _open(keyring: Keyring, row: QuestionText, name: str) -> str:
    try:
        sealed: bytes = getattr(row, f"{name}_sealed")
        return unseal(keyring, row.id, f"question_texts.{name}_sealed", sealed)
    except (KeyMissing, Unsealable):
        return UNREADABLE
