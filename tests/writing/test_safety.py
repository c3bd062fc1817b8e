"""Only listed HTML comes out, whatever goes in."""

from contextlib import suppress

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.writing import Expansion, WritingRefused, render_expansion, render_text
from webapp.writing.safety import make_safe


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<div style='position:fixed'>",
        "<!-- comment -->",
        "<svg onload=alert(1)>",
        "a <b>bold</b> word",
    ],
)
def test_raw_html_comes_out_as_text(html):
    page = BeautifulSoup(render_text(html), "html.parser")
    assert {tag.name for tag in page.find_all(True)} <= {"p"}
    assert page.get_text().strip() == html


def test_braces_give_no_attributes():
    html = render_expansion("## A {#a onclick=x}\n\nb {.c}", prefix="e").parts[0]
    assert html.title == "A {#a onclick=x}"
    assert html.html == "<p>b {.c}</p>\n"


@pytest.mark.parametrize(
    ("html", "safe"),
    [
        ('<p style="color:red" class="x" onclick="y">a</p>', "<p>a</p>"),
        ('<p id="e.1">a</p><li id="e-1">b</li>', "<p>a</p><li>b</li>"),
        ('<li id="e.1">a</li>', '<li id="e.1">a</li>'),
        ('<ul class="checklist evil"><li>a</li></ul>', '<ul class="checklist"><li>a</li></ul>'),
        ('<a href="javascript:x">a</a>', "<a>a</a>"),
        ('<a href="/x" target="_blank" rel="opener">a</a>', '<a href="/x">a</a>'),
        ('<input type="password" name="p" checked>', '<input checked="">'),
        ('<div role="button" tabindex="5">a</div>', "<div>a</div>"),
        ("<form action=/x><button>a</button></form>", "a"),
        ("<style>p{}</style><iframe src=/x></iframe>", ""),
    ],
)
def test_only_what_is_listed_remains(html, safe):
    assert make_safe(html, prefix="e") == safe


def test_without_a_prefix_there_are_no_ids():
    assert make_safe('<li id=".1">a</li><li id="x">b</li>', prefix="") == "<li>a</li><li>b</li>"


TAGS = {
    *("a", "blockquote", "br", "code", "dd", "div", "dl", "dt", "em", "h3", "h4", "h5", "h6"),
    *("hr", "img", "input", "label", "li", "ol", "p", "pre", "strong", "sup", "table", "tbody"),
    *("td", "th", "thead", "tr", "ul"),
}
ATTRIBUTES = {
    *("alt", "aria-label", "checked", "class", "href", "id", "loading", "rel", "role", "scope"),
    *("src", "start", "tabindex", "title", "type"),
}
SCHEMES = ("http:", "https:", "mailto:", "tel:", "//", "/", "#", "?")
PIECES = st.sampled_from(
    [
        *(
            "[a](javascript:x)",
            "![a](data:x)",
            "<script>",
            "<img src=x onerror=y>",
            "[^1]",
            "[^1]: n",
        ),
        *("## H {#h}", "### S {#s}", "##T", "[a](#h)", "- [ ] box", "☐ box", "• item", "– dash"),
        *("| a | b |", "|--|--|", "> ", "```", "~~~", "---", "===", "    ", "\t", "\n", "\n\n"),
        *(
            "**",
            "*",
            "_",
            "`",
            "&lt;",
            "&#0;",
            "&nbsp;",
            "\u00a0",
            "\u200b",
            "\ud800",
            "\0",
            "\x1c",
        ),
        *("A: b\n: c", "[r]: /x", "[r]", "http://a.b", "<http://a.b>", "\u202e", "\u2029", "{#h}"),
        *(
            '[a](/x "t")',
            "![p](/p.jpg)",
            "![p](p.jpg)",
            "![p](//p)",
            "CAPS LOCK",
            "**Bold**",
            "1) ",
            "+ ",
            "\\",
        ),
    ]
)
TEXTS = st.one_of(st.text(), st.lists(st.one_of(PIECES, st.text(max_size=3))).map("".join))


def all_html(expansion: Expansion) -> str:
    parts = (f'<section id="part-{part.id}">{part.html}</section>' for part in expansion.parts)
    return "".join([expansion.short_answer_html, *parts, expansion.footnotes_html])


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_any_text_is_refused_or_becomes_only_what_is_listed(text):
    with suppress(WritingRefused):
        html = all_html(render_expansion(text, prefix="e", beside={"p.jpg": "/e/p.jpg"}))
        page = BeautifulSoup(html, "html.parser")
        for tag in page.find_all(lambda tag: tag.name != "section"):
            assert tag.name in TAGS
            assert set(tag.attrs) <= ATTRIBUTES
            assert str(tag.get("href", "/")).startswith(SCHEMES) or ":" not in str(tag["href"])
            assert str(tag.get("src", "/")).startswith("/")
        ids = [tag["id"] for tag in page.find_all(id=True)]
        assert len(ids) == len(set(ids))


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_a_browsers_parser_reads_in_any_text_what_was_written(text):
    with suppress(WritingRefused):
        html = render_expansion(text, prefix="e").short_answer_html
        assert make_safe(html, prefix="e") == html
