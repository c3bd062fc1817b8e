"""Keys of pages: read back as they were written, and never an error."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.episodes.paging import Key, read_key


def test_a_key_is_read_back():
    key = Key(datetime(2026, 1, 6, 8, 0, 0, 250, tzinfo=UTC), 7)

    assert read_key(str(key)) == key


def test_a_key_is_written_in_utc_whatever_zone_it_came_in():
    there = datetime(2026, 1, 6, 9, tzinfo=timezone(timedelta(hours=1)))

    assert str(Key(there, 7)) == "2026-01-06T08:00:00+00:00~7"


@pytest.mark.parametrize(
    "garbled",
    ["", "~", "nonsense", "2026-01-01~1", "2026-01-06T08:00:00+00:00~x",
     "2026-01-06T08:00:00+00:00~-1", "2026-01-06T08:00:00+00:00~99999999999",
     "0001-01-01T00:00:00+23:00~1", "9999-12-31T23:00:00-23:00~1"],
)  # fmt: skip
def test_what_is_no_key_is_none(garbled: str):
    assert read_key(garbled) is None


@given(st.text())
def test_no_text_is_an_error(text: str):
    read_key(text)
