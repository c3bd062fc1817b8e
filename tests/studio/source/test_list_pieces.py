"""Lists in source files: items that nobody changed keep their bytes, and so do their keys."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.episodes.marked_yaml import load
from webapp.studio.source.list_pieces import with_root_rows, with_rows
from webapp.studio.source.pieces import Row, put_together, take_yaml_apart, value_of

SEEDS = Path(__file__).parents[3] / "seeds" / "show"
TOPICS = """\
# in their order
- slug: sex   # first
  name: "Sex"
  colour: red
# and then

- {slug: bins, name: 'Bins', odd: yes}
-
  slug: cats
  name: >-
    Cats
    and dogs
# the end
"""
HELP = """\
default: GB
countries:
  # ours
  - code: GB   # Britain
    services:
      - name: "One"   # day and night
        phone: ""
        fax: 7
      # at night
      - name: Two
        note: |
          First.

          Second.
  - code: FR
    services: []
end: here
"""


def rows_of(items: object) -> list[Row]:
    """Return rows that say what a list says."""
    assert isinstance(items, list)
    return [
        Row(
            {
                key: rows_of(value) if key == "services" and value else value
                for key, value in item.items()
                if value != []
            },
            at,
        )
        for at, item in enumerate(items)
    ]


def help_rows(source: str = HELP) -> list[Row]:
    return rows_of(value_of(take_yaml_apart(source).find("countries")))


def with_help(rows: list[Row], source: str = HELP) -> str:
    return put_together(with_rows(take_yaml_apart(source), "countries", rows))


def test_the_seeds_keep_their_bytes():
    topics = (SEEDS / "topics.yaml").read_bytes().decode()
    assert with_root_rows(topics, rows_of(load(topics, file="").value)) == topics
    source = (SEEDS / "help.yaml").read_bytes().decode()
    assert with_help(help_rows(source), source) == source


def test_one_number_that_changes_in_the_seeds_is_one_line():
    source = (SEEDS / "help.yaml").read_bytes().decode()
    rows = help_rows(source)
    services = list(rows[0].values["services"])
    services[1] = Row({**services[1].values, "phone": "0800 1111"}, 1)
    rows[0] = Row({**rows[0].values, "services": services}, 0)
    changed = with_help(rows, source).splitlines()
    assert [line for line in changed if line not in source.splitlines()] == [
        "        phone: 0800 1111"
    ]
    assert len(changed) == len(source.splitlines())


def test_rows_move_with_their_comments_and_bytes():
    sex, bins, cats = rows_of(load(TOPICS, file="").value)
    moved = with_root_rows(TOPICS, [cats, sex, bins])
    assert moved == (
        "# in their order\n"
        "-\n  slug: cats\n  name: >-\n    Cats\n    and dogs\n# the end\n"
        '- slug: sex   # first\n  name: "Sex"\n  colour: red\n# and then\n\n'
        "- {slug: bins, name: 'Bins', odd: yes}\n"
    )


def test_a_changed_key_leaves_the_others_of_its_item_and_keys_that_nobody_named():
    _, bins, cats = rows_of(load(TOPICS, file="").value)
    changed = with_root_rows(TOPICS, [Row({"slug": "sex", "name": "Love"}, 0), bins, cats])
    assert changed == TOPICS.replace('name: "Sex"', "name: Love")


def test_an_item_in_braces_stays_in_braces():
    sex, _, cats = rows_of(load(TOPICS, file="").value)
    changed = with_root_rows(TOPICS, [sex, Row({"slug": "bins", "name": "Bin day"}, 1), cats])
    assert changed == TOPICS.replace("'Bins'", "'Bin day'")


def test_a_list_within_an_item_is_changed_item_by_item():
    rows = help_rows()
    one, two = rows[0].values["services"]
    rows[0] = Row({"code": "GB", "services": [Row({"name": "Uno"}, 0), two]}, 0)
    assert with_help(rows) == HELP.replace('name: "One"   # day and night', "name: Uno")
    rows[0] = Row({"code": "GB", "services": [two, one]}, 0)
    swapped = with_help(rows)
    assert "        fax: 7\n      # at night\n  - code: FR" in swapped
    assert sorted(swapped.splitlines()) == sorted(HELP.splitlines())


def test_a_new_item_is_written_as_deep_as_the_others():
    changed = with_help([*help_rows(), Row({"code": "IE", "services": [Row({"name": "Three"})]})])
    assert "  - code: IE\n    services:\n    - name: Three\nend: here\n" in changed


def test_a_list_that_loses_all_its_items_is_an_empty_one():
    assert with_help([]) == "default: GB\ncountries: []\nend: here\n"
    assert with_root_rows(TOPICS, []) == "# in their order\n[]\n"
    again = with_root_rows("# in their order\n[]\n", [Row({"slug": "new"})])
    assert again == "# in their order\n- slug: new\n"


def test_a_list_in_brackets_is_written_anew_and_says_the_same():
    source = "a: [{slug: one, x: y}, {slug: two}]\nb: 1\n"
    changed = put_together(
        with_rows(take_yaml_apart(source), "a", [Row({"slug": "uno"}, 0), Row({}, 1)])
    )
    assert load(changed, file="").value == {
        "a": [{"slug": "uno", "x": "y"}, {"slug": "two"}],
        "b": "1",
    }


def test_windows_line_ends_stay():
    source = TOPICS.replace("\n", "\r\n")
    sex, bins, cats = rows_of(load(source, file="").value)
    rows = [
        Row({"slug": "sex", "name": "Love"}, 0),
        cats,
        bins,
        Row({"slug": "new", "name": "New"}),
    ]
    changed = with_root_rows(source, rows)
    assert "\n" not in changed.replace("\r\n", "")
    assert [item["name"] for item in load(changed, file="").value] == [
        "Love",
        "Cats and dogs",
        "Bins",
        "New",
    ]
    assert with_root_rows(source, [sex, bins, cats]) == source


@pytest.mark.parametrize("source", ["", "\n", "# nothing yet\n", "[]\n", "---\n- slug: a\n"])
def test_a_file_without_items_gets_its_first(source: str):
    changed = with_root_rows(source, [Row({"slug": "b"})])
    assert load(changed.removeprefix("---\n"), file="").value == [{"slug": "b"}]


TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
    st.sampled_from(["yes", "- a", "a: b", "# c", "é\u2028x", "*a", "&b", "", "0x1", "a\n\nb\n"]),
)
ITEMS = st.lists(st.dictionaries(st.sampled_from(["slug", "name", "odd"]), TEXTS), max_size=4)


@settings(max_examples=80, deadline=None)
@given(st.data(), ITEMS)
def test_any_rows_read_as_they_were_meant(data: st.DataObject, new: list[dict[str, str]]):
    old = load(TOPICS, file="").value
    assert isinstance(old, list)
    order = data.draw(st.permutations(range(len(old))))
    changes = data.draw(st.lists(st.dictionaries(st.sampled_from(["name"]), TEXTS), max_size=3))
    rows = [
        Row({**old[at], **(changes[at] if at < len(changes) else {})}, at)
        for at in order[: data.draw(st.integers(0, 3))]
    ]
    rows += [Row(item) for item in new]
    changed = with_root_rows(TOPICS, rows)
    wanted = [{**(old[row.was] if row.was is not None else {}), **row.values} for row in rows]
    assert load(changed, file="").value == wanted
