"""The headers that every answer carries."""

import pytest
from flask.testing import FlaskClient

EVERYWHERE = ("/about", "/ask", "/nowhere", "/desk/sign-in", "/desk/questions", "/show.x.css")


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_has_the_policy(client: FlaskClient, path: str):
    headers = client.get(path).headers

    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "media-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_static_files_have_the_policy_and_are_kept_for_ever(client: FlaskClient):
    page = client.get("/about").text
    stylesheet = page.split('rel="stylesheet" href="')[1].split('"')[0]
    with client.get(stylesheet) as response:
        assert response.status_code == 200
        assert response.content_type.startswith("text/css")
        assert "immutable" in response.headers["Cache-Control"]
        assert "Content-Security-Policy" in response.headers
        assert "Access-Control-Allow-Origin" not in response.headers


def test_a_public_page_may_be_kept_by_those_who_ask_again(client: FlaskClient):
    first = client.get("/about")
    again = client.get("/about", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "public, max-age=0, s-maxage=10"
    assert again.status_code == 304
    assert again.data == b""


@pytest.mark.parametrize("path", ["/nowhere", "/my-question", "/desk/sign-in", "/desk/questions"])
def test_nobody_keeps_what_is_not_for_everybody(client: FlaskClient, path: str):
    assert client.get(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["If-Modified-Since", "If-Unmodified-Since", "If-Range"])
def test_a_date_of_no_calendar_is_no_condition(client: FlaskClient, name: str):
    headers = {name: f"Mon, 01 Jan {'9' * 20} 00:00:00 GMT", "Range": "bytes=0-1"}

    assert client.get("/about", headers=headers).status_code == 200
