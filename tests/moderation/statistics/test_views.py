"""The page of figures: drawn without a script or a style, and every number in a table."""

import re

import pytest
import time_machine
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from tests.moderation.statistics.made_year import TODAY, make_year
from tests.pages import heading, soup
from tests.staff.members import add_staff, sign_in


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> FlaskClient:
    """A moderator's desk."""
    add_staff(app, role="moderator")
    sign_in(client)
    return client


@pytest.fixture
def filled(app: Flask, desk: FlaskClient) -> BeautifulSoup:
    """The page of a mailbag whose history is known."""
    with app.app_context():
        make_year()
    with time_machine.travel(TODAY, tick=False):
        sign_in(desk)
        return soup(desk.get("/desk/statistics"))


def rows(page: BeautifulSoup, section: str) -> list[list[str]]:
    table = page.find("section", attrs={"aria-labelledby": section}).table
    return [
        [" ".join(cell.get_text(" ").split()) for cell in row.find_all(["th", "td"])]
        for row in table.tbody.find_all("tr")
    ]


def test_figures_of_nothing_are_shown_as_such(desk: FlaskClient):
    answer = desk.get("/desk/statistics")
    page = soup(answer)

    assert (answer.status_code, heading(answer)) == (200, "Statistics")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Nothing was decided in the last four weeks." in answer.text
    assert len(rows(page, "weeks")) == 52
    assert {cell for row in rows(page, "ages") for cell in row[1:]} == {"0", ""}
    assert {row[2] for row in rows(page, "pace")} == {"None decided"}
    assert not page.select(".c-plot rect")


def test_every_number_that_is_drawn_stands_in_a_table(filled: BeautifulSoup):
    assert rows(filled, "weeks")[0] == ["2 Mar 2026", "2", "0", "0"]
    assert rows(filled, "weeks")[3] == ["9 Feb 2026", "2", "1", "1"]
    assert [row[:2] for row in rows(filled, "ages")][:2] == [
        ["Today", "1"],
        ["1 to 7 days ago", "2"],
    ]
    assert rows(filled, "pace")[0][:3] == ["Mar 2026", "0", "None decided"]
    assert rows(filled, "pace")[1][:3] == ["Feb 2026", "4", "4 days"]
    assert rows(filled, "topics")[-1] == ["No topic yet", "4", "0"]


def test_what_stands_now_is_said_first(filled: BeautifulSoup):
    now = filled.find("section", attrs={"aria-labelledby": "now"}).get_text(" ", strip=True)

    assert "Undecided 6 Shortlisted 1" in " ".join(now.split())
    assert "4 days : half of the 4 questions" in " ".join(now.split()).replace("days:", "days :")


def test_bars_are_named_and_are_as_high_as_their_numbers(filled: BeautifulSoup):
    arrived, answered, declined = filled.select(".c-plot svg")
    heights = [float(bar["height"]) for bar in arrived.select("rect")]

    for plot in (arrived, answered, declined):
        title, described = plot["aria-labelledby"].split()
        assert filled.find(id=title).get_text()
        assert "A bar for each of 52 weeks" in filled.find(id=described).get_text()
    assert heights == [100, 50, 100, 50, 100, 100]
    assert [float(bar["height"]) for bar in declined.select("rect")] == [50, 50]


def test_the_page_needs_no_script_and_has_no_style_of_its_own(filled: BeautifulSoup):
    main = str(filled.main)

    assert not re.search(r"<script|<style|style=|onload|http", main)
    assert {bar["fill"] for bar in filled.main.select("rect")} == {"currentColor"}
