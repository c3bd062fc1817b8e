"""Footnotes: numbered over the whole text, with ways there and back."""

from bs4 import BeautifulSoup

from webapp.writing import render_expansion

TEXT = "One.[^a] Two.[^b] One again.[^a]\n\n[^a]: Note *a*\n\n[^b]: Note b\n\n    goes on"


def test_references_and_notes_point_at_each_other():
    expansion = render_expansion(TEXT, prefix="first")
    page = BeautifulSoup(expansion.short_answer_html + expansion.footnotes_html, "html.parser")
    ids = {tag["id"] for tag in page.find_all(id=True)}
    assert ids == {
        *("first.ref-1", "first.ref-2", "first.ref-1-2"),
        *("first.note-1", "first.note-2"),
    }
    assert {a["href"].removeprefix("#") for a in page.find_all("a")} == ids


def test_two_episodes_on_one_page_do_not_clash():
    pages = [render_expansion(TEXT, prefix=prefix) for prefix in ("first", "second")]
    html = "".join(page.short_answer_html + page.footnotes_html for page in pages)
    ids = [tag["id"] for tag in BeautifulSoup(html, "html.parser").find_all(id=True)]
    assert len(ids) == len(set(ids)) == 10


def test_notes_are_numbered_over_all_parts():
    text = "## A\n\nx[^n]\n\n[^n]: first\n\n## B\n\ny[^m]\n\n[^m]: second"
    parts = render_expansion(text, prefix="e").parts
    assert [BeautifulSoup(part.html, "html.parser").sup.text for part in parts] == ["1", "2"]


def test_notes_are_a_list_that_says_what_its_links_are():
    page = BeautifulSoup(render_expansion(TEXT, prefix="e").footnotes_html, "html.parser")
    assert page.ol["class"] == ["footnotes"]
    assert [len(item.find_all("a", role="doc-backlink")) for item in page.ol("li")] == [2, 1]
    assert page.em.text == "a"


def test_a_reference_without_a_note_stays_text():
    assert "[^1]" in render_expansion("text[^1]", prefix="e").short_answer_html


def test_texts_without_notes_have_no_list():
    assert render_expansion("text", prefix="e").footnotes_html == ""
