"""Moments, lengths, truths and numbers as feeds in the wild write them."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.transfer.feed_import.values import (
    read_duration,
    read_moment,
    read_number,
    read_truth,
    read_whole,
)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Tue, 03 Mar 2026 06:00:00 +0000", "2026-03-03T06:00:00+00:00"),
        ("Tue, 03 Mar 2026 06:00:00 GMT", "2026-03-03T06:00:00+00:00"),
        ("Mon, 3 Mar 2026 06:00 -0500", "2026-03-03T06:00:00-05:00"),
        ("3 March 2026 06:00:00 EST", "2026-03-03T06:00:00-05:00"),
        ("Tue, 03 Mar 26 06:00:00 CET", "2026-03-03T06:00:00+01:00"),
        ("Tue, 03 Mar 2026 06:00:00 +0530 (IST)", "2026-03-03T06:00:00+05:30"),
        ("Tue,03 Mar 2026 06:00:60 Z", "2026-03-03T06:00:59+00:00"),
        ("Tue, 03 Mar 2026 06:00:00 +05:30", "2026-03-03T06:00:00+05:30"),
        ("Tue, 03 Mar 2026 06:00:00 GMT+0100", "2026-03-03T06:00:00+01:00"),
        ("Tue, 03 Mar 2026 06:00:00 UTC-02:00", "2026-03-03T06:00:00-02:00"),
        ("Tue, 03 Mar 2026 06:00:00 +2", "2026-03-03T06:00:00+02:00"),
        ("Tue, 03 Mar 2026 06:00:00 gmt", "2026-03-03T06:00:00+00:00"),
        ("Tue, 03 Mar 2026 06:00:00 PM EST", "2026-03-03T18:00:00-05:00"),
        ("Tue, 03 Mar 2026 12:30 am EST", "2026-03-03T00:30:00-05:00"),
        ("Tue, 03 Mar 2026 18:00:00 PM EST", "2026-03-03T18:00:00-05:00"),
        ("2026-03-03T06:00:00Z", "2026-03-03T06:00:00+00:00"),
        ("2026-03-03T06:00:00+02", "2026-03-03T06:00:00+02:00"),
        ("2026-03-03 06:00:00+0100", "2026-03-03T06:00:00+01:00"),
        ("2026-3-3T06:00:00.123-07:00", "2026-03-03T06:00:00-07:00"),
        ("  Tue,  03 Mar\n2026 06:00:00 MSK ", "2026-03-03T06:00:00+03:00"),
    ],
)
def test_a_moment_is_read_in_the_forms_that_feeds_use(text: str, moment: str):
    assert read_moment(text) == (datetime.fromisoformat(moment), "")


@pytest.mark.parametrize(
    "text", ["2026-03-03", "Tue, 03 Mar 2026 06:00:00", "Tue, 03 Mar 2026 06:00:00 XYZ"]
)
def test_a_moment_without_a_zone_is_taken_as_utc_and_said(text: str):
    moment, remark = read_moment(text)

    assert moment is not None
    assert moment.isoformat()[-6:] == "+00:00"
    assert "taken as UTC" in remark


@pytest.mark.parametrize(
    "text",
    [
        *("irgendwann im Januar", "03/03/2026", "Tue, 31 Feb 2026 06:00:00 GMT", "1 Jan 0001", ""),
        *("Tue, 03 Mar 2026 25:00:00 GMT", "2026-13-01T00:00:00Z", "Tue, 03 Mar 9999 06:00 GMT"),
        *("Tue, 03 Mar 2026 06:00:00 +9999", "0", "0000-00-00 00:00:00"),
        *("Tue, 03 Mar 2026 06:00:352 GMT", "Tue, 03 Mar 2026 06:00:75 GMT"),
    ],
)
def test_a_moment_that_cannot_be_read_is_said(text: str):
    moment, remark = read_moment(text)

    assert moment is None
    assert "cannot be read" in remark


@given(st.text(max_size=60))
def test_any_text_is_a_moment_or_a_remark(text: str):
    moment, remark = read_moment(text)

    assert (moment is None) <= ("cannot be read" in remark)
    read_duration(text), read_truth(text), read_whole(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        *(("1867", 1867), ("1867.5", 1867), ("31:07", 1867), ("0:31:07", 1867)),
        *(("00:31:07.250", 1867), ("01:00:00", 3600), ("90:00", 5400), ("1h 2m 3s", 3723)),
        *(
            ("2,345", 2345),
            ("12,5", 12),
            ("PT31M7S", 1867),
            ("31 min", 1860),
            ("2 hours", 7200),
            ("45 sec", 45),
        ),
        *(("", None), ("0", None), ("soon", None), ("-5", None), ("9999999", None), (":", None)),
        *(("1:2:3:4", None), ("eine Stunde", None), ("NaN", None)),
    ],
)
def test_a_length_is_read_or_is_none(text: str, seconds: int | None):
    assert read_duration(text) == seconds


@pytest.mark.parametrize(
    ("text", "says"),
    [
        *(("yes", True), ("True", True), ("explicit", True), ("no", False), (" Clean ", False)),
        *(("false", False), ("", None), ("maybe", None)),
    ],
)
def test_whether_something_is_explicit_is_read_or_is_none(text: str, says: bool | None):
    assert read_truth(text) is says


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", 1), ("007", 7), ("12.0", 12), ("0", None), ("3.5", None), ("-1", None), ("٣", None),
     ("1e5", None), ("", None), ("999999", None)],
)  # fmt: skip
def test_a_whole_number_is_read_or_is_none(text: str, number: int | None):
    assert read_whole(text) == number


@pytest.mark.parametrize(
    ("text", "number"), [("4", 4), ("4.5", 4), ("0.5", None), ("0", None), ("four", None)]
)
def test_a_decimal_number_counts_by_what_stands_before_its_point(text: str, number: int | None):
    assert read_number(text) == number
