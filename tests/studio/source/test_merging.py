from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.studio.source.merging import (
    HERE,
    ORDER,
    SHORT,
    TEXT,
    THERE,
    Conflict,
    list_fields,
    merge,
    merge_texts,
)

BASE = """\
---
guid: g-1
title: "Thin walls"   # not final
slug: thin-walls
# what editors add
mood: blue
topics: [living-together, {odd: yes}]
---

Short.

## One {#one}

First.

## Two {#two}

Second.
"""
PARTS = ("one", "two")


def changed(**words: str) -> str:
    text = BASE
    for old, new in words.items():
        text = text.replace({"first": "First.", "second": "Second.", "short": "Short."}[old], new)
    return text


def test_what_one_side_changed_is_taken_bytes_and_comments_and_all():
    here = BASE.replace('"Thin walls"', "'Thinner walls'")
    there = BASE.replace("mood: blue", "mood:   green # as grass").replace("First.", "New first.")

    merged = merge(BASE, here, there)

    assert merged.conflicts == ()
    assert merged.text == here.replace("mood: blue", "mood:   green # as grass").replace(
        "First.", "New first."
    )


def test_a_field_that_both_changed_is_a_conflict_and_nothing_is_written_over():
    here, there = changed(first="Mine."), changed(first="Theirs.", short="Shorter.")

    merged = merge(BASE, here, there)

    assert merged.conflicts == (
        Conflict(
            "part one",
            "## One {#one}\n\nFirst.\n\n",
            "## One {#one}\n\nMine.\n\n",
            "## One {#one}\n\nTheirs.\n\n",
        ),
    )
    assert merged.text == changed(first="Mine.", short="Shorter.")
    assert merge(BASE, here, there, choices={"part one": HERE}).text == merged.text
    assert merge(BASE, here, there, choices={"*": THERE}).text == there
    assert not merge(BASE, here, there, choices={"part one": THERE}).conflicts


def test_both_sides_that_say_the_same_are_no_conflict_however_they_write_it():
    here = BASE.replace('"Thin walls"', '"Walls"')
    there = BASE.replace('"Thin walls"', "Walls").replace("First.\n", "First.\n\n")
    assert merge(BASE, here, there) == merge(BASE, here, here)


def test_two_that_did_not_begin_with_the_same_differ_in_what_they_say_differently():
    there = BASE.replace("Thin walls", "Walls").replace("## Two {#two}\n\nSecond.\n", "")
    fields = [conflict.field for conflict in merge("", BASE, there).conflicts]
    assert fields == ["title"]  # what only one has stays
    assert merge("", BASE, there).text == BASE


def test_parts_that_are_added_moved_and_taken_out_come_together():
    added = BASE.replace("## Two", "## Half {#half}\n\nHalf.\n\n## Two")
    removed = BASE.replace("## One {#one}\n\nFirst.\n\n", "")
    moved = (
        BASE.partition("## One")[0] + "## Two {#two}\n\nSecond.\n\n" + "## One {#one}\n\nFirst.\n"
    )

    assert merge(BASE, added, removed).text == added.replace("## One {#one}\n\nFirst.\n\n", "")
    both = merge(BASE, moved, changed(first="New.")).text
    assert both.index("## Two") < both.index("## One") < both.index("New.")
    assert merge(BASE, changed(first="Mine."), removed).conflicts[0].field == "part one"


def test_parts_that_both_moved_elsewhere_are_a_conflict():
    def order(*names: str) -> str:
        return BASE.partition("## One")[0] + "".join(f"## {n} {{#{n}}}\n{n}\n" for n in names)

    merged = merge(order("a", "b", "c"), order("b", "a", "c"), order("a", "c", "b"))
    assert [conflict.field for conflict in merged.conflicts] == [ORDER]
    chosen = merge(
        order("a", "b", "c"), order("b", "a", "c"), order("a", "c", "b"), choices={ORDER: THERE}
    )
    assert chosen.text == order("a", "c", "b")


def test_a_key_that_is_new_there_comes_in_front_of_the_key_that_follows_it():
    there = BASE.replace("slug:", "date: 2026-03-03T08:00:00Z\nslug:")
    here = BASE.replace("blue", "red")
    assert merge(BASE, here, there).text == there.replace("blue", "red")


def test_files_of_yaml_and_texts_that_are_one_piece():
    merged = merge("a: 1\nb: 2\n", "a: 1\nb: 3\n", "a: 4\nb: 2\n", kind="yaml")
    assert merged.text == "a: 4\nb: 3\n"
    person = "---\nname: Dot\n---\nShe asks.\n"
    merged = merge(
        person, person.replace("asks", "asked"), person.replace("Dot", "Dorothea"), kind="person"
    )
    assert merged.text == "---\nname: Dorothea\n---\nShe asked.\n"
    assert merge_texts("a", "b", "c").conflicts == (Conflict(TEXT, "a", "b", "c"),)
    assert merge_texts("a", "a", "c").text == merge_texts("a", "b", "c", choices={"*": THERE}).text


def test_the_fields_that_differ_are_listed_in_the_order_of_the_file():
    other = changed(short="S.", second="2").replace("blue", "red").replace("guid: g-1\n", "")
    assert list_fields(BASE, other) == ("guid", "mood", SHORT, "part two")
    assert list_fields(BASE, BASE) == ()


EDITS = st.lists(
    st.sampled_from(
        [
            ("First.", "New first."), ("Second.", "New *second*."), ("Short.", ""),
            ("blue", "red"), ('"Thin walls"', "Walls"), ("## One {#one}\n\nFirst.\n\n", ""),
            ("## Two {#two}", "## Half {#half}\nH\n## Two {#two}"), ("mood: blue\n", ""),
            ("slug:", "date: 2026-03-03T08:00:00Z\nslug:"), ("\n", "\r\n"), ("# what", "# why"),
        ]
    ),
    max_size=4,
)  # fmt: skip


def edited(edits: list[tuple[str, str]]) -> str:
    text = BASE
    for old, new in sorted(set(edits), key=lambda edit: edit[0] == "\n"):
        text = text.replace(old, new)
    return text


@settings(max_examples=100, deadline=None)
@given(EDITS, EDITS)
def test_nothing_is_lost_whatever_both_sides_do(mine: list[tuple[str, str]], other):
    here, there = edited(mine), edited(other)
    merged = merge(BASE, here, there)
    both = {field for field in list_fields(BASE, here) if field in list_fields(BASE, there)}
    assert {conflict.field for conflict in merged.conflicts} <= both
    for side in (here, there):
        again = merge(BASE, merged.text, side, choices={"*": HERE})
        assert list_fields(again.text, merged.text) == ()
    assert merge(BASE, here, BASE).text == here
    assert merge(BASE, BASE, there).text == there
