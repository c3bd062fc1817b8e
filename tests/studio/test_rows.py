"""Lists in a form: what their buttons do to what was typed, with no JavaScript at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.studio.rows import ACTS, MOST_ROWS, Pairs, make_pairs, press, read_rows

FORM: Pairs = (
    ("name", "The show"),
    ("topics-0-was", "0"),
    ("topics-0-name", "Sex"),
    ("topics-1-was", "1"),
    ("topics-1-name", "Bins"),
    ("topics-2-was", "2"),
    ("topics-2-name", "Cats"),
    ("email", "a@b.example"),
)


def names(pairs: Pairs, *, gone: bool = False) -> list[str]:
    return [row.get("name") for row in read_rows(pairs, "topics") if row.is_gone == gone]


def pressed(do: str, pairs: Pairs = FORM) -> tuple[list[str], str]:
    after = press(pairs, do)
    assert after is not None
    return names(after.pairs), after.focus


def test_a_row_moves_up_and_down_and_the_button_keeps_the_focus():
    assert pressed("up:topics:2") == (["Sex", "Cats", "Bins"], "topics-1-up")
    assert pressed("down:topics:0") == (["Bins", "Sex", "Cats"], "topics-1-down")


def test_a_row_that_has_come_to_an_end_has_its_other_button_focused():
    assert pressed("up:topics:1") == (["Bins", "Sex", "Cats"], "topics-0-down")
    assert pressed("down:topics:1") == (["Sex", "Cats", "Bins"], "topics-2-up")


def test_what_is_first_stays_first():
    assert pressed("up:topics:0") == (["Sex", "Bins", "Cats"], "topics-0-down")


def test_a_removed_row_stays_in_the_form_and_is_put_back_where_it_was():
    after = press(FORM, "remove:topics:1")
    assert after is not None
    assert (names(after.pairs), names(after.pairs, gone=True)) == (["Sex", "Cats"], ["Bins"])
    assert after.focus == "topics-1-back"
    assert pressed("back:topics:1", after.pairs) == (["Sex", "Bins", "Cats"], "topics-1-remove")


def test_a_row_moves_past_one_that_was_removed():
    after = press(FORM, "remove:topics:1")
    assert after is not None
    assert pressed("up:topics:2", after.pairs) == (["Cats", "Sex"], "topics-0-down")


def test_a_new_row_comes_to_the_end_or_behind_another():
    assert pressed("add:topics") == (["Sex", "Bins", "Cats", ""], "topics-3")
    assert pressed("add:topics:0") == (["Sex", "", "Bins", "Cats"], "topics-1")
    assert pressed("add:topics", (("name", "x"),)) == ([""], "topics-0")


def test_what_is_not_of_the_list_stays_where_it_was():
    after = press(FORM, "up:topics:1")
    assert after is not None
    assert [pair for pair in after.pairs if "topics" not in pair[0]] == [FORM[0], FORM[-1]]
    assert [row.was for row in read_rows(after.pairs, "topics")] == [1, 0, 2]


def test_lists_within_rows_move_with_their_rows_and_have_buttons_of_their_own():
    countries = [{"code": "GB", "services": [{"phone": "1"}, {"phone": "2"}]}, {"code": "FR"}]
    form = tuple(make_pairs("countries", countries))
    inner = press(form, "down:countries-0-services:0")
    assert inner is not None
    assert inner.focus == "countries-0-services-1-up"
    moved = press(inner.pairs, "down:countries:0")
    assert moved is not None
    france, britain = read_rows(moved.pairs, "countries")
    assert [row.get("phone") for row in britain.rows("services")] == ["2", "1"]
    assert [row.place for row in britain.rows("services")] == [
        "countries-1-services-0",
        "countries-1-services-1",
    ]
    assert france.rows("services") == ()


def test_several_values_of_a_name_stay_together():
    form = tuple(make_pairs("people", [{"roles": ["host", "guest"], "name": None}]))
    assert read_rows(form, "people")[0].list("roles") == ("host", "guest")


@pytest.mark.parametrize(
    "do", ["", "save", "up", "up:", "up:Topics:1", "fly:topics:1", "up:topics", "up:topics:1:2"]
)
def test_what_is_no_button_of_a_row_is_left_to_others(do: str):
    after = press(FORM, do)
    assert after is None or after.pairs == FORM


@pytest.mark.parametrize("do", ["up:topics:77", "remove:nothing:0", "back:topics:3"])
def test_a_row_that_is_not_there_changes_nothing(do: str):
    after = press(FORM, do)
    assert after is not None
    assert after.pairs == FORM


def test_a_form_takes_only_so_many_rows():
    full = tuple(make_pairs("topics", [{"name": str(at)} for at in range(MOST_ROWS)]))
    after = press(full, "add:topics")
    assert after is not None
    assert len(read_rows(after.pairs, "topics")) == MOST_ROWS


def test_what_a_row_was_is_no_number_that_nobody_wrote():
    assert [row.was for row in read_rows((("a-0-was", "٣"), ("a-1-was", "9" * 9)), "a")] == [
        None,
        None,
    ]


@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 5)), max_size=12))
def test_nothing_typed_is_ever_lost_to_a_button(presses: list[tuple[str, int]]):
    form: Pairs = FORM
    for act, row in presses:
        after = press(form, f"{act}:topics:{row}")
        assert after is not None
        form = after.pairs
    kept = [row.get("name") for row in read_rows(form, "topics")]
    assert sorted(name for name in kept if name) == ["Bins", "Cats", "Sex"]
