"""Questions are looked for along an index, however many there are, on both engines."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests import factories
from tests.episodes.test_straight_walks import plans_of
from webapp import storage
from webapp.moderation import digests
from webapp.questions import comparing, purging, queries
from webapp.questions.models import Question

DAY = date(2026, 3, 3)

Read = Callable[[Session], object]


def whose_day_is_over(session: Session) -> object:
    return purging._due(session, Question.kept_until, DAY)


def whose_texts_go_first(session: Session) -> object:
    return purging._due(session, Question.texts_until, DAY, purging.GO_FIRST)


def not_compared(session: Session) -> object:
    return comparing.look(session, storage.current_keyring())


def merged_into_one(session: Session) -> object:
    return queries.has_members(session, UUID(int=1))


@pytest.mark.parametrize(
    ("read", "index"),
    [
        (whose_day_is_over, "ix_questions_kept_until"),
        (whose_texts_go_first, "ix_questions_texts_until"),
        (not_compared, "ix_questions_to_compare"),
        (merged_into_one, "ix_questions_lead_id"),
    ],
)
def test_a_lookup_reads_an_index(session: Session, read: Read, index: str):
    assert index in plans_of(session, lambda: read(session))[0]


def test_what_goes_soon_is_counted_along_the_days_on_which_texts_go(session: Session):
    def fill(writing: Session) -> None:
        for days in range(60):
            factories.add_question(writing, received_on=DAY - timedelta(days=days))
        if writing.get_bind().dialect.name == "postgresql":  # which chooses by what there is
            writing.execute(text("ANALYZE questions"))

    storage.write(fill)
    plans = plans_of(session, lambda: digests._count_going(session, DAY, DAY))
    assert "ix_questions_leaving" in plans[0]
