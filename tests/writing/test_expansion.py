"""The written answer: a short answer, then its parts."""

import pytest
from bs4 import BeautifulSoup

from webapp.writing import Expansion, render_expansion, render_text

WHOLE = """The *short* answer.

With two paragraphs.

## Ask with your clothes on {#two}

Bed is the worst place.[^1]

### A smaller heading

- [ ] I know what I will say to a no

## What to read

One book.

[^1]: As you found out.
"""


def render(text: str) -> Expansion:
    return render_expansion(text, prefix="e")


def test_text_before_the_first_part_is_the_short_answer():
    expansion = render(WHOLE)
    assert expansion.short_answer_html == (
        "<p>The <em>short</em> answer.</p>\n<p>With two paragraphs.</p>\n"
    )


def test_parts_are_numbered_and_named_by_their_headings():
    parts = render(WHOLE).parts
    assert [(part.number, part.id, part.title) for part in parts] == [
        (1, "two", "Ask with your clothes on"),
        (2, "what-to-read", "What to read"),
    ]


def test_part_html_does_not_repeat_the_heading():
    part = render(WHOLE).parts[1]
    assert part.html == "<p>One book.</p>\n"
    assert part.text == "One book."


def test_titles_are_plain_text():
    part = render("## *Get* & `try`, [twice](https://a.example)").parts[0]
    assert part.title == "Get & try, twice"


def test_a_title_above_the_text_is_no_part():
    expansion = render("# The whole title\n\nShort.\n\n## One\n\nText")
    assert [part.title for part in expansion.parts] == ["One"]
    assert expansion.short_answer_html == "<h3>The whole title</h3>\n<p>Short.</p>\n"


def test_a_heading_in_a_quotation_opens_no_part():
    assert render("> ## Quoted").parts == ()


def test_footnotes_come_out_once_and_apart_from_the_parts():
    expansion = render(WHOLE)
    assert "As you found out" in expansion.footnotes_html
    assert "As you found out" not in "".join(part.html for part in expansion.parts)


def test_words_count_short_answer_titles_and_parts():
    assert render("One two.\n\n## Three\n\nfour, five - six.[^1]\n\n[^1]: seven").words == 6


@pytest.mark.parametrize(("words", "minutes"), [(0, 1), (230, 1), (231, 2), (2000, 9)])
def test_reading_time_is_rounded_up_and_never_nothing(words, minutes):
    assert render("word " * words).reading_minutes == minutes


@pytest.mark.parametrize("prefix", ["", "a b", 'x"', "-x"])
def test_a_prefix_that_cannot_begin_an_id_is_an_error(prefix):
    with pytest.raises(ValueError, match="id"):
        render_expansion("text", prefix=prefix)


def test_line_ends_do_not_matter():
    assert render(WHOLE.replace("\n", "\r\n")) == render(WHOLE)


def test_a_blog_text_with_stray_marks_comes_out_readable():
    text = "She said * that* and 5 * 3 _was_ “fine”…\n\n*   loose\n\n*   list\n\nEnd **of it"
    page = BeautifulSoup(render(text).short_answer_html, "html.parser")
    assert [item.get_text(strip=True) for item in page.find_all("li")] == ["loose", "list"]
    assert "She said * that* and 5 * 3 was “fine”…" in page.get_text()
    assert "End **of it" in page.get_text()


def test_short_texts_have_headings_from_level_two_and_no_ids():
    html = render_text("# One\n\n## Two {#two}\n\n### Three\n\nText[^1]")
    assert html == "<h2>One</h2>\n<h2>Two</h2>\n<h3>Three</h3>\n<p>Text[^1]</p>\n"
