"""Who changed which field of a form, told by fingerprints alone."""

from hypothesis import given
from hypothesis import strategies as st

from tests.studio.show.made import SHOW, TOPICS
from webapp.studio.rows import Pairs, press, read_rows
from webapp.studio.show.changing import read_values
from webapp.studio.show.filling import (
    fill,
    fingerprints,
    in_words,
    merge,
    read_seen,
    taken_over,
    write_seen,
)
from webapp.studio.show.sheets import TOPICS_SHEET, WORDS

BEFORE = fill(WORDS, read_values("show.yaml", SHOW))
LISTED = fill(TOPICS_SHEET, read_values("topics.yaml", TOPICS))
SEEN = fingerprints(WORDS, BEFORE)


def words(**changes: str) -> Pairs:
    return tuple((dict(BEFORE) | changes).items())


def test_a_form_has_what_the_file_has():
    form = dict(BEFORE)
    assert (form["name"], form["ask.lead"], form["ask.when"]) == ("The Test Show", "Ask away.", "")
    assert form["about"] == "About *the* test show.\n\nAnd more.\n"
    assert form["sign_offs"] == "Curious in Kansas"


def test_fingerprints_survive_the_page():
    assert read_seen(write_seen(SEEN)) == SEEN
    assert read_seen("no fingerprints here") == {}


def test_what_nobody_touched_is_nobodys():
    assert merge(WORDS, BEFORE, BEFORE, SEEN).mine == ()


def test_what_others_changed_stays_where_it_was_not_touched():
    merged = merge(WORDS, words(name="Mine"), words(tagline="Theirs"), SEEN)
    assert (merged.mine, merged.clashes) == (("name",), ())
    form = dict(merged.pairs)
    assert (form["name"], form["tagline"]) == ("Mine", "Theirs")


def test_what_both_changed_to_the_same_is_no_clash():
    merged = merge(WORDS, words(name="Same"), words(name="Same"), SEEN)
    assert (merged.mine, merged.clashes) == ((), ())


def test_what_both_changed_clashes_and_the_form_has_what_was_typed():
    merged = merge(WORDS, words(name="Mine"), words(name="Theirs"), SEEN)
    assert merged.clashes == ("name",)
    assert dict(merged.pairs)["name"] == "Mine"


def test_a_page_that_does_not_say_what_it_showed_overwrites_nothing():
    assert merge(WORDS, words(name="Mine"), words(name="Theirs"), {}).clashes == ("name",)


def test_a_row_that_was_removed_counts_as_gone():
    removed = press(LISTED, "remove:topics:0")
    assert removed is not None
    after = fingerprints(TOPICS_SHEET, removed.pairs)
    assert after != fingerprints(TOPICS_SHEET, LISTED)
    back = press(removed.pairs, "back:topics:0")
    assert back is not None
    assert fingerprints(TOPICS_SHEET, back.pairs) == fingerprints(TOPICS_SHEET, LISTED)


def test_after_a_clash_every_row_is_the_item_that_it_is_now():
    seen = fingerprints(TOPICS_SHEET, LISTED)
    swapped = press(LISTED, "up:topics:1")
    renamed = [(name, "Fences" if value == "Walls" else value) for name, value in LISTED]
    assert swapped is not None
    now = fill(
        TOPICS_SHEET,
        {"topics": [{"slug": "walls", "name": "Walls"}, {"slug": "noise", "name": "Noise topic"}]},
    )
    merged = merge(TOPICS_SHEET, renamed, now, seen)
    assert merged.clashes == ("topics",)
    rows = read_rows(merged.pairs, "topics")
    assert [(row.get("slug"), row.was) for row in rows] == [("noise", 1), ("walls", 0)]


def test_a_list_is_compared_as_lines():
    (item,) = TOPICS_SHEET.items
    assert in_words(item, LISTED) == (
        "  Name: Noise topic\n  Address: noise\n  Name: Walls\n  Address: walls\n"
        "  Summary: Thin ones."
    )


def test_one_field_is_taken_as_it_stands():
    taken = dict(taken_over(WORDS, words(name="Mine", tagline="Mine"), BEFORE, "name"))
    assert (taken["name"], taken["tagline"]) == ("The Test Show", "Mine")
    assert taken_over(WORDS, BEFORE, BEFORE, "nothing") == BEFORE


NAMES = st.dictionaries(
    st.sampled_from(["name", "tagline", "email"]), st.sampled_from(["a", "b"]), max_size=3
)


@given(NAMES, NAMES)
def test_nothing_is_ever_written_over(mine: dict[str, str], theirs: dict[str, str]):
    merged = merge(WORDS, words(**mine), words(**theirs), SEEN)
    before, after = dict(BEFORE), dict(merged.pairs)
    for name in ("name", "tagline", "email"):
        typed, now = mine.get(name, before[name]), theirs.get(name, before[name])
        both = before[name] not in {typed, now} and typed != now
        assert (name in merged.clashes) == both
        assert after[name] == (typed if typed != before[name] else now)
