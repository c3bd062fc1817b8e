"""Reading the queue: whole questions, oldest day first, paged by key so that acting skips none."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from webapp import clock
from webapp.episodes.models import Episode
from webapp.episodes.pages import EpisodeLink
from webapp.episodes.queries import list_links
from webapp.exceptions import NotFound
from webapp.moderation.workflow import DECISIONS
from webapp.questions import workflow
from webapp.questions.models import Question, QuestionEvent, QueueCount
from webapp.questions.queries import get_question, open_text
from webapp.questions.reasons import REASONS
from webapp.storage.sealing import KeyMissing, Keyring, Unsealable

PAGE_SIZE = 25
UNREADABLE = "(This text cannot be opened: its key is missing, or its bytes were changed.)"

LANE_NAMES = {"urgent": "Urgent", "ordinary": "Ordinary", "quarantine": "Quarantine"}
STATE_NAMES = {
    "new": "New",
    "shortlisted": "Shortlisted",
    "ready": "Ready",
    "scheduled": "Scheduled",
    "recorded": "Recorded",
    "declined": "Declined",
    "spam": "Spam",
    "answered": "Answered",
    "merged": "Merged",
    "withdrawn": "Withdrawn",
    "erased": "Erased",
}
CONSENT_NAMES = {
    "read_aloud": "may be read aloud",
    "paraphrase": "paraphrase only",
    "private": "not to be aired",
}
ACTION_NAMES = {
    "to new": "put it back to new",
    "to shortlisted": "shortlisted it",
    "to declined": "declined it",
    "to spam": "marked it as spam",
    "to answered": "linked it to an episode",
    "to withdrawn": "withdrew it",
    "to erased": "erased it",
    "to ready": "made it ready",
    "to scheduled": "put it into a rundown",
    "to recorded": "marked it as recorded",
    "to merged": "merged it",
    "wrote texts": "wrote the air text and web text",
    "asked back": "asked the asker one thing",
    "replied": "answered what the show asked",
    "prolonged": "had it kept for longer",
    "erased texts": "erased its texts",
}


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


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of the queue; `lanes` and `states` are (key, name, count)."""

    rows: tuple[QueueRow, ...]
    after: str
    lane: str
    state: str
    lanes: tuple[tuple[str, str, int], ...]
    states: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One act on a question; `when` is a moment for staff and a day for the asker."""

    id: UUID
    when: datetime | date
    actor: str
    role: str
    words: str
    reason: str
    to_version: int
    can_undo: bool


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
    history: tuple[HistoryLine, ...]
    episodes: tuple[EpisodeLink, ...]


def list_queue(
    session: Session, keyring: Keyring, *, role: str, lane: str, state: str, after: str = ""
) -> QueuePage:
    """Return a page of a lane and state, from a key on. Unknown names show the default."""
    lane = lane if lane in LANE_NAMES else "ordinary"
    state = state if state in STATE_NAMES else "new"
    order = (Question.received_on, Question.sort_key, Question.id)
    query = (
        select(Question, Episode.slug, Episode.title)
        .outerjoin(Episode, Episode.id == Question.about_id)
        .where(Question.lane == lane, Question.state == state)
        .order_by(*order)
        .limit(PAGE_SIZE + 1)
    )
    if key := _read_key(after):
        query = query.where(tuple_(*order) > tuple_(*key))
    found = session.execute(query).all()
    rows = tuple(
        _row(keyring, question, role, _link(slug, title))
        for question, slug, title in found[:PAGE_SIZE]
    )
    more = len(found) > PAGE_SIZE
    counts = _counts(session)
    return QueuePage(
        rows=rows,
        after=_key(found[PAGE_SIZE - 1][0]) if more else "",
        lane=lane,
        state=state,
        lanes=tuple((key, name, counts.get((key, state), 0)) for key, name in LANE_NAMES.items()),
        states=tuple(
            (key, name, counts.get((lane, key), 0))
            for key, name in STATE_NAMES.items()
            if key != "erased"  # nothing is left of those to look at
        ),
    )


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
        history=list_history(session, question_id, version=question.version, role=role),
        episodes=list_links(session),
    )


def list_history(
    session: Session, question_id: UUID, *, version: int, role: str
) -> tuple[HistoryLine, ...]:
    """Return the acts on a question that stands at a version, newest first.

    Only the newest act can be undone, by whoever may make the move back.
    """
    events = session.scalars(
        select(QuestionEvent)
        .where(QuestionEvent.question_id == question_id)
        .order_by(QuestionEvent.to_version.desc())
    )
    return tuple(
        HistoryLine(
            id=event.id,
            when=event.at or event.on,
            actor=event.actor,
            role=event.role,
            words=ACTION_NAMES[event.action],
            reason=REASONS.get(event.reason, (event.reason,))[0],
            to_version=event.to_version,
            can_undo=event.to_version == version
            and event.to_state in workflow.sources(event.from_state, role, undo=True),
        )
        for event in events
    )


def get_event(session: Session, event_id: UUID) -> QuestionEvent:
    """Return one act. Raises NotFound."""
    event = session.get(QuestionEvent, event_id)
    if event is None:
        raise NotFound
    return event


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
    allowed = set(workflow.targets(question.state, role))
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
