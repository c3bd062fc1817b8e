"""Ids in a written answer: parts keep theirs, and links lead to them."""

import pytest
from bs4 import BeautifulSoup

from webapp.writing import Expansion, render_expansion


def render(text: str, prefix: str = "e") -> Expansion:
    return render_expansion(text, prefix=prefix)


def page_of(expansion: Expansion) -> BeautifulSoup:
    """Return an expansion as a page prints it, each part in its section."""
    parts = (f'<section id="part-{part.id}">{part.html}</section>' for part in expansion.parts)
    html = "".join([expansion.short_answer_html, *parts, expansion.footnotes_html])
    return BeautifulSoup(html, "html.parser")


def hrefs(text: str) -> list[str]:
    return [a["href"] for a in page_of(render(text)).find_all("a")]


def test_slugs_of_equal_titles_differ():
    parts = render("## Stopping\n\n## Stopping\n\n## Stopping").parts
    assert [part.id for part in parts] == ["stopping", "stopping-2", "stopping-3"]


def test_a_slug_never_takes_an_id_that_was_given():
    parts = render("## One\n\n## Other {#one}\n\n## Again {#one}").parts
    assert [part.id for part in parts] == ["one-2", "one", "one-3"]


def test_titles_without_letters_are_named_by_their_number():
    assert [part.id for part in render("## ...\n\n##\n").parts] == ["part-1", "part-2"]


def test_slugs_keep_letters_of_other_scripts_and_lose_accents():
    assert [part.id for part in render("## Déjà vu\n\n## Это ты?").parts] == ["deja-vu", "это-ты"]


@pytest.mark.parametrize("link", ["#six", "#part-six"])
def test_links_to_a_part_lead_to_its_section(link):
    text = f"[see]({link})\n\n## Going slowly {{#six}}\n\n[here]({link})"
    assert hrefs(text) == ["#part-six", "#part-six"]


def test_links_reach_parts_by_the_slug_of_their_title_in_any_script():
    text = "[see](#what-to-read) [ты](#это-ты)\n\n## What to read\n\n## Это ты?\n"
    ids = [section["id"] for section in page_of(render(text)).find_all("section")]
    assert ids == ["part-what-to-read", "part-это-ты"]
    assert hrefs(text) == ["#part-what-to-read", "#part-%D1%8D%D1%82%D0%BE-%D1%82%D1%8B"]


def test_a_part_that_is_called_part_six_itself_is_found():
    text = "[a](#part-six)\n\n## A {#six}\n\n## B {#part-six}\n"
    assert hrefs(text) == ["#part-part-six"]


def test_links_in_footnotes_lead_to_parts_too():
    text = "Text[^1]\n\n[^1]: As in [part two](#two).\n\n## Two {#two}\n"
    assert hrefs(text) == ["#e.note-1", "#part-two", "#e.ref-1"]


def test_ids_of_smaller_headings_carry_the_prefix_and_links_follow():
    text = "## Part {#part}\n\n### Small {#small}\n\n[there](#small) [up](#part)"
    page = page_of(render(text))
    assert page.h3 is not None
    assert page.h3["id"] == "e.sub-small"
    assert hrefs(text) == ["#e.sub-small", "#part-part"]


def test_links_to_a_moment_and_to_the_page_itself_stay():
    text = "[at 1:24](#t=84) [words](#page-transcript) [list](#page-resources) [top](#)"
    assert hrefs(text) == ["#t=84", "#page-transcript", "#page-resources", "#"]


def test_links_that_lead_nowhere_stay():
    text = "[a](#seven) [b](#part-seven) [c](#seven) [d](#t=1:24) [e](/help#six)\n\n## Six {#six}\n"
    assert hrefs(text) == ["#seven", "#part-seven", "#seven", "#t=1:24", "/help#six"]


@pytest.mark.parametrize(("one", "other"), [("a", "b"), ("a", "a-sub"), ("a", "part-a")])
def test_two_episodes_on_one_page_share_no_id(one, other):
    text = (
        "Text[^x] and[^x]\n\n- [ ] box\n\n### Note 1 {#note-1}\n\n### Ref 1 {#sub-ref-1}\n\n"
        "[^x]: Note\n\n"
    )
    pages = [
        page_of(render(f"{text}## Part {{#{one}-note-1}}\n", prefix=one)),
        page_of(render(f"{text}## Part {{#a-sub-note-1}}\n", prefix=other)),
    ]
    ids = [tag["id"] for page in pages for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids)) == 14
