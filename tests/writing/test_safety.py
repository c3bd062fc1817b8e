import pytest
from bs4 import BeautifulSoup

from webapp.writing import render_expansion, render_text
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
        ('<p id="e-1">a</p><li id="other">b</li>', "<p>a</p><li>b</li>"),
        ('<li id="e-1">a</li>', '<li id="e-1">a</li>'),
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
