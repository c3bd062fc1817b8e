"""The HTML of every public page follows the standard, and needs no script."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.markup import faults
from webapp import storage

PAGE = (
    "<!DOCTYPE html><html lang=en><head><title>T</title></head>"
    "<body><main><h1>H</h1>{}</main></body></html>"
)
SLUGS = {"episodes.topic": "walls", "episodes.person": "the-host"}


@pytest.fixture(autouse=True)
def episode(app: Flask) -> None:
    with app.app_context():
        storage.write(factories.add_credited_episode)


def test_every_public_page_is_valid_and_works_without_scripts(app: Flask, client: FlaskClient):
    found = {}
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.rule.startswith("/desk"):
            continue
        values = dict.fromkeys(rule.arguments, "any") | {
            "slug": SLUGS.get(rule.endpoint, "thin-walls")
        }
        response = client.get(rule.build(values)[1])
        if response.mimetype == "text/html" and response.status_code != 302:
            found[rule.endpoint] = faults(response.text)

    assert len(found) >= 9
    assert {endpoint: lines for endpoint, lines in found.items() if lines} == {}


@pytest.mark.parametrize("path", ["/nowhere", "/episodes/nowhere", "/episodes?season=9999"])
def test_pages_that_find_nothing_are_valid_too(client: FlaskClient, path: str):
    assert faults(client.get(path).text) == []


@pytest.mark.parametrize(
    ("markup", "fault"),
    [
        ("<p><div></p></div>", "Unexpected end tag (p)"),
        ("<b id=x></b><b id=x></b>", "the id x is there 2 times"),
        ("<b aria-labelledby=x></b>", "aria-labelledby of b “” names x, which is not there"),
        ("<h2></h2>", "an empty h2"),
        ("<h3>Deep</h3>", "h3 “Deep” comes after an h1"),
        ("<h1>Again</h1>", "2 of h1"),
        ("<img src=/x>", "a picture without alt: /x"),
        ("<div><li>One</li></div>", "li “One” in a div"),
        ("<button>Go</button>", "does nothing without a script: button “Go”"),
        ("<form><input name=q></form>", "cannot be sent: form “”"),
        ("<a href='#'>Up</a>", "leads nowhere: a “Up”"),
        ("<a href='#t=84'>1:24</a>", "#t=84 is not on the page: a “1:24”"),
        ("<p style='color:red'></p>", "an inline style: p “”"),
        ("<p onclick='x()'></p>", "onclick on p “”"),
    ],
)
def test_each_rule_finds_what_breaks_it(markup: str, fault: str):
    assert any(fault in line for line in faults(PAGE.format(markup)))


def test_a_page_that_keeps_every_rule_has_no_faults():
    assert faults(PAGE.format("<form><button>Go</button></form>")) == []
