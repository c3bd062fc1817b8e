"""A cluster as the desk shows it: its lead, those that go with it, and what may be read out."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session

from webapp.moderation.clusters import for_all, how_many_asked
from webapp.moderation.names import CONSENT_NAMES
from webapp.moderation.rows import QueueRow, open_or_say
from webapp.moderation.selecting import place_of, read_key
from webapp.moderation.similar import rows_of
from webapp.questions import workflow
from webapp.questions.models import Question
from webapp.questions.queries import get_question
from webapp.staff.queries import StaffPage
from webapp.storage.sealing import Keyring

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Cluster:
    """A lead with a page of what goes with it; `asked` counts all of them, lead and all.

    `air_text` is what is read out for everybody; `after` the key of the next page, or "".
    `not_to_be_quoted` says how many allow no reading aloud, in words; "" where all do.
    """

    lead: QueueRow
    members: tuple[QueueRow, ...]
    asked: int
    asked_words: str
    air_text: str
    consents: tuple[tuple[str, int], ...]
    not_to_be_quoted: str
    can_change_lead: bool
    after: str


def find_cluster(
    session: Session,
    keyring: Keyring,
    question_id: UUID,
    *,
    staff: StaffPage,
    after: str = "",
    limit: int = PAGE_SIZE,
) -> Cluster | None:
    """Return the cluster that a question leads or goes with; None if it is in none.

    Raises NotFound.
    """
    question = get_question(session, question_id)
    lead = session.get(Question, question.lead_id) if question.lead_id else question
    if lead is None:
        return None
    consents = _count_consents(session, lead)
    asked = sum(consents.values())
    if asked < 2:
        return None
    found = session.scalars(_page(lead.id, after).limit(limit + 1)).all()
    first, *rest = rows_of(session, keyring, [lead, *found[:limit]], staff=staff)
    air_text = open_or_say(keyring, lead, "air_text_sealed")
    return Cluster(
        lead=first,
        members=tuple(rest),
        asked=asked,
        asked_words=how_many_asked(asked),
        air_text=for_all(asked, air_text),
        consents=tuple(
            (CONSENT_NAMES[key], consents[key]) for key in CONSENT_NAMES if key in consents
        ),
        not_to_be_quoted=_not_to_be_quoted(consents),
        can_change_lead=lead.state in {"new", "shortlisted"},
        after=place_of(found[limit - 1]) if len(found) > limit else "",
    )


def _members(lead_id: UUID) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Question.lead_id == lead_id, Question.state.in_(("merged", "answered"))


def _count_consents(session: Session, lead: Question) -> dict[str, int]:
    """Return how many of a cluster allow what, the lead among them."""
    counted = (
        select(Question.consent, func.count()).where(*_members(lead.id)).group_by(Question.consent)
    )
    counts = dict(session.execute(counted).all())
    if lead.state not in workflow.GONE:
        counts[lead.consent] = counts.get(lead.consent, 0) + 1
    return counts


def _not_to_be_quoted(consents: Mapping[str, int]) -> str:
    """Return who of a cluster must not be heard in its air text, in words."""
    told = (
        ("paraphrase", "may only be paraphrased"),
        (
            "private",
            "is to stay between the asker and you",
            "are to stay between the askers and you",
        ),
    )
    parts = []
    for key, one, *many in told:
        if count := consents.get(key, 0):
            parts.append(f"{count:,} {one if count == 1 or not many else many[0]}")
    return " and ".join(parts)


def _page(lead_id: UUID, after: str) -> Select[Question]:
    order = Question.received_on, Question.sort_key, Question.id
    query = select(Question).where(*_members(lead_id)).order_by(*order)
    if key := read_key(after):
        query = query.where(tuple_(*order) > tuple_(*key))
    return query
