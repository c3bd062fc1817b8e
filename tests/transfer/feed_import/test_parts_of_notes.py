"""Headings of show notes become parts, which the page numbers itself."""

import pytest

from webapp.transfer.feed_import.html_to_markdown import to_markdown
from webapp.writing import render_expansion

PAGE = "https://old.example/episodes/the-chair"


def parts(html: str) -> list[tuple[str, str]]:
    found = render_expansion(to_markdown(html, base=PAGE), prefix="x").parts
    return [(part.id, part.title) for part in found]


def heading(title: str, *, part: str) -> str:
    """Return a heading as a feed of ours has it."""
    return f'<h2><a href="{PAGE}#part-{part}">{title}</a></h2><p>Words.</p>'


def test_parts_of_our_own_feed_keep_their_titles_and_ids():
    html = (
        heading("1. The chair is innocent", part="innocent")
        + heading("2. 10 things &amp; a bin", part="Six_things")
        + "<h2>To read, ring and visit</h2><ul><li>A book</li></ul>"
    )

    assert parts(html) == [
        ("innocent", "The chair is innocent"),
        ("Six_things", "10 things & a bin"),
        ("to-read-ring-and-visit", "To read, ring and visit"),
    ]


@pytest.mark.parametrize(
    "html",
    [
        "<h2>1. Rain</h2><p>a</p><h2>2. Wind</h2>",
        "<h1>1. Rain</h1><h3>1. a</h3><h2>2. Wind</h2>",
        "<h2><b>1.</b> Rain</h2><h2>2.&nbsp;<i>Wind</i></h2>",
        "<h2><a href='https://rain.example'>1. Rain</a></h2><h2>2.<br>Wind</h2>",
    ],
)
def test_headings_that_are_all_numbered_lose_their_numbers(html: str):
    assert parts(html) == [("rain", "Rain"), ("wind", "Wind")]


@pytest.mark.parametrize(
    "titles",
    [
        ("1. Rain", "Wind"), ("2. Rain", "1. Wind"), ("2. Rain", "3. Wind"), ("1. Rain", "1. Wind"),
        ("10 things",), ("1.5 litres",), ("1.",), ("1. Rain", "2."), ("1 Rain", "2 Wind"),
    ],
)  # fmt: skip
def test_headings_that_are_not_counted_in_order_stay_as_they_are(titles: tuple[str, ...]):
    found = parts("".join(f"<h2>{title}</h2>" for title in titles))

    assert tuple(title for _id, title in found) == titles


def test_our_own_parts_that_are_not_all_there_stay_as_they_are():
    html = heading("2. Rain", part="rain") + heading("3. Wind", part="wind")

    assert [title for _id, title in parts(html)] == ["2. Rain", "3. Wind"]
