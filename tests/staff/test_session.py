"""A session exists only under /desk."""

import pytest
from flask import Flask, session

from webapp.web.surface import is_desk


@pytest.mark.parametrize("path", ["/", "/ask", "/desks", "/my-question", "/x/desk"])
def test_nobody_can_write_to_a_session_elsewhere(app: Flask, path: str):
    with app.test_request_context(path), pytest.raises(RuntimeError):
        session["x"] = "y"


@pytest.mark.parametrize("path", ["/desk", "/desk/", "/desk/questions"])
def test_the_desk_has_one(app: Flask, path: str):
    assert is_desk(path)
    with app.test_request_context(path):
        session["x"] = "y"
        assert session["x"] == "y"
