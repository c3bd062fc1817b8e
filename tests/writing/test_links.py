"""Links and pictures: where they may lead, and what is never fetched."""

import pytest
from bs4 import BeautifulSoup

from webapp.writing import render_expansion, render_text


def links(text: str) -> list[tuple[str, str | None]]:
    found = BeautifulSoup(render_text(text), "html.parser").find_all("a")
    return [(a["href"], " ".join(a.get("rel", [])) or None) for a in found]


def test_links_out_give_away_no_referrer_and_links_inside_do():
    text = "[a](https://a.example) [b](//b.example) <http://c.example> [h](/help) [m](mailto:a@b.c)"
    assert links(text) == [
        ("https://a.example", "noopener noreferrer"),
        ("//b.example", "noopener noreferrer"),
        ("http://c.example", "noopener noreferrer"),
        ("/help", None),
        ("mailto:a@b.c", None),
    ]


def test_addresses_in_the_text_become_links_and_night_at_does_not():
    text = "See https://a.example/x. That night.At www.b.example or me@b.example we"
    assert [href for href, _rel in links(text)] == ["https://a.example/x"]


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "&#106;avascript:alert(1)",
        "javascript&colon;alert(1)",
        "data:text/html,x",
        "data:image/png;base64,AA",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://a.example",
        "blob:x",
    ],
)
def test_other_schemes_are_no_links(address):
    for text in (f"[x]({address})", f"<{address}>", f"![x]({address})", f"[x]: {address}\n\n[x]"):
        page = BeautifulSoup(render_text(text), "html.parser")
        assert page.find(("a", "img")) is None


def test_a_picture_from_elsewhere_becomes_a_link_to_it():
    html = render_text("![A towel](https://a.example/towel.jpg)")
    assert html == (
        '<p><a href="https://a.example/towel.jpg" rel="noopener noreferrer">A towel</a></p>\n'
    )


def test_a_picture_from_elsewhere_inside_a_link_becomes_its_text():
    assert links("[![A towel](https://a.example/t.jpg)](/there)") == [("/there", None)]


def test_a_picture_of_this_site_is_shown():
    shown = '<p><img src="/t.jpg" alt="A towel" loading="lazy"></p>\n'
    assert render_text("![A towel](/t.jpg)") == shown


def beside(text: str, *, pictures: bool = True) -> str:
    there = {"towel.jpg": "/x/media/towel.jpg", "my towel.jpg": "/x/media/my%20towel.jpg"}
    made = render_expansion(text, prefix="e", pictures=pictures, beside=there)
    return made.short_answer_html.removeprefix("<p>").removesuffix("</p>\n")


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("towel.jpg", "/x/media/towel.jpg"),
        ("./towel.jpg", "/x/media/towel.jpg"),
        ("<my towel.jpg>", "/x/media/my%20towel.jpg"),
        ("my%20towel.jpg", "/x/media/my%20towel.jpg"),
    ],
)
def test_a_picture_beside_the_text_is_shown_by_its_file_name(name, address):
    assert beside(f"![A towel]({name})") == f'<img src="{address}" alt="A towel" loading="lazy">'


def test_a_picture_that_is_not_there_is_its_words():
    assert beside("![A towel](tovel.jpg)") == "A towel"
    assert beside("![](tovel.jpg)") == ""
    assert beside("![A naked man](tovel.jpg)", pictures=False) == "A picture for adults"
    assert "<img" not in beside("![A towel](..%2Ftowel.jpg) ![A towel](./)")


def test_a_picture_beside_a_text_without_pictures_is_a_link_to_it():
    html = beside("![A towel](towel.jpg)", pictures=False)
    assert html == '<a href="/x/media/towel.jpg">A picture for adults</a>'


def test_all_pictures_of_a_text_are_known_as_they_were_written():
    text = "![a](towel.jpg) ![b](/b.jpg)\n\n## P\n\n![c](https://c.example/c.jpg) ![a](towel.jpg)"
    found = render_expansion(text, prefix="e").pictures
    assert found == ("towel.jpg", "/b.jpg", "https://c.example/c.jpg")


def test_without_pictures_each_is_a_link_to_it():
    html = render_expansion("![A towel](/t.jpg)", prefix="e", pictures=False).short_answer_html

    assert html == '<p><a href="/t.jpg">A picture for adults</a></p>\n'
