"""Topics and countries that both sides changed, brought together item by item."""

import pytest

from webapp.transfer.list_merging import merge_help, merge_topics

TOPICS = """\
# Ours
- slug: love
  name: "Love"   # first

- {slug: work, name: Work}
- {slug: home, name: Home}
"""
HELP = """\
default: GB
countries:
  - code: GB
    name: Britain
    emergency: {number: "999"}
  - code: ""
    name: Elsewhere
    emergency: {number: ""}
# the end
"""


def test_items_that_one_side_changed_are_taken_from_it():
    here = TOPICS.replace("name: Work", "name: Jobs")
    there = TOPICS.replace('"Love"', '"Hearts"').replace("- {slug: home, name: Home}\n", "")

    merged = merge_topics(TOPICS, here, there)

    assert not merged.conflicts
    assert merged.text == TOPICS.replace("name: Work", "name: Jobs").replace(
        '"Love"', '"Hearts"'
    ).replace("- {slug: home, name: Home}\n", "")


def test_what_both_add_is_there_in_place():
    here = TOPICS + "- {slug: sex, name: Sex}\n"
    there = TOPICS.replace("- {slug: home", "- {slug: food, name: Food}\n- {slug: home")

    merged = merge_topics(TOPICS, here, there)

    assert not merged.conflicts
    slugs = [line.split("slug: ")[1][:4] for line in merged.text.splitlines() if "slug" in line]
    assert slugs == ["love", "work", "food", "home", "sex,"]


def test_an_item_that_both_changed_is_a_conflict_and_can_be_chosen():
    here, there = (TOPICS.replace("name: Work", f"name: {name}") for name in ("Jobs", "Toil"))

    merged = merge_topics(TOPICS, here, there)

    (clash,) = merged.conflicts
    assert (clash.field, merged.text) == ("topic work", here)
    assert merge_topics(TOPICS, here, there, choices={"topic work": "there"}).text == there
    assert merge_topics(TOPICS, here, there, choices={"*": "here"}).text == here


def test_an_item_changed_here_and_gone_there_is_a_conflict():
    here = TOPICS.replace("name: Work", "name: Jobs")
    there = TOPICS.replace("- {slug: work, name: Work}\n", "")

    assert [clash.field for clash in merge_topics(TOPICS, here, there).conflicts] == ["topic work"]
    assert merge_topics(TOPICS, here, there, choices={"*": "there"}).text == there


def test_another_order_on_one_side_is_taken_and_on_both_is_a_conflict():
    love, work, home = (f"- {{slug: {slug}, name: X}}\n" for slug in ("love", "work", "home"))
    base = love + work + home

    assert merge_topics(base, base, home + love + work).text == home + love + work
    both = merge_topics(base, work + love + home, home + love + work)
    assert [clash.field for clash in both.conflicts] == ["order"]


def test_help_is_brought_together_by_country_and_key():
    here = HELP.replace("name: Britain", "name: The UK").replace("default: GB", 'default: ""')
    there = HELP.replace("name: Elsewhere", "name: Anywhere")

    merged = merge_help(HELP, here, there)

    assert not merged.conflicts
    assert merged.text == here.replace("name: Elsewhere", "name: Anywhere")


def test_a_country_that_both_changed_is_a_conflict():
    here, there = (HELP.replace("Britain", name) for name in ("UK", "GB"))

    assert [clash.field for clash in merge_help(HELP, here, there).conflicts] == ["country GB"]
    assert merge_help(HELP, here, there, choices={"country GB": "there"}).text == there


@pytest.mark.parametrize(
    "text",
    ["[{slug: a, name: A}]\n", "- {slug: a, name: A}\n- {slug: a, name: B}\n", "- {name: A}\n"],
)
def test_a_list_whose_items_cannot_be_told_apart_is_one_piece(text: str):
    with pytest.raises(ValueError, match="expected"):
        merge_topics(TOPICS, TOPICS + "# more\n", text)
