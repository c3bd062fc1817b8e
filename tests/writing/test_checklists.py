from bs4 import BeautifulSoup
from bs4.element import Tag

from webapp.writing import render_text


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
    for text in ("- [] a", "- [ ]", "- [y] a", "[ ] a", "- [ ]a"):
        assert page_of(text).input is None


def test_a_link_called_x_is_no_box():
    page = page_of("- [x] text\n\n[x]: https://x.example")
    assert page.input is None
    assert page.a is not None
