"""How values become words."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from markupsafe import Markup

from webapp.web import wording


def test_day_is_in_words():
    assert wording.day(date(2026, 3, 3)) == "3 March 2026"


def test_day_of_a_moment_is_that_of_the_shows_time_zone():
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)

    assert wording.day(late, "Europe/London") == "2 July 2026"


@pytest.mark.parametrize(
    ("spoken", "words"),
    [
        ("en", "3 March 2026"),
        ("en-GB", "3 March 2026"),
        ("en-AU", "3 March 2026"),
        ("en-US", "March 3, 2026"),
    ],
)
def test_a_day_is_as_a_countrys_english_has_it(spoken: str, words: str):
    assert wording.day("2026-03-03", spoken=spoken) == words


@pytest.mark.parametrize(("spoken", "words"), [("en", "123,456 cats"), ("en-IN", "1,23,456 cats")])
def test_numbers_are_too(spoken: str, words: str):
    assert wording.plural(123456, "cat", "cats", spoken=spoken) == words


@pytest.mark.parametrize(("seconds", "words"), [(1, "1 min"), (89, "1 min"), (1867, "31 min")])
def test_duration_is_in_whole_minutes(seconds: int, words: str):
    assert wording.duration(seconds) == words


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        ("GB", "en-GB", "United Kingdom"),
        ("DE", "de", "Deutschland"),
        ("DE", "xx-nonsense", "Germany"),
        ("QQ", "en", "QQ"),
    ],
)
def test_countries_have_their_names(code: str, language: str, name: str):
    assert wording.country(code, language) == name


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0:00"), (84.9, "1:24"), (847, "14:07"), (3723, "1:02:03")]
)
def test_clock_is_a_place_in_a_recording(seconds: float, words: str):
    assert wording.clock(seconds) == words


@pytest.mark.parametrize(
    ("size", "words"),
    [(999, "999 bytes"), (1000, "1.0 kB"), (1_400_000, "1.4 MB"), (3_100_000_000, "3.1 GB")],
)
def test_filesize_is_in_powers_of_a_thousand(size: int, words: str):
    assert wording.filesize(size) == words


@pytest.mark.parametrize(
    ("count", "words"), [(1, "1 question"), (0, "0 questions"), (3000, "3,000 questions")]
)
def test_plural_agrees(count: int, words: str):
    assert wording.plural(count, "question", "questions") == words


def test_paragraphs_keep_lines_and_let_no_html_through():
    html = wording.paragraphs("One\r\ntwo\n\n\n<b>three</b>")

    assert html == Markup("<p>One<br>\ntwo</p>\n<p>&lt;b&gt;three&lt;/b&gt;</p>")


def test_the_sites_own_english_is_spoken_wherever_a_day_is_said(
    app: Flask, monkeypatch: pytest.MonkeyPatch
):
    of_the_us = app.extensions["postbag.settings"].model_copy(update={"locale": "en-US"})
    monkeypatch.setitem(app.extensions, "postbag.settings", of_the_us)

    with app.app_context():
        assert wording.day("2026-03-03") == "March 3, 2026"
    assert wording.day("2026-03-03") == "3 March 2026"
