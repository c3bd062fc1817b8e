"""A large mailbag in which everything is due, made in a few statements."""

import secrets
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from webapp import clock
from webapp.questions.models import Question, QuestionTerm, QueueCount, SpentNonce

TODAY = clock.today()
ARRIVED = TODAY - timedelta(days=100)
YESTERDAY = TODAY - timedelta(days=1)
NEXT_YEAR = TODAY + timedelta(days=365)
SEALED = bytes(560)

KINDS = {  # state, the last day of the texts, and of the receipt
    "texts": ("declined", YESTERDAY, NEXT_YEAR),
    "questions": ("new", YESTERDAY, YESTERDAY),
    "remains": ("erased", None, YESTERDAY),
    "kept": ("ready", NEXT_YEAR, NEXT_YEAR),
}


def fill(session: Session, **counts: int) -> None:
    """Add so many questions of each of `KINDS`, and used `tokens`."""
    tokens = counts.pop("tokens", 0)
    for kind, count in counts.items():
        rows = list(_questions(kind, count))
        session.execute(insert(Question), rows)
        if KINDS[kind][1]:
            session.execute(insert(QuestionTerm), [term for row in rows for term in _terms(row)])
        of_kind = QueueCount.lane == "ordinary", QueueCount.state == KINDS[kind][0]
        session.execute(update(QueueCount).where(*of_kind).values(count=count))
    spent = [{"nonce_hash": secrets.token_bytes(32), "question_id": uuid4()} for _ in range(tokens)]
    if spent:
        session.execute(insert(SpentNonce), [row | {"spent_on": ARRIVED} for row in spent])


def _questions(kind: str, count: int) -> Iterator[dict[str, Any]]:
    state, texts_until, kept_until = KINDS[kind]
    for _ in range(count):
        yield {
            "id": uuid4(),
            "received_on": ARRIVED,
            "sort_key": secrets.randbits(63),
            "texts_until": texts_until,
            "kept_until": kept_until,
            "prolonged": False,
            "text_sealed": SEALED if texts_until else None,
            "sign_off_sealed": SEALED if texts_until else None,
            "consent": "private",
            "language": "en-GB",
            "state": state,
            "lane": "ordinary",
            "lane_reasons": [],
            "decline_reason": "",
            "version": 1,
            "receipt_lookup": secrets.token_bytes(32),
        }


def _terms(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    place = {"received_on": row["received_on"], "sort_key": row["sort_key"]}
    for _ in range(3):
        yield {"term": secrets.token_bytes(8), "question_id": row["id"], **place}
