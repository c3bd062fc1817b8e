"""How long a question is kept: its texts, and what its receipt still tells."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.questions.retention import (
    BACK_ON_THE_TABLE_DAYS,
    UNDECIDED,
    Kept,
    arriving,
    coming_to,
    undecided_until,
)
from webapp.questions.workflow import GONE, MOVES, STATES
from webapp.settings import Settings

ARRIVED = date(2026, 1, 1)
TODAY = date(2026, 2, 1)
SHOWN = date(2026, 4, 1)  # ninety days after it arrived

DAYS = st.integers(0, 400).map(lambda days: ARRIVED + timedelta(days=days))


def come(state: str, **changes: object) -> Kept:
    """Return how long a question is kept that comes to a state, from new unless told otherwise."""
    given = {
        "settings": Settings(),
        "source": "new",
        "received_on": ARRIVED,
        "prolonged": False,
        "shown": SHOWN,
        "today": TODAY,
    }
    return coming_to(state=state, **(given | changes))


def test_a_new_question_is_kept_for_ninety_days_and_so_is_its_receipt():
    assert arriving(Settings(), ARRIVED) == Kept(SHOWN, SHOWN)


def test_an_asker_may_have_it_kept_for_ninety_days_more():
    assert undecided_until(Settings(), ARRIVED) == date(2026, 4, 1)
    assert undecided_until(Settings(), ARRIVED, prolonged=True) == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("state", "texts_until", "kept_until"),
    [
        ("shortlisted", SHOWN, SHOWN),
        ("merged", SHOWN, SHOWN),
        ("declined", date(2026, 2, 8), SHOWN),
        ("spam", date(2026, 2, 8), SHOWN),
        ("ready", date(2027, 1, 1), date(2027, 1, 1)),
        ("scheduled", date(2027, 1, 1), date(2027, 1, 1)),
        ("recorded", date(2027, 1, 1), date(2027, 1, 1)),
        ("answered", date(2026, 3, 3), SHOWN),
        ("withdrawn", None, date(2026, 2, 8)),
        ("erased", None, date(2026, 2, 8)),
    ],
)
def test_texts_are_kept_as_long_as_their_state_needs(
    state: str, texts_until: date | None, kept_until: date
):
    assert come(state) == Kept(texts_until, kept_until)
    assert state in STATES


def test_what_was_prolonged_is_kept_for_twice_as_long_on_the_shortlist():
    until = date(2026, 6, 30)

    assert come("shortlisted", prolonged=True, shown=until) == Kept(until, until)


def test_what_was_prolonged_goes_as_soon_as_any_once_it_is_declined():
    until = date(2026, 6, 30)

    assert come("declined", prolonged=True, shown=until) == Kept(date(2026, 2, 8), until)


def test_spam_shows_its_asker_no_other_day_than_a_new_question_does():
    late = SHOWN - timedelta(days=2)

    assert come("spam", today=late) == Kept(SHOWN, SHOWN)
    assert come("declined", today=late) == Kept(late + timedelta(days=7), late + timedelta(days=7))


@pytest.mark.parametrize("source", ["declined", "spam", "answered", "ready"])
def test_what_comes_back_to_the_queue_can_be_read_for_a_week(source: str):
    late = SHOWN - timedelta(days=1)

    kept = come("new", source=source, today=late)

    assert kept.texts_until == late + timedelta(days=BACK_ON_THE_TABLE_DAYS)


def test_the_road_to_a_recording_never_takes_longer_than_a_year():
    last = ARRIVED + timedelta(days=364)
    for source, state in (
        ("ready", "scheduled"),
        ("scheduled", "recorded"),
        ("shortlisted", "ready"),
    ):
        assert come(state, source=source, today=last).texts_until == date(2027, 1, 1)


def test_a_show_may_keep_everything_for_less_long():
    short = Settings(keep_undecided=30, keep_chosen=60, keep_declined=1, keep_answered=2)

    assert arriving(short, ARRIVED) == Kept(date(2026, 1, 31), date(2026, 1, 31))
    assert come("ready", settings=short).texts_until == date(2026, 3, 2)
    assert come("declined", settings=short).texts_until == date(2026, 2, 2)
    assert come("answered", settings=short).texts_until == date(2026, 2, 3)


@pytest.mark.parametrize(
    "setting", ["KEEP_UNDECIDED", "KEEP_CHOSEN", "KEEP_DECLINED", "KEEP_ANSWERED"]
)
def test_no_setting_keeps_anything_for_longer(
    setting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    longest = getattr(Settings.load(instance=tmp_path), setting.lower())
    monkeypatch.setenv(f"POSTBAG_{setting}", str(longest + 1))

    with pytest.raises(Exception, match=setting):
        Settings.load(instance=tmp_path)


@given(move=st.sampled_from(MOVES), today=DAYS, shown=DAYS, prolonged=st.booleans())
def test_no_day_that_was_shown_is_taken_back_but_by_whoever_takes_the_question_back(
    move, today: date, shown: date, *, prolonged: bool
):
    kept = come(move.target, source=move.source, today=today, shown=shown, prolonged=prolonged)

    if move.target in GONE:
        assert kept.texts_until is None
    else:
        assert kept.kept_until >= shown
        assert kept.texts_until <= kept.kept_until


@given(move=st.sampled_from(MOVES), today=DAYS, shown=DAYS)
def test_what_nobody_has_chosen_is_gone_in_a_week_or_by_its_day(move, today: date, shown: date):
    kept = come(move.target, source=move.source, today=today, shown=shown)

    if move.target in UNDECIDED:
        assert kept.texts_until <= max(SHOWN, today + timedelta(days=7))
