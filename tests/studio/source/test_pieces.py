"""Source files taken apart and put together: what nobody changed keeps its bytes."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.episodes.front_matter import read
from webapp.studio.source.pieces import (
    Row,
    put_together,
    take_apart,
    take_yaml_apart,
    value_of,
    values_of,
    with_value,
)

SEEDS = Path(__file__).parents[3] / "seeds" / "show"
SOURCE = """\
---
# ours
guid: g-1
title: "Thin walls"   # not final
slug: thin-walls
# where it stands
episode: {season: 1, number: 2, odd: yes}
resources:
  - kind: book   # first
    title: "A"
    shelf: 7
  - {kind: website, title: B}
topics: [sex]
---
Short.

## One {#one}

First.
"""


@pytest.mark.parametrize("path", sorted(SEEDS.glob("**/*.md")), ids=lambda path: path.parent.name)
def test_the_seeds_come_together_again_byte_for_byte(path: Path):
    source = path.read_bytes().decode()
    assert put_together(take_apart(source)) == source


def test_a_file_of_yaml_comes_together_again():
    source = (SEEDS / "show.yaml").read_bytes().decode()
    assert put_together(take_yaml_apart(source)) == source


def test_a_value_that_changes_leaves_all_others_as_they_stand():
    pieces = with_value(take_apart(SOURCE), "title", "Thick walls")
    assert put_together(pieces) == SOURCE.replace(
        'title: "Thin walls"   # not final\n', "title: Thick walls\n"
    )


def test_a_value_that_reads_the_same_keeps_its_bytes():
    pieces = take_apart(SOURCE)
    for key, value in (
        ("title", "Thin walls"),
        ("topics", ["sex"]),
        ("episode", {"season": 1, "number": 2}),
        ("resources", [Row({"kind": "book", "title": "A"}, 0), Row({"title": "B"}, 1)]),
    ):
        pieces = with_value(pieces, key, value)
    assert put_together(pieces) == SOURCE


def test_keys_that_nobody_named_survive_inside_of_a_value():
    pieces = with_value(take_apart(SOURCE), "episode", {"season": 3, "number": 2})
    rows = [Row({"kind": "website", "title": "New"}), Row({"kind": "book", "title": "A2"}, 0)]
    pieces = with_value(pieces, "resources", rows)
    assert value_of(pieces.find("episode")) == {"season": "3", "number": "2", "odd": "yes"}
    assert value_of(pieces.find("resources")) == [
        {"kind": "website", "title": "New"},
        {"kind": "book", "title": "A2", "shelf": "7"},
    ]


@pytest.mark.parametrize("kept", [[], [1], [1, 0], [0], [None]])
def test_a_list_with_comments_inside_can_be_emptied_and_moved(kept: list[int | None]):
    source = SOURCE.replace("    shelf: 7\n", "    # a shelf\n    shelf: 7\n  # the second\n")
    items = [{"kind": "book", "title": "A"}, {"kind": "website", "title": "B"}]
    rows = [Row({"kind": "x", "title": "C"} if at is None else items[at], at) for at in kept]
    pieces = take_apart(put_together(with_value(take_apart(source), "resources", rows)))
    found = value_of(pieces.find("resources"))
    assert [item["title"] for item in found] == [row.values["title"] for row in rows]
    assert value_of(pieces.find("topics")) == ["sex"]


def test_a_key_is_taken_out_and_the_comment_behind_it_stays():
    gone = put_together(with_value(take_apart(SOURCE), "slug", None))
    assert "slug" not in gone
    assert "# where it stands" in gone
    assert put_together(with_value(take_apart(SOURCE), "never", None)) == SOURCE


def test_a_key_that_is_new_stands_before_another_or_at_the_end():
    first = put_together(with_value(take_apart(SOURCE), "summary", "S: s", before="episode"))
    assert first == SOURCE.replace("episode: {", "summary: 'S: s'\nepisode: {")
    assert "topics: [sex]\nmood: blue\n---" in put_together(
        with_value(take_apart(SOURCE), "mood", "blue")
    )


def test_windows_line_ends_stay():
    source = SOURCE.replace("\n", "\r\n")
    changed = put_together(with_value(take_apart(source), "title", "New"))
    assert "\n" not in changed.replace("\r\n", "")
    assert values_of(take_apart(changed))["title"] == "New"


def test_a_mapping_in_braces_is_written_anew_only_when_it_changes():
    source = (
        "---\n{guid: g, title: T, slug: t, draft: true, episode: {season: 1, number: 1}}\n---\n"
    )
    changed = put_together(with_value(take_apart(source), "title", "U"))
    assert read(changed, file="index.md").title == "U"
    assert read(changed, file="index.md").guid == "g"


def test_a_text_without_front_matter_is_refused_in_words():
    with pytest.raises(ValueError, match="front matter between two lines"):
        take_apart("Just a text.")


VALUES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40),
    st.sampled_from(["yes", "1", "- a", "a: b", "# c", "'", '"', "é\u2028x", "*a", "&b", "!c", ""]),
    st.lists(st.sampled_from(["a", "b c", "x: y"]), max_size=3),
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["title", "mood", "topics", "slug"]), VALUES)
def test_any_value_reads_as_it_was_meant_and_changes_no_other(key: str, value: object):
    pieces = with_value(take_apart(SOURCE), key, value)
    again = take_apart(put_together(pieces))
    before = values_of(take_apart(SOURCE))
    assert values_of(again) == {**before, key: value}
    assert again.body == take_apart(SOURCE).body
