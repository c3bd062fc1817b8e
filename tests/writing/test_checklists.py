"""Checklists: boxes with labels, in whatever way they were typed."""

import pytest
from bs4 import BeautifulSoup
from bs4.element import Tag

from webapp.writing import render_expansion, render_text


def page_of(text: str) -> BeautifulSoup:
    return BeautifulSoup(render_text(text), "html.parser")


def test_items_are_boxes_inside_their_labels():
    html = render_text("- [ ] Put a *dark* towel down")
    assert html == (
        '<ul class="checklist">\n'
        '<li><label><input type="checkbox"> Put a <em>dark</em> towel down</label></li>\n'
        "</ul>\n"
    )


def test_ticked_items_are_ticked_and_nothing_is_disabled():
    boxes = page_of("- [x] done\n- [X] done\n- [ ] open").find_all("input")
    assert [box.has_attr("checked") for box in boxes] == [True, True, False]
    assert not any(box.has_attr("disabled") for box in boxes)


def test_loose_lists_label_the_first_paragraph():
    item = page_of("- [ ] one\n\n  more\n\n- [ ] two").li
    assert isinstance(item, Tag)
    assert [p.get_text(strip=True) for p in item("p")] == ["one", "more"]
    assert item.p is not None
    assert item.p.label is not None
    assert len(item("label")) == 1


def test_only_the_list_with_boxes_is_a_checklist():
    page = page_of("- [ ] outer\n  - plain\n- other\n\n1. [ ] numbered")
    assert [tag.name for tag in page.find_all(class_="checklist")] == ["ul", "ol"]
    assert len(page.find_all("input")) == 2


def test_brackets_that_are_no_box_stay_text():
    for text in ("- []", "- [ ]", "- [y] a", "[ ] a", "- [ ]a", "- []a", "- [](/help) a"):
        assert page_of(text).input is None


@pytest.mark.parametrize(
    ("text", "ticked"),
    [
        ("- [ ] a", False),
        ("* [ ] a", False),
        ("1. [ ] a", False),
        ("- [x] a", True),
        ("- [] a", False),
        ("- [\u00a0]\u00a0a", False),
    ],
)
def test_boxes_are_known_however_they_are_typed(text, ticked):
    page = page_of(text)
    assert page.input is not None
    assert page.input.has_attr("checked") == ticked
    assert page.get_text(strip=True) == "a"


def test_a_nested_checklist_has_its_own_labels():
    page = page_of("- [ ] outer\n  - [x] inner\n  - plain\n- ordinary")
    assert [label.get_text(strip=True) for label in page.find_all("label")] == ["outer", "inner"]
    assert not page.select("label label, label ul")
    assert [len(ul.find_all("input", recursive=True)) for ul in page.find_all("ul")] == [2, 1]


def test_links_and_footnotes_stay_links_inside_the_label():
    text = "- [ ] Ring [the clinic](/help) first[^1]\n\n[^1]: They open at nine."
    page = BeautifulSoup(render_expansion(text, prefix="e").short_answer_html, "html.parser")
    assert [a["href"] for a in page.select("label a")] == ["/help", "#e.note-1"]
    assert page.input is not None
    assert page.label is not None
    assert page.input.parent is page.label


def ids(text: str) -> list[str]:
    page = BeautifulSoup(render_expansion(text, prefix="e").short_answer_html, "html.parser")
    return [box["id"] for box in page.find_all("input")]


def test_a_box_keeps_its_id_when_the_text_around_it_changes():
    (before,) = ids("- [ ] Put a *dark* towel down")
    assert before.startswith("e.check-")
    after = "Something new.\n\n- [ ] New item\n- [x] Put a dark  towel  down[^1]\n\n[^1]: Any."
    assert ids(after)[1] == before


def test_boxes_with_other_words_have_other_ids():
    assert len(set(ids("- [ ] Ask\n- [ ] Ask again\n- [ ] Ask"))) == 3


def test_short_texts_have_boxes_without_ids():
    box = page_of("- [ ] a").input
    assert box is not None
    assert not box.has_attr("id")


def test_a_link_called_x_is_no_box():
    page = page_of("- [x] text\n\n[x]: https://x.example")
    assert page.input is None
    assert page.a is not None
