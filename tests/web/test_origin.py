"""Where a request that changes something comes from: every combination of the two headers."""

import pytest
from flask.testing import FlaskClient

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
    response = client.post(
        "/desk/sign-in", data={}, headers={"Origin": "https://elsewhere.example"}
    )

    assert response.status_code == 403
    assert "That came from another site" in response.text
