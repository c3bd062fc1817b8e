"""Show notes become a written answer that says the same words."""

import re

import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given
from hypothesis import strategies as st

from tests.work import bounded_work
from webapp.transfer.feed_import.html_to_markdown import to_markdown, to_text
from webapp.writing import WritingRefused, render_expansion

NOTES = """
<h1>Links &amp; notes</h1><p>Hello <b> bold </b>and <i>it</i>alic,
<b>bold:</b>tail <a href="/x y">rel</a>! <a href="https://a.example/(b)">A <b>b</b></a>.<br>next
<br><br>para 2 #1 *a* _b_ a_b [x] ![y](z) &lt;tag&gt; &amp;amp; `tick` ~~~ | pipe</p>
<ul><li>one<ul><li>deep</li></ul></li><li><p>two</p><p>more</p></li></ul>
<ol start=3><li>three</ol><blockquote><p>q1</p><p>q2<br>q3</p></blockquote>
<pre><code>a = `x`
  b</code></pre><h2 id="two">Two {#id}</h2>- dash<br># hash<br>1. num<br>: def<br>===<br>+ plus<br>
&gt; quoted<br>---<p>[^1]: note ^[inline] - [ ] box</p><p>Wow!<a href="https://e.example">link</a></p>
<dl><dt>term</dt><dd>detail</dd></dl><p>&nbsp;## no heading</p><p>\u200b# nor this</p>
<p><b>a</b><b>b</b><i>c</i>*d <b>"e"</b>f <em><strong>g</strong></em> <b>h<br><br>i</b></p>
<table><tr><td>k<td>l | m<tr><td>n<td>o</table><h3>Sub #</h3>
<p>&amp;copy; &copy; snake_case_word</p>
"""


def words_of(html: str) -> list[str]:
    return re.findall(r"\w+", BeautifulSoup(html, "html.parser").get_text(" ").casefold())


def rendered(markdown: str) -> str:
    page = render_expansion(markdown, prefix="x")
    parts = (f"<h2>{part.title}</h2>{part.html}" for part in page.parts)
    return page.short_answer_html + "".join(parts) + page.footnotes_html


def joined(html: str) -> str:
    return "".join(words_of(html))


def test_the_page_says_the_same_words():
    assert joined(rendered(to_markdown(NOTES))) == joined(NOTES)


def test_what_looks_like_a_mark_is_printed_as_it_stands():
    text = BeautifulSoup(rendered(to_markdown(NOTES)), "html.parser").get_text()

    for said in (
        *("*a* _b_ a_b [x] ![y](z) <tag> &amp;", "- dash", "# hash", "1. num", ": def"),
        *("Two {#id}", "`tick` ~~~ | pipe", "## no heading", "Wow!link", "&copy; ©"),
    ):
        assert said in text


def test_headings_lists_quotations_and_code_stay_what_they_are():
    page = render_expansion(to_markdown(NOTES), prefix="x")
    soup = BeautifulSoup(rendered(to_markdown(NOTES)), "html.parser")

    assert [(part.id, part.title) for part in page.parts] == [
        ("links-notes", "Links & notes"),
        ("two", "Two {#id}"),
    ]
    assert [item.get_text() for item in soup.select("ul ul li")] == ["deep"]
    assert soup.ol["start"] == "3"
    assert len(soup.blockquote.find_all("p")) == 2
    assert soup.pre.get_text() == "a = `x`\n  b\n"
    assert soup.h3.get_text() == "Sub #"
    assert [cell.get_text() for cell in soup.select("table td, table th")] == [
        "k",
        "l | m",
        "n",
        "o",
    ]


def test_links_are_absolute_and_lead_nowhere_else():
    html = (
        '<a href="/a">a</a><a href="b">b</a><a href="javascript:alert(1)">c</a><a href="#d">d</a>'
        '<a href="mailto:e@x.example">e</a><a href="data:text/html,x">f</a><a>g</a>'
        '<a href="https://h.example/>)](x>">h</a><img src="/i.jpg" alt="[i]"><img src="data:x">'
        '<img src="https://dot.example/" width="1" height="1">'
    )

    page = render_expansion(to_markdown(html, base="https://show.example/1/"), prefix="x")

    links = BeautifulSoup(page.short_answer_html, "html.parser").find_all("a")
    assert [link["href"] for link in links] == [
        "https://show.example/a",
        "https://show.example/1/b",
        "mailto:e@x.example",
        "https://h.example/%3E)%5D(x%3E",
        "https://show.example/i.jpg",
    ]


def test_scripts_and_styles_are_left_out():
    dropped = "<script>if (1 < 2) x()</script><style>p{}</style><!-- c --><SVG><text>d</text></svg>"
    html = f"<p>a</p>{dropped}e"

    assert to_markdown(html) == "a\n\ne\n"


def test_plain_text_keeps_its_paragraphs_lines_and_lists():
    text = "Rain & wind.\nSecond line\n\n- on the roof\n- on the road\n\n# no heading\nhttps://r.example/a_b_c."

    assert to_markdown(text) == (
        "Rain & wind.  \nSecond line\n\n- on the roof\n- on the road\n\n"
        "\\# no heading  \n<https://r.example/a_b_c>.\n"
    )


def test_an_unclosed_list_or_table_is_read_as_browsers_do():
    assert to_markdown("<ul><li>a<li>b</ul>c") == "- a\n- b\n\nc\n"
    assert to_markdown("<table><tr><td>a<td>b<tr><td>c") == "- a · b\n- c\n"


def test_a_summary_is_one_line_without_tags():
    assert to_text("<p>Who <b>wash</b>es?</p><script>x</script><p>Ada &amp;\nBo.</p>") == (
        "Who washes? Ada & Bo."
    )


@pytest.mark.parametrize(
    "piece",
    [
        *("<div>", "<b>", "<b><p>", "<!--", '<a href="', "<", "<ul><li>", "<table><tr><td>"),
        *("<blockquote>", "&#x", "<![CDATA[", "<i>a</i>", "<br>", "<h2>x</h2>", "<pre>", "</p>"),
        *("<script>", "<i> </i>", "x", "&#99999999999;", "[", "<a href='x'>", "https://", "- x\n"),
        *(
            "<h2>Footnotes</h2><ol><li>",
            "<a href='#x.note-1'>1</a>",
            "<a href='#x.ref-1'>\u21a9</a>",
        ),
        *("*", "\0", "\u00a0<br>", "!<a href=https://a.example>x</a>", "https://" + "." * 2_000),
    ],
)
def test_hostile_notes_take_no_longer_than_others(piece: str):
    with bounded_work(350):
        markdown = to_markdown(piece * (100_000 // len(piece)))
        to_text(piece * (100_000 // len(piece)))

    assert len(markdown) < 2_000_000


TAGS = st.sampled_from(
    [
        *("<p>", "</p>", "<b>", "</b>", "<i>", "</i>", "<br>", "<ul>", "<li>", "</ul>", "<h2>"),
        *(
            "</h2>",
            "<blockquote>",
            "</blockquote>",
            "<code>",
            "</code>",
            "<a href='https://a.example'>",
        ),
        *(
            "</a>",
            "<pre>",
            "</pre>",
            "<table><tr><td>",
            "</table>",
            "<tr>",
            "<td>",
            "<hr>",
            "word",
            " ",
            "a b",
        ),
    ]
)


@example("<h2><pre><br>")
@example("<h2>a<pre>b<br>c</pre></h2>")
@given(st.lists(TAGS, max_size=25).map("".join))
def test_whatever_tags_come_no_word_is_lost(html: str):
    try:
        page = rendered(to_markdown(html))
    except WritingRefused:
        return

    assert joined(page) == joined(html)


@given(st.text(alphabet="ab1 .-+*_#>[]()!`~|:=&;<\n\u00a0^{}\"'\\/", max_size=40))
def test_whatever_signs_come_no_word_is_lost(text: str):
    html = "<p>" + text.replace("&", "&amp;").replace("<", "&lt;") + "</p>"

    assert joined(rendered(to_markdown(html))) == joined(html)
