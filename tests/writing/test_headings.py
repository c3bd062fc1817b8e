"""Headings: ids, and levels that skip none."""

import re

import pytest
from bs4 import BeautifulSoup

from webapp.writing import render_expansion, render_text
from webapp.writing.headings import free_id, slug_of


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Is it you? Two small words", "is-it-you-two-small-words"),
        ("  Déjà vu & Straße  ", "deja-vu-strasse"),
        ("It’s", "it-s"),
        ("snake_case", "snake-case"),
        ("…", ""),
        ("a " * 80, "-".join("a" * 50)),
    ],
)
def test_slugs_are_letters_and_digits_with_hyphens(title, slug):
    assert slug_of(title) == slug


def test_taken_ids_get_the_next_number():
    taken = {"one": 1, "one-2": 1}
    assert [free_id("one", taken), free_id("one", taken), free_id("two", taken)] == [
        *("one-3", "one-4", "two"),
    ]


def levels(html: str) -> list[str]:
    page = BeautifulSoup(html, "html.parser")
    return [tag.name for tag in page.find_all(re.compile("^h[1-6]$"))]


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("# One\n\n### Three\n\n> ## Quoted", ["h3", "h3", "h3"]),
        ("### A\n\n#### B\n\n### C", ["h3", "h4", "h3"]),
        ("##### A\n\n##### B", ["h3", "h3"]),
        ("### A\n\n###### B\n\n##### C\n\n#### D", ["h3", "h4", "h4", "h4"]),
    ],
)
def test_headings_inside_parts_begin_at_level_three_and_skip_none(text, tags):
    assert levels(render_expansion(f"## Part\n\n{text}", prefix="e").parts[0].html) == tags


def test_each_part_begins_again():
    text = "#### A\n\n## One\n\n### B\n\n#### C\n\n## Two\n\n#### D"
    expansion = render_expansion(text, prefix="e")
    assert levels(expansion.short_answer_html) == ["h3"]
    assert [levels(part.html) for part in expansion.parts] == [["h3", "h4"], ["h3"]]


def test_headings_of_short_texts_begin_at_level_two():
    assert levels(render_text("# A\n\n#### B\n\n## C")) == ["h2", "h3", "h2"]
