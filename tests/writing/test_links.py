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
    assert render_text("![A towel](/t.jpg)") == '<p><img src="/t.jpg" alt="A towel"></p>\n'


def test_without_pictures_each_is_a_link_to_it():
    html = render_expansion("![A towel](/t.jpg)", prefix="e", pictures=False).short_answer_html

    assert html == '<p><a href="/t.jpg">A picture for adults</a></p>\n'
