"""Tables scroll inside of the page, and say what they are."""

from bs4 import BeautifulSoup

from webapp.writing import render_text

TABLE = "| Kind | Goes with *care* |\n| :-- | --: |\n| Oil | Nothing |\n"


def test_a_table_lies_in_a_region_that_keys_can_scroll_and_that_has_a_name():
    page = BeautifulSoup(render_text(TABLE), "html.parser")
    region = page.find("div", class_="table-scroll")
    assert region is not None
    assert (region["tabindex"], region["role"]) == ("0", "region")
    assert region["aria-label"] == "Kind, Goes with care"
    assert region.table is not None


def test_column_headings_say_that_they_are():
    page = BeautifulSoup(render_text(TABLE), "html.parser")
    assert [th["scope"] for th in page.find_all("th")] == ["col", "col"]


def test_alignment_leaves_no_style_behind():
    assert "style" not in render_text(TABLE)


def test_names_cannot_break_out_of_their_attribute():
    page = BeautifulSoup(render_text('| "><b id=x> |\n|--|\n| a |\n'), "html.parser")
    assert page.b is None
    assert page.div is not None
    assert page.div["aria-label"] == '"><b id=x>'


def test_a_table_without_headings_is_called_a_table():
    page = BeautifulSoup(render_text("| |\n|--|\n| a |\n"), "html.parser")
    assert page.div is not None
    assert page.div["aria-label"] == "Table"
