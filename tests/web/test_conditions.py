"""Conditions and byte ranges by RFC 9110, sections 13 and 14."""

from datetime import UTC, datetime

import pytest
from werkzeug.datastructures import Headers

from webapp.web.conditions import BeyondEnd, Version, decide, find_span

THEN = "Tue, 06 Jan 2026 08:00:00 GMT"
BEFORE = "Tue, 06 Jan 2026 07:59:59 GMT"
AFTER = "Tue, 06 Jan 2026 08:00:01 GMT"
OF_NO_CALENDAR = f"Mon, 01 Jan {'9' * 20} 00:00:00 GMT"
VERSION = Version("abc", datetime(2026, 1, 6, 8, tzinfo=UTC))
SIZE = 1000


@pytest.mark.parametrize(
    ("asked", "span"),
    [
        ("bytes=0-1", (0, 2)),
        ("bytes=0-0", (0, 1)),
        ("bytes=500-", (500, 1000)),
        ("bytes=999-", (999, 1000)),
        ("bytes=-500", (500, 1000)),
        ("bytes=-5000", (0, 1000)),
        ("bytes=990-5000", (990, 1000)),
        (f"bytes=990-{'9' * 40}", (990, 1000)),
        (f"bytes=-{'9' * 40}", (0, 1000)),
        ("BYTES=0-1", (0, 2)),
        ("bytes= 0-1 ,", (0, 2)),
    ],
)
def test_one_range_is_answered_with_its_bytes(asked: str, span: tuple[int, int]):
    assert find_span(Headers({"Range": asked}), VERSION, SIZE) == span


@pytest.mark.parametrize(
    "asked",
    ["bytes=1000-", "bytes=1000-1001", "bytes=-0", "bytes=-000", f"bytes={'9' * 40}-"],
)
def test_a_range_without_a_byte_of_the_file_is_beyond_its_end(asked: str):
    with pytest.raises(BeyondEnd):
        find_span(Headers({"Range": asked}), VERSION, SIZE)


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=,",
        "bytes=-",
        "bytes=abc",
        "bytes=5-2",
        "bytes=--1",
        "bytes=1-2-3",
        "bytes=0x1-2",
        "bytes=+1-2",
        "bytes=1 - 2",
        "bytes=١-٢",
        "bytes=0-1,4-5",
        "bytes=0-1, bytes=4-5",
        "lines=0-1",
        "0-1",
        f"bytes={'9' * 5000}-",
    ],
)
def test_any_other_range_is_ignored(asked: str):
    assert find_span(Headers({"Range": asked}), VERSION, SIZE) is None


@pytest.mark.parametrize("asked", ["bytes=0-", "bytes=0-1", "bytes=-5", "bytes=7-"])
def test_an_empty_file_has_no_ranges(asked: str):
    assert find_span(Headers({"Range": asked}), VERSION, 0) is None


@pytest.mark.parametrize(
    ("condition", "joins"),
    [
        ('"abc"', True),
        (THEN, True),
        ('"other"', False),
        ('W/"abc"', False),
        ("abc", False),
        ('"abc", "other"', False),
        (BEFORE, False),
        (AFTER, False),
        ("", False),
    ],
)
def test_a_range_is_sent_only_of_the_version_that_the_visitor_has(condition: str, joins: bool):
    headers = Headers({"Range": "bytes=0-1", "If-Range": condition})

    assert find_span(headers, VERSION, SIZE) == ((0, 2) if joins else None)


def test_a_version_that_has_gone_makes_no_range_unsatisfiable():
    headers = Headers({"Range": "bytes=5000-", "If-Range": '"other"'})

    assert find_span(headers, VERSION, SIZE) is None


@pytest.mark.parametrize(
    ("conditions", "status"),
    [
        ({}, 200),
        ({"If-None-Match": '"abc"'}, 304),
        ({"If-None-Match": 'W/"abc"'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"x", W/"y" , "abc"'}, 304),
        ({"If-None-Match": '"x", "y"'}, 200),
        ({"If-None-Match": '"ABC"'}, 200),
        ({"If-Modified-Since": THEN}, 304),
        ({"If-Modified-Since": AFTER}, 304),
        ({"If-Modified-Since": BEFORE}, 200),
        ({"If-Modified-Since": "yesterday"}, 200),
        ({"If-None-Match": '"x"', "If-Modified-Since": AFTER}, 200),
        ({"If-None-Match": '"abc"', "If-Modified-Since": BEFORE}, 304),
        ({"If-Match": '"abc"'}, 200),
        ({"If-Match": "*"}, 200),
        ({"If-Match": '"x", "abc"'}, 200),
        ({"If-Match": '"x"'}, 412),
        ({"If-Match": 'W/"abc"'}, 412),
        ({"If-Match": '"x"', "If-None-Match": '"abc"'}, 412),
        ({"If-Match": '"abc"', "If-None-Match": '"abc"'}, 304),
        ({"If-Unmodified-Since": THEN}, 200),
        ({"If-Unmodified-Since": BEFORE}, 412),
        ({"If-Unmodified-Since": "yesterday"}, 200),
        ({"If-Match": '"abc"', "If-Unmodified-Since": BEFORE}, 200),
    ],
)
def test_conditions_are_decided_in_their_order(conditions: dict[str, str], status: int):
    assert decide(Headers(conditions), VERSION) == status


@pytest.mark.parametrize("name", ["If-Modified-Since", "If-Unmodified-Since"])
def test_a_date_of_no_calendar_is_no_condition(name: str):
    assert decide(Headers({name: OF_NO_CALENDAR}), VERSION) == 200


def test_a_range_of_a_date_of_no_calendar_is_ignored():
    asked = Headers({"Range": "bytes=0-1", "If-Range": OF_NO_CALENDAR})

    assert find_span(asked, VERSION, 10) is None
