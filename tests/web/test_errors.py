"""Errors are pages of the site in plain words."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from tests.pages import heading, soup
from webapp.episodes import queries


def test_an_unknown_address_is_a_page_of_the_site(client: FlaskClient):
    response = client.get("/nowhere")

    assert response.status_code == 404
    assert heading(response) == "There is no page here"
    assert "The Test Show" in soup(response).title.string


@pytest.mark.parametrize("accept", ["application/json", "application/problem+json"])
def test_a_program_gets_problem_details(client: FlaskClient, accept: str):
    response = client.get("/nowhere", headers={"Accept": accept})

    assert response.status_code == 404
    assert response.content_type == "application/problem+json"
    assert response.json["status"] == 404
    assert response.json["title"] == "There is no page here"


def test_a_wrong_method_says_which_ones_there_are(client: FlaskClient):
    response = client.delete("/about")

    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


def test_without_a_database_the_site_still_answers_in_words(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    def away(*_args: object) -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    for name in ("get_revision", "find_moved"):
        monkeypatch.setattr(queries, name, away)
    for path in ("/about", "/nowhere"):
        response = client.get(path)

        assert response.status_code == 503
        assert response.headers["Retry-After"] == "30"
        assert heading(response) == "The site is catching its breath"


def test_a_fault_of_ours_says_so_and_shows_nothing_of_it(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_args: object) -> None:
        raise RuntimeError("a secret thing")

    monkeypatch.setattr(queries, "list_help", broken)
    response = client.get("/help")

    assert response.status_code == 500
    assert heading(response) == "Something broke here"
    assert "secret" not in response.text


def test_only_a_public_page_that_is_not_there_searches_for_what_was_meant(client: FlaskClient):
    assert soup(client.get("/nowhere")).main.find("input", attrs={"name": "q"})
    for response in (client.post("/nowhere"), client.get("/desk/nowhere")):
        assert soup(response).main.find("input", attrs={"name": "q"}) is None


def test_a_long_accept_header_is_not_read(client: FlaskClient):
    """Werkzeug would take minutes for it."""
    response = client.get("/nowhere", headers={"Accept": f"a{' ' * 60_000}b"})

    assert response.mimetype == "text/html"


@pytest.mark.parametrize("host", ["evil.example", "a" * 64, "", "a b", "[", "::1"])
def test_no_answer_depends_on_the_host_that_was_asked_for(client: FlaskClient, host: str):
    for path in ("/", "/episodes//thin-walls", "/nowhere/"):
        response = client.get(path, headers={"Host": host})

        assert response.status_code in {200, 404}
        assert "evil" not in response.text


def test_a_query_that_is_no_text_is_a_bad_request(client: FlaskClient):
    response = client.get("/search", environ_overrides={"QUERY_STRING": "q=\xff"})

    assert response.status_code == 400
    assert heading(response) == "That request was not readable"
