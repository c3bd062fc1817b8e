"""What the queue's address says, and what a page of it keeps."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from webapp.moderation.filters import Filters, as_address, read_filters
from webapp.moderation.labels import Tag
from webapp.moderation.opt_outs import closed_for
from webapp.moderation.pinning import Mark, pin, read_mark, read_pinned
from webapp.questions.care import find_care

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_an_address_without_filters_is_the_ordinary_queue():
    assert read_filters({}) == Filters()
    assert read_filters({"lane": "x", "state": "x", "order": "x", "consent": "x"}) == Filters()


@pytest.mark.parametrize(
    "asked",
    [
        {"lane": "urgent", "state": "declined", "order": "soonest"},
        {"q": "two words", "lane": "urgent", "order": "newest"},
        {"topic": "walls", "label": "for Tuesday", "about": "thin-walls", "consent": "private"},
        {"mine": "1", "snoozed": "1", "reply": "1"},
    ],
)
def test_filters_are_what_their_own_address_says(asked: dict[str, str]):
    filters = read_filters(asked)

    assert as_address(filters) == asked
    assert read_filters(as_address(filters)) == filters


@pytest.mark.parametrize("name", ["q", "topic", "label", "about", "mine", "snoozed", "reply"])
def test_what_is_looked_for_is_looked_for_everywhere(name: str):
    filters = read_filters({name: "1"})

    assert (filters.lane, filters.state) == ("", "")
    assert not filters.is_queue
    assert read_filters({name: "1", "lane": "urgent"}).lane == "urgent"


def test_without_the_last_filter_the_queue_is_the_ordinary_one():
    filters = read_filters({"q": "walls", "order": "newest"})

    assert as_address(filters, words="") == {
        "lane": "ordinary",
        "state": "new",
        "order": "newest",
    }


def test_a_search_knows_no_end():
    assert read_filters({"q": "walls", "order": "soonest"}).order == "oldest"
    assert read_filters({"topic": "walls", "order": "soonest"}).order == "soonest"


def test_pinned_rows_are_read_back_with_their_versions_in_their_order():
    rows = [(uuid4(), version) for version in (1, 2, 300, 2**24 - 1)]

    assert list(read_pinned(pin(rows), most=4).items()) == rows


@pytest.mark.parametrize("text", ["", "x", "=", "AAAA", "ä", "A" * 100_000, "%00", "!" * 26])
def test_what_nobody_pinned_pins_nothing(text: str):
    assert read_pinned(text, most=25) == {}


def test_more_rows_than_a_page_has_are_no_page():
    assert read_pinned(pin([(uuid4(), 1)] * 26), most=25) == {}


def test_a_mark_is_read_back_for_half_a_day():
    mark = Mark(31, NOW)

    assert read_mark(str(mark), now=NOW) == mark
    assert read_mark(str(mark), now=NOW + timedelta(hours=11)) == mark
    assert read_mark(str(mark), now=NOW + timedelta(hours=13)) is None
    assert read_mark(str(mark), now=NOW - timedelta(hours=1)) is None


@pytest.mark.parametrize("text", ["", "x", "1", "1.", ".1", "1.x", "-1.1", "1." + "9" * 15, "١.١"])
def test_a_mark_that_is_none_marks_nothing(text: str):
    assert read_mark(text, now=NOW) is None


def test_what_somebody_does_not_want_to_read_is_named():
    topics = (Tag("walls", "Walls"), Tag("sex", "Sex"))
    (care,) = find_care("My husband hits me.", language="en-GB")
    reasons = (care.label, "has 3 links")

    assert closed_for(frozenset(), topics, reasons) == ()
    assert closed_for(frozenset({"topic:walls"}), topics, reasons) == ("Walls",)
    assert closed_for(frozenset({f"care:{care.key}"}), topics, reasons) == (care.label,)
    assert closed_for(frozenset({f"care:{care.key}"}), topics, ("has 3 links",)) == ()
    assert closed_for(frozenset({"topic:other", "care:other"}), topics, reasons) == ()
