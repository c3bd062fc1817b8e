"""Where a request that changes something comes from: every combination of the two headers."""

import pytest
from flask.testing import FlaskClient

from tests.pages import typed
from webapp.web.origin import is_cross_site

OWN = frozenset({"https://show.example"})

ORIGINS = (None, "null", "https://show.example", "https://elsewhere.example")


@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize(
    ("fetch_site", "refused"),
    [("same-origin", False), ("none", False), ("same-site", True), ("cross-site", True)],
)
def test_what_the_browser_says_of_the_site_decides(fetch_site: str, refused: bool, origin):
    assert is_cross_site("POST", fetch_site, origin, OWN) is refused


@pytest.mark.parametrize(
    ("origin", "refused"),
    [
        (None, False),
        ("null", False),
        ("https://show.example", False),
        ("HTTPS://SHOW.EXAMPLE", False),
        ("https://elsewhere.example", True),
        ("http://show.example", True),
        ("https://show.example.elsewhere.example", True),
        ("https://show.example:8443", True),
        ("", True),
    ],
)
def test_without_it_the_origin_must_be_our_own(origin, refused: bool):
    assert is_cross_site("POST", None, origin, OWN) is refused


def test_on_the_desk_no_origin_is_no_excuse():
    assert is_cross_site("POST", None, "null", OWN, on_desk=True)
    assert not is_cross_site("POST", None, None, OWN, on_desk=True)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_visit_is_never_cross_site(method: str):
    assert not is_cross_site(method, "cross-site", "https://elsewhere.example", OWN)


def test_a_write_from_another_site_is_refused_in_front_of_every_view(client: FlaskClient):
    del client.environ_base["HTTP_SEC_FETCH_SITE"]
    response = client.post(
        "/desk/sign-in", data={}, headers={"Origin": "https://elsewhere.example"}
    )

    assert response.status_code == 403
    assert "That came from another site" in response.text


@pytest.mark.parametrize(
    "origin", [None, "null", "http://127.0.0.1:8000", "https://elsewhere.example"]
)
@pytest.mark.parametrize("fetch_site", [None, "same-origin", "none", "same-site", "cross-site"])
def test_a_question_passes_takes_the_slow_lane_or_comes_back(
    client: FlaskClient, fetch_site: str | None, origin: str | None
):
    """The whole matrix in front of /ask/send, with the protection on and a token that holds."""
    asked = {"question": "Is it me, or is it the wall?", "sign_off": "", "consent": "private"}
    token = typed(client.post("/ask/review", data=asked), "token")
    del client.environ_base["HTTP_SEC_FETCH_SITE"]
    given = {"Sec-Fetch-Site": fetch_site, "Origin": origin}
    headers = {name: value for name, value in given.items() if value is not None}
    data = asked | {"token": token, "checked": "yes"}
    response = client.post("/ask/send", data=data, headers=headers)

    by_site = {"same-origin": 200, "none": 200, "same-site": 403, "cross-site": 403}
    by_origin = {None: 429, "null": 429, "http://127.0.0.1:8000": 200}
    expected = by_site[fetch_site] if fetch_site else by_origin.get(origin, 403)
    assert response.status_code == expected
    if expected != 200:
        assert typed(response, "question") == asked["question"]
