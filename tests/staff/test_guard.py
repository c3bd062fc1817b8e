"""What is carried through a sign-in."""

import json

import pytest
from flask import Flask

from webapp.staff import guard


def test_what_was_sent_is_carried_whole(app: Flask):
    data = {"air_text": "Two\nlines", "version": "1", "csrf_token": "stale"}
    with app.test_request_context("/desk/undo", method="POST", data=data):
        told = guard.read_carried(guard.carry())

    assert told is not None
    assert told[0] == "/desk/undo"
    assert ("air_text", "Two\nlines") in told[1]


@pytest.mark.parametrize(
    "carried",
    [
        "",
        "null",
        "[]",
        "{}",
        json.dumps({"path": "/desk/undo"}),
        json.dumps({"path": "/desk/undo", "fields": ["x"]}),
        json.dumps({"path": "/ask/send", "fields": []}),
        json.dumps({"path": "https://elsewhere.example/desk/", "fields": []}),
        json.dumps({"path": "/desk/../ask/send", "fields": []}),
        json.dumps({"path": "/desk/sign-in", "fields": []}),
        json.dumps({"path": "/desk/undo", "fields": [["x", "\ud800"]]}),
        "[" * 100_000,
        json.dumps({"path": "//elsewhere.example/desk/", "fields": []}),
    ],
)
def test_what_was_not_made_here_is_not_carried(in_app: Flask, carried: str):
    assert guard.read_carried(carried) is None


def test_what_is_carried_is_shown_without_what_its_form_says_of_itself(app: Flask):
    typed = {"revision": "5", "tab": "f4813418", "parts-0-was": "0", "parts-0-title": "Thin walls"}
    with app.test_request_context("/desk/episodes/1/write", method="POST", data=typed):
        page = guard.carry_on_page(*guard.read_carried(guard.carry()))
    shown = page.get_data(as_text=True)

    assert "<dt>Parts 0 title</dt>" in shown
    assert shown.count("<dt>") == 1
    assert shown.count('name="parts-0-was"') == 1
