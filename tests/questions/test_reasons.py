"""Why a question may be declined."""

from sqlalchemy.orm import Session

from webapp import storage
from webapp.questions.models import DeclineReason
from webapp.questions.reasons import list_reasons


def test_reasons_come_in_their_order_with_those_that_are_offered_no_longer(session: Session):
    def retire(session: Session) -> None:
        session.get_one(DeclineReason, "covered").is_offered = False
        session.get_one(DeclineReason, "other").position = 0

    storage.write(retire)

    found = list_reasons(session)

    assert [reason.code for reason in found][:2] == ["other", "covered"]
    assert [reason.is_offered for reason in found][:2] == [True, False]
    assert all(reason.asker_words.endswith(".") for reason in found)
