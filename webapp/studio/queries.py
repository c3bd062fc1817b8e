"""Episodes as editors see them: drafts, what is scheduled, what is out, and what each answers."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, load_only

from webapp import clock
from webapp.episodes.document import Document
from webapp.episodes.models import Contribution, Episode, Medium
from webapp.episodes.printing import Printed
from webapp.exceptions import NotFound, Refused
from webapp.moderation.clusters import count_members
from webapp.moderation.names import CONSENT_NAMES, STATE_NAMES
from webapp.moderation.rows import open_or_say
from webapp.questions import workflow
from webapp.questions.models import Question
from webapp.storage.sealing import Keyring
from webapp.studio.printing import TAKEN_BACK, find_asked, find_printed, is_taken_back, version_of

MOST_QUESTIONS = 50
FIRST_LINE = 90

NO_ANSWER = "There is no written answer yet: the page would have the question alone."
NO_MEDIA = "There is no video or sound."
NO_SUMMARY = "There is no summary: feeds and search show one."
NO_PEOPLE = "Nobody is named as host or guest."
NO_TRANSCRIPT = "There is no transcript."
NO_QUESTION = "There is no question on its page."
NOT_PRINTED = "Its question is not on its page yet: publish it again, now or at its time."

_SHOWN = load_only(
    Episode.slug, Episode.title, Episode.season, Episode.number, Episode.published_at
)


@dataclass(frozen=True, slots=True)
class EpisodeRow:
    """An episode in the list. `stands` is "draft", "scheduled" or "out"."""

    id: int
    slug: str
    title: str
    season: int
    number: int
    published_at: datetime | None
    stands: str
    questions: int


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
    """An episode with what is missing of it, and the questions that it answers or will.

    `question_text` is what its page prints, or would when it is published; `is_printed` tells
    which, `asked` from which question at which version, `is_taken_back` whether its asker has
    taken back what it was started from. `is_written` tells whether it has an answer in words.
    """

    row: EpisodeRow
    summary: str
    question_text: str
    question_sign_off: str
    asked: str
    is_printed: bool
    is_taken_back: bool
    words: int
    is_written: bool
    missing: tuple[str, ...]
    questions: tuple[QuestionLine, ...]
    more_questions: int


def list_rows(session: Session) -> dict[str, tuple[EpisodeRow, ...]]:
    """Return all episodes by how they stand: drafts newest first, the others by their moment."""
    counts = {row[0]: row[1] for row in session.execute(_planned_counts())}
    newest = select(Episode).order_by(Episode.published_at.desc(), Episode.id.desc())
    rows = [
        _row(episode, counts.get(episode.id, 0))
        for episode in session.scalars(newest.options(_SHOWN))
    ]
    kinds = ("draft", "scheduled", "out")
    return {kind: tuple(row for row in rows if row.stands == kind) for kind in kinds}


def get_facts(session: Session, keyring: Keyring, episode_id: int) -> EpisodeFacts:
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
    row = _row(episode, total or 0)
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
        is_written=document.words > 0,
        missing=_missing(session, episode, document, why),
        questions=tuple(_line(keyring, each, merged.get(each.id, 0)) for each in found),
        more_questions=(total or 0) - len(found),
    )


def list_open(session: Session, *, besides: int | None = None) -> tuple[EpisodeRow, ...]:
    """Return the episodes that are not out, and the one `besides`, newest first."""
    not_out = or_(Episode.published_at.is_(None), Episode.published_at > clock.now())
    wanted = not_out if besides is None else or_(not_out, Episode.id == besides)
    newest = select(Episode).where(wanted).order_by(Episode.published_at.desc(), Episode.id.desc())
    rows = [_row(episode, 0) for episode in session.scalars(newest.options(_SHOWN))]
    order = ("draft", "scheduled", "out")
    return tuple(sorted(rows, key=lambda row: order.index(row.stands)))


def _planned_counts() -> Select[int | None, int]:
    planned = Question.planned_for_id.is_not(None), Question.state.in_(workflow.BEFORE_AN_ANSWER)
    return (
        select(Question.planned_for_id, func.count())
        .where(*planned)
        .group_by(Question.planned_for_id)
    )


def _questions_of(episode_id: int) -> Select[Question]:
    """Return the selection of what an episode answers or will, but for what follows a lead."""
    will = (Question.planned_for_id == episode_id) & Question.state.in_(workflow.BEFORE_AN_ANSWER)
    did = (Question.answered_by_id == episode_id) & (Question.state == "answered")
    return select(Question).where(or_(will, did & Question.lead_id.is_(None)))


def _row(episode: Episode, questions: int) -> EpisodeRow:
    moment = episode.published_at
    stands = "draft" if moment is None else "out" if moment <= clock.now() else "scheduled"
    return EpisodeRow(
        id=episode.id,
        slug=episode.slug,
        title=episode.title,
        season=episode.season,
        number=episode.number,
        published_at=moment,
        stands=stands,
        questions=questions,
    )


def _find_question(
    session: Session, keyring: Keyring, episode: Episode, stands: str
) -> tuple[Printed | None, str]:
    """Return what a page prints of its question or will, and what is missing of it, in words."""
    if episode.question_text:
        text, sign_off = episode.question_text, episode.question_sign_off
        return Printed(text, sign_off, episode.question_asked, episode.question_edited), ""
    question = find_asked(session, episode.id)
    if question is None:
        is_gone = is_taken_back(session, episode.id)
        return None, TAKEN_BACK if is_gone else NO_QUESTION
    try:
        printed = find_printed(keyring, question)
    except Refused as refused:
        return None, str(refused)
    return printed, "" if stands == "draft" else NOT_PRINTED


def _missing(
    session: Session, episode: Episode, document: Document, no_question: str
) -> tuple[str, ...]:
    """Return what an episode does not have yet, in words."""
    heard = select(Medium.position).where(
        Medium.episode_id == episode.id, Medium.role.in_(("media", "elsewhere"))
    )
    named = select(Contribution.position).where(Contribution.episode_id == episode.id)
    checks = (
        (document.words > 0, NO_ANSWER),
        (not no_question, no_question),
        (bool(episode.summary.strip()), NO_SUMMARY),
        (session.scalar(heard.limit(1)) is not None, NO_MEDIA),
        (bool(document.transcript), NO_TRANSCRIPT),
        (session.scalar(named.limit(1)) is not None, NO_PEOPLE),
    )
    return tuple(words for is_there, words in checks if not is_there)


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
