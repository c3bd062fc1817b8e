"""A question with all that the desk knows of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.episodes.models import Episode
from webapp.episodes.pages import EpisodeLink
from webapp.episodes.queries import list_help, list_links
from webapp.moderation.comparing import Compared, compare
from webapp.moderation.history import History, read_history
from webapp.moderation.labels import Tag, list_labels, list_topics
from webapp.moderation.models import Rundown, RundownItem
from webapp.moderation.notes import Note, list_notes
from webapp.moderation.row_facts import facts_beside
from webapp.moderation.rows import QueueRow, make_row, open_or_say
from webapp.moderation.texts import Saved, list_saved
from webapp.moderation.workflow import IN_A_RUNDOWN, lanes_from
from webapp.questions import thread, workflow
from webapp.questions.models import Question
from webapp.questions.queries import get_question
from webapp.questions.reasons import list_reasons
from webapp.settings import Settings
from webapp.staff.queries import StaffPage
from webapp.storage.sealing import Keyring

OFFERED = 50  # episodes, as what answers a question: of an older one, the address is typed


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question stands in a rundown."""

    rundown_id: UUID
    title: str
    recording_on: date | None


@dataclass(frozen=True, slots=True)
class May:
    """What whoever looks at a question may do with it, beside its row's decisions."""

    write: bool
    keep_ready: bool
    make_ready: bool
    ask_back: bool
    note: bool
    merge: bool
    start: bool
    erase: bool
    lanes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """A question with all that the desk knows of it.

    `letter`, `air` and `web` are what was sent and the edited versions, with what in them may
    give their asker away; `planned_for` is the title of the episode that will answer it.
    """

    row: QueueRow
    kept_until: date
    letter: Compared
    air: Compared
    web: Compared
    pronunciation: str
    saved: Sequence[Saved]
    answered_by: EpisodeLink | None
    planned_for: str
    lead: tuple[UUID, date] | None
    place: Place | None
    decline_reason: str
    decline_reason_words: str
    kind_word: str
    asked_back: str
    reply: str
    notes: Sequence[Note]
    history: History
    episodes: tuple[EpisodeLink, ...]
    topics: Sequence[Tag]
    labels: Sequence[Tag]
    may: May


def get_question_page(
    session: Session, keyring: Keyring, question_id: UUID, *, staff: StaffPage, settings: Settings
) -> QuestionPage:
    """Return a question as a member of staff sees it. Raises NotFound."""
    question = get_question(session, question_id)
    episodes = _find_episodes(session, question)
    beside = facts_beside(session, [question], staff.role, {})[question_id]
    row = make_row(
        keyring,
        question,
        staff.role,
        _link(episodes, question.about_id),
        beside=beside,
        opted_out=staff.opt_outs,
    )
    letter, air, web = _compare(session, keyring, question, row, pace=staff.pace, settings=settings)
    return QuestionPage(
        row=row,
        kept_until=question.kept_until,
        letter=letter,
        air=air,
        web=web,
        pronunciation=open_or_say(keyring, question, "pronunciation_sealed"),
        saved=list_saved(session, question_id),
        answered_by=_link(episodes, question.answered_by_id)
        if question.state == "answered"
        else None,
        planned_for=_planned_for(episodes, question),
        lead=_find_lead(session, question),
        place=_find_place(session, question_id),
        decline_reason=question.decline_reason,
        decline_reason_words=_reason_name(session, question.decline_reason),
        kind_word=open_or_say(keyring, question, "kind_word_sealed"),
        asked_back=open_or_say(keyring, question, "asked_back_sealed"),
        reply=open_or_say(keyring, question, "reply_sealed"),
        notes=list_notes(session, keyring, question_id),
        history=read_history(
            session,
            question_id,
            version=question.version,
            role=staff.role,
            staff_id=staff.id,
            undo_seconds=settings.undo_seconds,
        ),
        episodes=list_links(session, limit=OFFERED),
        topics=list_topics(session),
        labels=list_labels(session),
        may=_may(question, staff.role),
    )


def _compare(
    session: Session,
    keyring: Keyring,
    question: Question,
    row: QueueRow,
    *,
    pace: int,
    settings: Settings,
) -> tuple[Compared, Compared, Compared]:
    """Return the letter, the air text and the web text, each beside the letter."""
    country = next((one.code for one in list_help(session, first=settings.help_country)), "")
    air, web = (
        compare(
            row.text,
            open_or_say(keyring, question, column),
            country=country,
            sign_off=row.sign_off,
            pace=pace,
        )
        for column in ("air_text_sealed", "web_text_sealed")
    )
    return compare(row.text, row.text, country=country, pace=pace), air, web


def _planned_for(episodes: Mapping[int, EpisodeLink], question: Question) -> str:
    """Return the title of the episode that will answer a question, or ""."""
    planned = _link(episodes, question.planned_for_id)
    return planned.title if planned and question.state != "answered" else ""


def _may(question: Question, role: str) -> May:
    is_here = question.text_sealed is not None and question.state not in workflow.GONE
    is_editor = workflow.allows(role, "editor")
    return May(
        write=is_here and (question.state not in IN_A_RUNDOWN or is_editor),
        keep_ready=is_here and question.state in workflow.ON_AIR and is_editor,
        make_ready=is_here
        and question.state == "shortlisted"
        and question.consent != "private"
        and is_editor,
        ask_back=thread.can_ask_back(
            question.state, asked=question.asked_back_sealed is not None, erased=not is_here
        ),
        note=is_here,
        merge=is_here and question.state in workflow.LEADS,
        start=is_here
        and is_editor
        and question.state in workflow.LEADS - {"new"}
        and question.consent != "private",
        erase="erased" in workflow.targets(question.state, role),
        lanes=tuple(lanes_from(question.lane, role)) if is_here else (),
    )


def _find_episodes(session: Session, question: Question) -> dict[int, EpisodeLink]:
    """Return the episodes that a question has to do with, published or not, by id."""
    ids = (question.about_id, question.answered_by_id, question.planned_for_id)
    found = session.execute(
        select(Episode.id, Episode.slug, Episode.title).where(
            Episode.id.in_([one for one in ids if one is not None])
        )
    )
    return {episode_id: EpisodeLink(slug, title) for episode_id, slug, title in found}


def _link(episodes: Mapping[int, EpisodeLink], episode_id: int | None) -> EpisodeLink | None:
    return episodes.get(episode_id) if episode_id is not None else None


def _find_lead(session: Session, question: Question) -> tuple[UUID, date] | None:
    if question.lead_id is None:
        return None
    lead = session.get(Question, question.lead_id)
    return (lead.id, lead.received_on) if lead else None


def _find_place(session: Session, question_id: UUID) -> Place | None:
    row = session.execute(
        select(Rundown.id, Rundown.title, Rundown.recording_on)
        .join(RundownItem, RundownItem.rundown_id == Rundown.id)
        .where(RundownItem.question_id == question_id)
    ).first()
    return Place(*row) if row else None


def _reason_name(session: Session, code: str) -> str:
    return next((reason.name for reason in list_reasons(session) if reason.code == code), "")
