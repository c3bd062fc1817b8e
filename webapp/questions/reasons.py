"""Why a question may be declined: words for the desk and for its asker, which owners edit."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.questions.models import DeclineReason


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason: `name` for the desk, `asker_words` for the asker. What is not offered was once."""

    code: str
    name: str
    asker_words: str
    is_offered: bool


def list_reasons(session: Session) -> Sequence[Reason]:
    """Return all reasons there are and were, in their order."""
    found = session.scalars(select(DeclineReason).order_by(DeclineReason.position))
    return tuple(Reason(one.code, one.name, one.asker_words, one.is_offered) for one in found)
