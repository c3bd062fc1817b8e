"""A question as a row of the queue, for those who may decide on it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from webapp import clock
from webapp.episodes.pages import EpisodeLink
from webapp.moderation import opt_outs
from webapp.moderation.claims import Holder
from webapp.moderation.labels import Tags
from webapp.moderation.names import CONSENT_NAMES, LANE_NAMES, STATE_NAMES
from webapp.moderation.workflow import DECISIONS, may_snooze
from webapp.questions import workflow
from webapp.questions.models import Question
from webapp.questions.queries import open_text
from webapp.storage.sealing import KeyMissing, Keyring, Unsealable

NO_TAGS = Tags()
UNREADABLE = "(This text cannot be opened: its key is missing, or its bytes were changed.)"


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known of a question beside its own row; `done` is the newest act where it tells."""

    similar: int = 0
    merged: int = 0
    tags: Tags = NO_TAGS
    holder: Holder | None = None
    done: "Done | None" = None


@dataclass(frozen=True, slots=True)
class Done:
    """What was done to a question while somebody had the page open.

    `is_over`: it is not where they looked for it any more.
    """

    act_id: UUID
    actor: str
    words: str
    is_over: bool
    can_undo: bool


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A question in the queue; `decisions` are those that this member of staff may make.

    `closed_for` names what is in it that they do not want to read.
    """

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
    can_claim: bool
    can_snooze: bool
    asked_back: bool
    has_reply: bool
    snoozed_until: date | None
    closed_for: tuple[str, ...]
    beside: Beside


def open_or_say(keyring: Keyring, question: Question, column: str) -> str:
    """Return a sealed text, or in its place why it cannot be opened: one must not hide all."""
    try:
        return open_text(keyring, question, column)
    except (KeyMissing, Unsealable):
        return UNREADABLE


def make_row(
    keyring: Keyring,
    question: Question,
    role: str,
    about: EpisodeLink | None,
    *,
    beside: Beside = Beside(),
    opted_out: frozenset[str] = frozenset(),
) -> QueueRow:
    """Return a question as it stands, with what somebody in a role may decide on it."""
    is_here = question.text_sealed is not None  # what is erased does not come back
    today = clock.today()
    snoozed = question.snoozed_until
    return QueueRow(
        id=question.id,
        state=question.state,
        state_name=STATE_NAMES[question.state],
        lane=question.lane,
        lane_name=LANE_NAMES[question.lane],
        lane_reasons=tuple(question.lane_reasons),
        received_on=question.received_on,
        days_left=max(0, ((question.texts_until or question.kept_until) - today).days),
        consent=question.consent,
        consent_words=CONSENT_NAMES[question.consent],
        sign_off=open_or_say(keyring, question, "sign_off_sealed"),
        text=open_or_say(keyring, question, "text_sealed"),
        about=about,
        version=question.version,
        decisions=_decisions(question, role) if is_here else (),
        can_claim=is_here and question.state not in workflow.GONE,
        can_snooze=is_here and may_snooze(question.state, question.lane, role),
        asked_back=question.asked_back_sealed is not None,
        has_reply=question.reply_sealed is not None,
        snoozed_until=snoozed if snoozed is not None and snoozed > today else None,
        closed_for=opt_outs.closed_for(opted_out, beside.tags.topics, question.lane_reasons),
        beside=beside,
    )


def _decisions(question: Question, role: str) -> tuple[str, ...]:
    """Return the decisions that the table and its guards leave to a role."""
    facts = workflow.Facts(
        source=question.state,
        lane=question.lane,
        consent=question.consent,
        original="",
        air_text="",
        web_text="",
        has_note=True,  # the form asks for it where it takes one
    )
    if question.state == "merged":
        return ()  # it goes with its lead, and is taken out of the cluster on its page
    allowed = workflow.targets(question.state, role)
    return tuple(
        name
        for name, target in DECISIONS.items()
        if target in allowed and not workflow.refusal(target, role, facts)
    )
