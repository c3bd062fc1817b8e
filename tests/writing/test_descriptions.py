"""Descriptions for feeds: few tags, and short enough."""

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.writing import description_html, render_text

HTML = (
    '<h2>Going slowly</h2>\n<p>One <em>two</em> <a href="https://a.example/?b&amp;c">three</a>.</p>'
    "\n<blockquote>\n<p>“Four” &lt;five&gt;</p>\n</blockquote>\n<ul>\n<li>six</li>\n</ul>\n"
)


def test_only_paragraphs_lists_and_links_remain():
    assert description_html(HTML) == (
        '<p>Going slowly</p><p>One two <a href="https://a.example/?b&amp;c">three</a>.</p>'
        "<p>“Four” &lt;five&gt;</p><ul><li>six</li></ul>"
    )


def test_plain_text_becomes_paragraphs():
    assert description_html("Love & <3,\nand so on.\n\n5 < 6") == (
        "<p>Love &amp; &lt;3, and so on.</p><p>5 &lt; 6</p>"
    )


def test_boxes_tables_and_definitions_are_readable():
    html = render_text("- [x] done\n\n| A | B |\n|--|--|\n| c | d |\n\nTerm\n: What it is")
    assert description_html(html) == (
        "<ul><li>☑ done</li></ul><p>A B</p><p>c d</p><p>Term</p><p>What it is</p>"
    )


def test_links_that_lead_nowhere_outside_the_page_are_text():
    assert description_html('<p><a href="#x">a</a> <a href="/y">b</a></p>') == "<p>a b</p>"


def test_numbers_of_footnotes_go():
    assert (
        description_html('<p>Word.<sup class="footnote-ref"><a>1</a></sup></p>') == "<p>Word.</p>"
    )


def test_text_that_stands_in_nothing_gets_a_paragraph():
    html = "loose <b>text</b><p>para</p>tail <ul>odd<li>item</li></ul>"
    assert description_html(html) == (
        "<p>loose text</p><p>para</p><p>tail</p><ul><p>odd</p><li>item</li></ul>"
    )


def test_what_fits_exactly_is_not_cut():
    whole = description_html(HTML)
    assert description_html(HTML, limit=len(whole.encode())) == whole


@pytest.mark.parametrize(
    ("limit", "cut"),
    [
        (52, "<p>One two three</p><ul><li>four five</li></ul>"),
        (46, "<p>One two three</p><ul><li>four…</li></ul>"),
        (37, "<p>One two three</p>"),
        (19, "<p>One two…</p>"),
        (12, ""),
    ],
)
def test_cuts_are_behind_a_paragraph_or_behind_a_word(limit, cut):
    assert description_html("<p>One two three</p><ul><li>four five</li></ul>", limit=limit) == cut


def test_a_link_is_cut_inside_and_closed():
    html = '<p>Read <a href="https://a.example">all of this</a></p>'
    assert description_html(html, limit=54) == (
        '<p>Read <a href="https://a.example">all of…</a></p>'
    )


def test_scripts_without_spaces_are_cut_too():
    text = description_html("漢" * 3000)
    assert 3700 < len(text.encode()) <= 4000
    assert text.endswith("漢…</p>")


def test_the_limit_counts_bytes():
    assert len(description_html("щека " * 2000).encode()) <= 4000


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *("<p>", "</p>", "<ul><li>", "</li>", "</ul>", '<a href="https://a.example">'),
                *("</a>", "<h3>", "</h3>", "<table><tr><td>", "</td></tr></table>", " ", "word"),
                *("щека ", "&amp;", "<", "\n\n", "<br>", "<script>", "<input checked>", "\u00a0"),
            ]
        )
    ).map("".join),
    st.integers(0, 200),
)
def test_any_html_is_cut_to_its_limit_with_tags_closed(html, limit):
    cut = description_html(html, limit=limit)
    assert len(cut.encode()) <= limit
    assert description_html(cut, limit=limit) == cut
    assert {tag.name for tag in BeautifulSoup(cut, "html.parser").find_all(True)} <= {
        *("p", "ol", "ul", "li", "a"),
    }
