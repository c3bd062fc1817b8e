"""Footnotes of a feed of ours are footnotes again; others stay words, and no word is lost."""

import pytest

from tests.transfer.feed_import.same_feed import footnotes
from webapp.feeds.content import for_feeds
from webapp.transfer.feed_import.html_to_markdown import to_markdown
from webapp.writing import render_expansion

PAGE = "https://old.example/episodes/the-chair"
WRITTEN = """Rain[^a], *wind*[^b](in May) and rain[^a].

| Where | When |
| --- | --- |
| Roof[^c] | May |

[^a]: Water.

    - From a cloud
[^b]: Air, see [there](https://air.example).
[^c]: Tiles.
"""


def fed(markdown: str) -> str:
    """Return the content of a feed of ours for a written answer."""
    page = render_expansion(markdown, prefix="the-chair")
    notes = f"<h2>Footnotes</h2>{page.footnotes_html}<h2>To read</h2><p>Books</p>"
    return for_feeds(page.short_answer_html + notes, base=PAGE)


def test_footnotes_of_our_own_feed_are_footnotes_again():
    again = to_markdown(fed(WRITTEN), base=PAGE)

    assert footnotes(fed(again)) == footnotes(fed(WRITTEN))
    assert [part.title for part in render_expansion(again, prefix="x").parts] == ["To read"]
    assert "[^1]: Water." in again
    assert "*wind*[^2]" in again
    assert "the-chair.ref" not in again


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (".note-3", ".other-3"), (".ref-3", ".ref-2"), ("Footnotes", "Notes"), ("</ol>", ""),
        (">3</a>", ">*</a>"), ("sup>", "pre>"),
    ],
)  # fmt: skip
def test_notes_that_do_not_match_stay_a_list(right: str, wrong: str):
    markdown = to_markdown(fed(WRITTEN).replace(right, wrong), base=PAGE)

    assert "[^" not in markdown
    assert "1. Water." in markdown
    assert "3. Tiles." in markdown
    assert "\u21a9" not in markdown
