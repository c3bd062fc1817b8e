"""Episodes as editors see them: drafts, what is scheduled, what is out, and what each answers."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.episodes.document import Document
from webapp.episodes.models import Episode
from webapp.episodes.printing import Printed
from webapp.exceptions import NotFound, Refused
from webapp.moderation.clusters import count_members
from webapp.moderation.names import CONSENT_NAMES, STATE_NAMES
from webapp.moderation.rows import open_or_say
from webapp.questions import workflow
from webapp.questions.models import Question
from webapp.questions.queries import open_if_possible
from webapp.settings import Settings
from webapp.storage.sealing import Keyring
from webapp.studio.listing import SHOWN, EpisodeRow, row_of
from webapp.studio.preflight.check import Check
from webapp.studio.preflight.looking import list_checks
from webapp.studio.printing import TAKEN_BACK, find_asked, find_printed, is_taken_back, version_of
from webapp.studio.states import DRAFT, STATES, WITHDRAWN, was_ever_out

MOST_QUESTIONS = 50
FIRST_LINE = 90

NO_QUESTION = "There is no question on its page."
NOT_PRINTED = "Its question is not on its page yet: publish it again, now or at its time."


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question that an episode answers, or will; `line` is how it begins."""

    id: UUID
    received_on: date
    state: str
    state_name: str
    consent_words: str
    line: str
    merged: int


@dataclass(frozen=True, slots=True)
class EpisodeFacts:
    """An episode with what is looked at before publishing, and the questions that it answers.

    `question_text` is what its page prints, or would when it is published; `is_printed` tells
    which, `asked` from which question at which version, `is_taken_back` whether its asker has
    taken back what it was started from. `parts` are ids and titles; `more_questions` are not in
    the list. `revision` is the number of the last that was saved, `was_out` whether anybody can
    have seen it.
    """

    row: EpisodeRow
    summary: str
    question_text: str
    question_sign_off: str
    asked: str
    is_printed: bool
    is_taken_back: bool
    words: int
    checks: tuple[Check, ...]
    revision: int
    parts: tuple[tuple[str, str], ...]
    questions: tuple[QuestionLine, ...]
    more_questions: int
    was_out: bool


def get_facts(
    session: Session, keyring: Keyring, settings: Settings, episode_id: int
) -> EpisodeFacts:
    """Return an episode with all that is needed to publish it. Raises NotFound."""
    episode = session.get(Episode, episode_id)
    if episode is None:
        raise NotFound
    found = session.scalars(
        _questions_of(episode_id)
        .order_by(Question.received_on, Question.sort_key, Question.id)
        .limit(MOST_QUESTIONS)
    ).all()
    total = session.scalar(select(func.count()).select_from(_questions_of(episode_id).subquery()))
    merged = count_members(session, [question.id for question in found])
    document = Document.model_validate_json(episode.document)
    row = row_of(episode, total or 0)
    printed, why = _find_question(session, keyring, episode, row.stands)
    return EpisodeFacts(
        row=row,
        summary=episode.summary,
        question_text=printed.text if printed else "",
        question_sign_off=printed.sign_off if printed else "",
        asked=version_of(find_asked(session, episode_id)),
        is_printed=bool(episode.question_text),
        is_taken_back=why == TAKEN_BACK,
        words=document.words,
        checks=list_checks(session, settings, episode, document, letter=why),
        revision=episode.revision,
        parts=tuple((part.id, f"{part.number}. {part.title}") for part in document.parts),
        questions=tuple(_line(keyring, each, merged.get(each.id, 0)) for each in found),
        more_questions=(total or 0) - len(found),
        was_out=was_ever_out(session, episode),
    )


def list_open(session: Session, *, besides: int | None = None) -> tuple[EpisodeRow, ...]:
    """Return the episodes that are not out, and the one `besides`, newest first."""
    not_out = or_(Episode.published_at.is_(None), Episode.published_at > clock.now())
    wanted = not_out if besides is None else or_(not_out, Episode.id == besides)
    newest = select(Episode).where(wanted).order_by(Episode.published_at.desc(), Episode.id.desc())
    rows = [row_of(episode, 0) for episode in session.scalars(newest.options(SHOWN))]
    return tuple(sorted(rows, key=lambda row: STATES.index(row.stands)))


def _questions_of(episode_id: int) -> Select[Question]:
    """Return the selection of what an episode answers or will, but for what follows a lead."""
    will = (Question.planned_for_id == episode_id) & Question.state.in_(workflow.BEFORE_AN_ANSWER)
    did = (Question.answered_by_id == episode_id) & (Question.state == "answered")
    return select(Question).where(or_(will, did & Question.lead_id.is_(None)))


def _find_question(
    session: Session, keyring: Keyring, episode: Episode, stands: str
) -> tuple[Printed | None, str]:
    """Return what a page prints of its question or will, and what is missing of it, in words."""
    if episode.question_text:
        text, sign_off = episode.question_text, episode.question_sign_off
        printed = Printed(text, sign_off, episode.question_asked, episode.question_edited)
        return printed, _overstepped(keyring, find_asked(session, episode.id), text)
    question = find_asked(session, episode.id)
    if question is None:
        is_gone = is_taken_back(session, episode.id)
        return None, TAKEN_BACK if is_gone else NO_QUESTION
    try:
        printed = find_printed(keyring, question)
    except Refused as refused:
        return None, str(refused)
    return printed, "" if stands in {DRAFT, WITHDRAWN} else NOT_PRINTED


def _overstepped(keyring: Keyring, question: Question | None, printed: str) -> str:
    """Return what the asker of a letter has not allowed of what is printed, in words; or ""."""
    if question is None:
        return ""
    original = open_if_possible(keyring, question, "text_sealed")
    return workflow.repeats(question.consent, original, "", printed) if original else ""


def _line(keyring: Keyring, question: Question, merged: int) -> QuestionLine:
    text = " ".join(open_or_say(keyring, question, "text_sealed").split())
    return QuestionLine(
        id=question.id,
        received_on=question.received_on,
        state=question.state,
        state_name=STATE_NAMES[question.state],
        consent_words=CONSENT_NAMES[question.consent],
        line=text if len(text) <= FIRST_LINE else f"{text[:FIRST_LINE].rsplit(' ', 1)[0]} …",
        merged=merged,
    )
