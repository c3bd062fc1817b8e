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

    monkeypatch.setattr(queries, "find_show", away)
    response = client.get("/about")

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
