"""Reading the queue: whole questions, oldest day first, paged by key so that acting skips none."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from webapp import clock
from webapp.episodes.models import Episode
from webapp.episodes.pages import EpisodeLink
from webapp.episodes.queries import list_links
from webapp.moderation.history import HistoryLine, list_history
from webapp.moderation.names import CONSENT_NAMES, LANE_NAMES, STATE_NAMES
from webapp.moderation.searching import Wanted, find_ways, having
from webapp.moderation.workflow import DECISIONS
from webapp.questions import thread, workflow
from webapp.questions.models import Question, QueueCount
from webapp.questions.queries import get_question, open_text
from webapp.questions.reasons import REASONS
from webapp.storage.sealing import KeyMissing, Keyring, Unsealable

PAGE_SIZE = 25
# Nothing is left to look at of what has been erased.
_SHOWN_STATES = tuple(pair for pair in STATE_NAMES.items() if pair[0] != "erased")
UNREADABLE = "(This text cannot be opened: its key is missing, or its bytes were changed.)"


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A question in the queue; `decisions` are those that this member of staff may make."""

    id: UUID
    state: str
    state_name: str
    lane: str
    lane_name: str
    lane_reasons: tuple[str, ...]
    received_on: date
    days_left: int
    consent: str
    consent_words: str
    sign_off: str
    text: str
    about: EpisodeLink | None
    version: int
    decisions: tuple[str, ...]
    asked_back: bool
    has_reply: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of the queue; `lanes` and `states` are (key, name, count).

    `words` are those that were searched for, `cut` if they were too many. A search has no lane or
    state unless it was narrowed to one.
    """

    rows: tuple[QueueRow, ...]
    after: str
    lane: str
    state: str
    lanes: tuple[tuple[str, str, int], ...]
    states: tuple[tuple[str, str, int], ...]
    words: str
    cut: bool


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """A question with all that the desk knows of it."""

    row: QueueRow
    kept_until: date
    air_text: str
    web_text: str
    answered_by: EpisodeLink | None
    decline_reason: str
    decline_reason_words: str
    kind_word: str
    asked_back: str
    reply: str
    can_ask_back: bool
    history: tuple[HistoryLine, ...]
    episodes: tuple[EpisodeLink, ...]


def list_queue(
    session: Session,
    keyring: Keyring,
    *,
    role: str,
    lane: str,
    state: str,
    after: str = "",
    words: str = "",
    language: str = "",
) -> QueuePage:
    """Return a page of a lane and state, from a key on. Unknown names show the default.

    With `words`, a page of the questions that have them all, in every lane and state by default;
    `language` is the one in which askers write (BCP 47).
    """
    wanted = find_ways(session, keyring, words, language) if words else None
    lane = lane if lane in LANE_NAMES else "" if wanted else "ordinary"
    state = state if state in STATE_NAMES else "" if wanted else "new"
    found = session.execute(_page(wanted, lane, state, after)).all()
    counts = _counts(session)
    return QueuePage(
        rows=tuple(
            _row(keyring, question, role, _link(slug, title))
            for question, slug, title in found[:PAGE_SIZE]
        ),
        after=_key(found[PAGE_SIZE - 1][0]) if len(found) > PAGE_SIZE else "",
        lane=lane,
        state=state,
        lanes=tuple((key, name, counts.get((key, state), 0)) for key, name in LANE_NAMES.items()),
        states=tuple((key, name, counts.get((lane, key), 0)) for key, name in _SHOWN_STATES),
        words=words,
        cut=wanted is not None and wanted.cut,
    )


def _page(wanted: Wanted | None, lane: str, state: str, after: str) -> Select[Any]:
    """Return the selection of one question more than a page has, and what each is about."""
    columns: tuple[Any, ...] = (Question, Episode.slug, Episode.title)
    query: Select[Any] = select(*columns)
    order: tuple[Any, ...] = (Question.received_on, Question.sort_key, Question.id)
    if wanted is not None:
        query, order = having(wanted, *columns)
    query = query.outerjoin(Episode, Episode.id == Question.about_id)
    if lane:
        query = query.where(Question.lane == lane)
    if state:
        query = query.where(Question.state == state)
    if key := _read_key(after):
        query = query.where(tuple_(*order) > tuple_(*key))
    return query.order_by(*order).limit(PAGE_SIZE + 1)


def get_question_page(
    session: Session, keyring: Keyring, question_id: UUID, *, role: str
) -> QuestionPage:
    """Return a question with its texts and history. Raises NotFound."""
    question = get_question(session, question_id)
    links = {
        episode.id: EpisodeLink(episode.slug, episode.title)
        for episode in session.execute(
            select(Episode.id, Episode.slug, Episode.title).where(
                Episode.id.in_([question.about_id or 0, question.answered_by_id or 0])
            )
        )
    }
    answered_by = links.get(question.answered_by_id or 0)
    return QuestionPage(
        row=_row(keyring, question, role, links.get(question.about_id or 0)),
        kept_until=question.kept_until,
        air_text=_open(keyring, question, "air_text_sealed"),
        web_text=_open(keyring, question, "web_text_sealed"),
        answered_by=answered_by if question.state == "answered" else None,
        decline_reason=question.decline_reason,
        decline_reason_words=REASONS.get(question.decline_reason, ("",))[0],
        kind_word=_open(keyring, question, "kind_word_sealed"),
        asked_back=_open(keyring, question, "asked_back_sealed"),
        reply=_open(keyring, question, "reply_sealed"),
        can_ask_back=thread.can_ask_back(
            question.state,
            asked=question.asked_back_sealed is not None,
            erased=question.text_sealed is None,
        ),
        history=list_history(session, question_id, version=question.version, role=role),
        episodes=list_links(session),
    )


def _counts(session: Session) -> dict[tuple[str, str], int]:
    return {(row.lane, row.state): row.count for row in session.scalars(select(QueueCount))}


def _link(slug: str | None, title: str) -> EpisodeLink | None:
    return None if slug is None else EpisodeLink(slug, title)


def _open(keyring: Keyring, question: Question, column: str) -> str:
    """Return a sealed text, or in its place why it cannot be opened: one must not hide all."""
    try:
        return open_text(keyring, question, column)
    except (KeyMissing, Unsealable):
        return UNREADABLE


def _row(keyring: Keyring, question: Question, role: str, about: EpisodeLink | None) -> QueueRow:
    is_here = question.text_sealed is not None  # what is erased does not come back
    allowed = set(workflow.targets(question.state, role)) if is_here else set()
    if question.consent == "private":
        allowed.discard("answered")  # it is to stay between the asker and the show
    return QueueRow(
        id=question.id,
        state=question.state,
        state_name=STATE_NAMES[question.state],
        lane=question.lane,
        lane_name=LANE_NAMES[question.lane],
        lane_reasons=tuple(question.lane_reasons),
        received_on=question.received_on,
        days_left=max(0, ((question.texts_until or question.kept_until) - clock.today()).days),
        consent=question.consent,
        consent_words=CONSENT_NAMES[question.consent],
        sign_off=_open(keyring, question, "sign_off_sealed"),
        text=_open(keyring, question, "text_sealed"),
        about=about,
        version=question.version,
        decisions=tuple(name for name, target in DECISIONS.items() if target in allowed),
        asked_back=question.asked_back_sealed is not None,
        has_reply=question.reply_sealed is not None,
    )


def _key(question: Question) -> str:
    return f"{question.received_on}~{question.sort_key}~{question.id}"


def _read_key(key: str) -> tuple[date, int, UUID] | None:
    """Return the place in the queue that a key names, or None for what is no key."""
    try:
        day, sort_key, question_id = key.split("~")
        place = date.fromisoformat(day), int(sort_key), UUID(question_id)
    except ValueError:
        return None
    return place if 0 <= place[1] < 2**63 else None
