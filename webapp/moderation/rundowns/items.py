"""A question's place in a rundown as the desk shows it: what is read, and what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from webapp.moderation import opt_outs
from webapp.moderation.clusters import for_all
from webapp.moderation.labels import Tags
from webapp.moderation.models import RundownItem
from webapp.moderation.names import CONSENT_NAMES, STATE_NAMES
from webapp.moderation.rows import UNREADABLE, open_or_say
from webapp.moderation.rundowns.reading import choose, seconds_for
from webapp.questions import workflow
from webapp.questions.models import Question
from webapp.storage.sealing import Keyring

TAKEN_BACK = "Taken back by its asker: leave it out."
WEB_TEXT = "No air text: the web text is shown."
NO_TEXT = "No air text: there is nothing to read."
NO_ANSWER = "The asker was asked one thing and has not answered."
UNCHECKED = "The texts are newer than the checklist: go through it again."
NO_TOPIC = "No topic."
LOCKED = "A text cannot be opened."

_SEALED = ("text", "air_text", "web_text", "sign_off", "pronunciation")


@dataclass(frozen=True, slots=True)
class Item:
    """A question in a rundown. Of one that was taken back (`is_gone`) there are no words.

    `text` is what is read aloud, with the line that says how many asked it; `closed_for` names
    what is in it that whoever looks at it does not want to read. `asked` is how many askers it
    speaks for, itself included; `seconds` what reading it takes; `time_code` where it stands in
    the recording, in seconds.
    """

    id: UUID
    number: int
    version: int
    state: str
    state_name: str
    is_gone: bool
    received_on: date
    consent_words: str
    text: str
    source: str
    sign_off: str
    pronunciation: str
    seconds: int
    asked: int
    topics: tuple[str, ...]
    missing: tuple[str, ...]
    time_code: int | None
    closed_for: tuple[str, ...]

    @property
    def can_leave(self) -> bool:
        """Return whether it may be taken out: what has been recorded keeps its place."""
        return self.is_gone or self.state == "scheduled"


@dataclass(frozen=True, slots=True)
class Around:
    """What is known of the questions of a rundown beside their own rows, by their ids.

    `opted_out` is what whoever looks at them does not want to read.
    """

    tags: Mapping[UUID, Tags]
    others: Mapping[UUID, int]
    unchecked: frozenset[UUID]
    opted_out: frozenset[str] = frozenset()

    def topics_of(self, question: Question) -> tuple[str, ...]:
        """Return what a question is about."""
        return tuple(topic.name for topic in self.tags.get(question.id, Tags()).topics)

    def closed_for(self, question: Question) -> tuple[str, ...]:
        """Return what is in a question that whoever looks at it does not want to read."""
        tags = self.tags.get(question.id, Tags())
        return opt_outs.closed_for(self.opted_out, tags.topics, question.lane_reasons)


def make_item(
    keyring: Keyring,
    place: RundownItem,
    question: Question,
    around: Around,
    *,
    number: int,
    pace: int,
) -> Item:
    """Return a question in a rundown as it stands, with its reading time at a pace."""
    is_gone = question.state in workflow.GONE
    opened = _open_all(keyring, question) if not is_gone else dict.fromkeys(_SEALED, "")
    reading = choose(
        consent=question.consent,
        original=opened["text"],
        air_text=opened["air_text"],
        web_text=opened["web_text"],
    )
    asked = 1 + around.others.get(question.id, 0)
    text = for_all(asked, reading.text)
    return Item(
        id=question.id,
        number=number,
        version=question.version,
        state=question.state,
        state_name=STATE_NAMES[question.state],
        is_gone=is_gone,
        received_on=question.received_on,
        consent_words=CONSENT_NAMES[question.consent],
        text=text,
        source=reading.source,
        sign_off=opened["sign_off"],
        pronunciation=opened["pronunciation"],
        seconds=0 if is_gone else seconds_for(text, opened["sign_off"], pace=pace),
        asked=asked,
        topics=around.topics_of(question),
        missing=_missing(question, opened, reading.source, around),
        time_code=place.time_code,
        closed_for=() if is_gone else around.closed_for(question),
    )


def _open_all(keyring: Keyring, question: Question) -> dict[str, str]:
    return {name: open_or_say(keyring, question, f"{name}_sealed") for name in _SEALED}


def _missing(
    question: Question, opened: Mapping[str, str], source: str, around: Around
) -> tuple[str, ...]:
    """Return what keeps a question from being read out as it should be."""
    if question.state in workflow.GONE:
        return (TAKEN_BACK,)
    said = {
        LOCKED: UNREADABLE in opened.values(),
        WEB_TEXT: source == "web",
        NO_TEXT: not source,
        NO_ANSWER: question.asked_back_sealed is not None and question.reply_sealed is None,
        UNCHECKED: question.id in around.unchecked,
        NO_TOPIC: not around.topics_of(question),
    }
    return tuple(words for words, is_so in said.items() if is_so)
