"""How long a question's texts are kept."""

from datetime import date, timedelta

DAYS_UNDECIDED = 90
DAYS_DECLINED = 7
DAYS_ANSWERED = 30
DAYS_WITHDRAWN_SHOWN = 7


def undecided_until(received_on: date) -> date:
    """Return the day until which a question is kept while nobody has decided on it."""
    return received_on + timedelta(days=DAYS_UNDECIDED)


def kept_until(state: str, *, received_on: date, today: date) -> date:
    """Return the day until which the texts are kept of a question that comes to a state today."""
    days = {
        "declined": DAYS_DECLINED,
        "spam": DAYS_DECLINED,
        "answered": DAYS_ANSWERED,
        "withdrawn": DAYS_WITHDRAWN_SHOWN,  # by then of the receipt alone
        "erased": DAYS_WITHDRAWN_SHOWN,
    }.get(state)
    return undecided_until(received_on) if days is None else today + timedelta(days=days)
