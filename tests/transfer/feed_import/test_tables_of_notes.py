"""Tables of show notes stay tables where Markdown can say them, and else become lists."""

import pytest
from bs4 import BeautifulSoup

from tests.transfer.feed_import.same_feed import cells
from webapp.transfer.feed_import.html_to_markdown import to_markdown
from webapp.writing import render_expansion

TABLE = """<table><thead><tr><th scope="col">Job</th><th scope="col">Done means</th></tr></thead>
<tbody><tr><td>Bin</td><td>Out <strong>by eight</strong></td></tr>
<tr><td><a href="https://a.example/x|y">a | b</a> \\| <code>c|d \\|</code> https://e.example/f|g</td>
<td></td></tr><tr><td><p>- dash</p></td><td>1. one<br>two</td></tr></tbody></table>"""


def page_of(html: str) -> str:
    return render_expansion(to_markdown(html), prefix="x").short_answer_html


def test_a_simple_table_stays_a_table():
    page = BeautifulSoup(page_of(TABLE), "html.parser")

    assert cells(str(page)) == cells(TABLE.replace("<br>", " "))
    assert [cell.get_text() for cell in page.find_all("th")] == ["Job", "Done means"]
    assert page.strong.get_text() == "by eight"
    assert page.code.get_text() == "c|d \\|"


def test_the_first_row_is_the_head_of_a_table_without_one():
    assert to_markdown("<table><tr><td>a<td>b<tr><td>c<td>d</table>") == (
        "| a | b |\n| --- | --- |\n| c | d |\n"
    )


@pytest.mark.parametrize("around", ["<ul><li>so<li>{}</ul>", "<blockquote><p>so{}</blockquote>"])
def test_a_table_within_a_list_or_a_quotation_stays_one(around: str):
    assert cells(page_of(around.format(TABLE))) == cells(TABLE.replace("<br>", " "))


@pytest.mark.parametrize(
    "rows",
    [
        "<tr><td>a<td>b<tr><td>c",
        "<tr><td colspan=2>a<td>b<tr><td>c<td>d",
        "<tr><td rowspan='2'>a<td>b<tr><td>c<td>d",
        "<tr><td><ul><li>a</ul><td>b<tr><td>c<td>d",
        "<tr><td><p>a</p><p>b</p><td>b<tr><td>c<td>d",
        "<tr><td><pre>a</pre><td>b<tr><td>c<td>d",
        "<caption>a</caption><tr><td>a<td>b<tr><td>c<td>d",
        f"<tr><td>{TABLE}<td>b<tr><td>c<td>d",
        "<tr><td>a<td>b",
    ],
)
def test_a_table_that_markdown_has_no_room_for_is_a_list(rows: str):
    markdown = to_markdown(f"<table>{rows}</table>")

    assert markdown.startswith("- ")
    assert " · b" in markdown
    assert "| ---" not in markdown


def test_a_table_of_one_column_is_paragraphs():
    assert to_markdown("<table><tr><td>a<tr><td>b</table>") == "a\n\nb\n"
