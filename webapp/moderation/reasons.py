"""Editing why questions may be declined. Codes stay: history and old questions name them."""

import hashlib
import json
import re
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.exceptions import Conflict, NotFound, Refused
from webapp.questions.models import DeclineReason
from webapp.storage import take_turn
from webapp.storage.history import Actor, record

SUBJECT = "rule"
CHANGED = "Somebody changed this reason since you looked."
TAKEN = "There is a reason of that name already."
LAST = "One reason has to be offered: nothing could be declined without."
LONGEST_CODE = 40

_NO_LETTERS = re.compile(r"[^a-z0-9]+")


def seen(name: str, asker_words: str, is_offered: bool) -> str:  # noqa: FBT001 - columns of a row
    """Return a short mark of a reason as it stands, which changes with it. Pure."""
    text = json.dumps([name, asker_words, is_offered])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def edit_reason(
    session: Session,
    *,
    code: str,
    mark: str,
    actor: Actor,
    name: str,
    asker_words: str,
    is_offered: bool,
) -> bool:
    """Give a reason other words, or offer it no longer; tell whether that changed anything.

    `mark` is what `seen` gave of it. Raises NotFound, Conflict when it has changed since, or
    Refused for a name that another has, and for the last one that is offered.
    """
    take_turn(session)
    reason = _get(session, code)
    now = (reason.name, reason.asker_words, reason.is_offered)
    if now == (name, asker_words, is_offered):
        return False
    if seen(*now) != mark:
        raise Conflict(CHANGED)
    _refuse_name(session, name, besides=code)
    if reason.is_offered and not is_offered and _count_offered(session) == 1:
        raise Refused(LAST)
    did = "edited" if reason.is_offered == is_offered else "offered" if is_offered else "retired"
    reason.name, reason.asker_words, reason.is_offered = name, asker_words, is_offered
    _record(session, actor, code, did)
    return True


def add_reason(session: Session, *, actor: Actor, name: str, asker_words: str) -> str:
    """Add a reason after the others, and return its code. Raises Refused for a name twice."""
    take_turn(session)
    _refuse_name(session, name)
    code = _new_code(session, name)
    last = session.scalar(select(func.max(DeclineReason.position))) or 0
    session.add(
        DeclineReason(
            code=code, name=name, asker_words=asker_words, position=last + 1, is_offered=True
        )
    )
    _record(session, actor, code, "added")
    return code


def move_reason(session: Session, *, code: str, to: Literal["up", "down"], actor: Actor) -> bool:
    """Put a reason before or behind its neighbour; tell whether it had one. Raises NotFound."""
    take_turn(session)
    reasons = session.scalars(select(DeclineReason).order_by(DeclineReason.position)).all()
    place = reasons.index(_get(session, code))
    other = place + (1 if to == "down" else -1)
    if not 0 <= other < len(reasons):
        return False
    ordered = list(reasons)
    ordered[place], ordered[other] = ordered[other], ordered[place]
    for position, reason in enumerate(ordered, start=1):
        reason.position = position
    _record(session, actor, code, "moved")
    return True


def _get(session: Session, code: str) -> DeclineReason:
    reason = session.get(DeclineReason, code)
    if reason is None:
        raise NotFound
    return reason


def _refuse_name(session: Session, name: str, *, besides: str = "") -> None:
    others = session.scalars(select(DeclineReason.name).where(DeclineReason.code != besides))
    if name.casefold() in {other.casefold() for other in others}:
        raise Refused(TAKEN)


def _count_offered(session: Session) -> int:
    offered = select(func.count()).select_from(DeclineReason).where(DeclineReason.is_offered)
    return session.scalar(offered) or 0


def _new_code(session: Session, name: str) -> str:
    """Return a code that no reason has, made from a name."""
    made = _NO_LETTERS.sub("-", name.lower()).strip("-")[:LONGEST_CODE] or "reason"
    taken = set(session.scalars(select(DeclineReason.code)))
    numbered = (f"{made}-{number}" for number in range(2, len(taken) + 3))
    return next(code for code in (made, *numbered) if code not in taken)


def _record(session: Session, actor: Actor, code: str, did: str) -> None:
    session.flush()
    record(
        session,
        actor=actor,
        action="edited reasons",
        subject=SUBJECT,
        subject_id="reasons",
        detail={"reason": code, "did": did},
    )
