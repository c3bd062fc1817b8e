"""HTML for feeds: what reads well where no style and no script of ours is."""

import re

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.writing import for_feeds, render_expansion

BASE = "https://show.example/episodes/getting-to-yes"
WHOLE = """[two](#two), [at 1:24](#t=84), [help](/help), [out](https://a.example/?b=1&c=2),
[mail](mailto:a@b.example) ![A towel](/towel.jpg "dark")

- [ ] Open
- [x] Done with [a link](#two)

### Small {#small}

| Kind | Care |
|--|--|
| Oil | None[^1] |

3. three

[^1]: A note.

## Two {#two}
"""


def in_feeds(text: str, base: str = BASE) -> str:
    expansion = render_expansion(text, prefix="e")
    return for_feeds(expansion.short_answer_html + expansion.footnotes_html, base=base)


def test_links_and_pictures_are_absolute():
    page = BeautifulSoup(in_feeds(WHOLE), "html.parser")
    assert [a["href"] for a in page.find_all("a")] == [
        f"{BASE}#part-two",
        f"{BASE}#t=84",
        "https://show.example/help",
        "https://a.example/?b=1&c=2",
        "mailto:a@b.example",
        f"{BASE}#part-two",
        f"{BASE}#e.note-1",
        f"{BASE}#e.ref-1",
    ]
    assert page.img is not None
    assert page.img["src"] == "https://show.example/towel.jpg"


def test_boxes_are_characters():
    html = in_feeds("- [ ] Open\n- [x] Done")
    assert html == "<ul>\n<li>☐ Open</li>\n<li>☑ Done</li>\n</ul>\n"


def test_an_episode_that_is_called_checked_has_open_boxes():
    html = render_expansion("- [ ] Open", prefix="get-checked").short_answer_html
    assert "☐ Open" in for_feeds(html, base=BASE)


def test_nothing_remains_that_only_our_page_knows():
    page = BeautifulSoup(in_feeds(WHOLE), "html.parser")
    assert page.find(("input", "label", "div")) is None
    assert {name for tag in page.find_all(True) for name in tag.attrs} == {
        *("href", "rel", "src", "alt", "title", "start", "scope"),
    }


def test_what_was_made_fit_once_stays_as_it_is():
    html = in_feeds(WHOLE)
    assert for_feeds(html, base=BASE) == html
    assert for_feeds(html, base="https://other.example/") == html


@pytest.mark.parametrize("base", ["", "/episodes/x", "//show.example/x", "ftp://a/x", "https:x"])
def test_a_base_that_is_not_absolute_is_an_error(base):
    with pytest.raises(ValueError, match="absolute"):
        for_feeds("<p>a</p>", base=base)


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<p onclick=x style=y>a</p>",
        '<a href="javascript:x">a</a>',
        "<input <script>alert(1)</script> checked>",
        '<input title="><script>alert(1)</script>">',
        "<svg><input><style></svg><img src=x onerror=y>",
    ],
)
def test_even_html_that_is_not_ours_comes_out_safe(html):
    safe = for_feeds(html, base=BASE)
    assert re.search(r"<script|<style|<svg|<[^>]*\son|javascript:", safe) is None


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab#*_[](){}<>!`~|:-^ \n\\&\"'/.1xX☐", max_size=120))
def test_any_text_fits_feeds_after_one_time(text):
    html = in_feeds(text)
    assert for_feeds(html, base=BASE) == html
