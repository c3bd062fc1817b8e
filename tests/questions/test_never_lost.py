"""Whatever is typed, in any script, and however asking goes wrong: it comes back equal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine
from werkzeug.test import TestResponse

from tests.pages import typed
from tests.questions.asking import ASKED, review, send
from tests.questions.test_giving_back import away
from webapp import storage
from webapp.settings import Settings
from webapp.web.limits import Limits

pytestmark = pytest.mark.usefixtures("episode")

TEXTS = st.text(st.characters(codec="utf-8"), max_size=400)
LETTERS = TEXTS.map(lambda text: f"{text} and twenty-five letters more than that.")
Way = Callable[[FlaskClient, str], TestResponse]

for_any_text = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25
)


def as_html_carries(text: str) -> str:
    """Return a text by HTML's rules: one newline for each kind, and no NUL."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


def post(client: FlaskClient, path: str, text: str, **environ: str) -> TestResponse:
    return client.post(path, data=ASKED | {"question": text}, environ_overrides=environ)


WAYS: dict[str, tuple[int, Way]] = {
    "nothing was allowed": (422, lambda client, text: review(client, question=text, consent="")),
    "the page was stale": (422, lambda client, text: send(client, "stale", question=text)),
    "another site sent it": (
        403,
        lambda client, text: post(client, "/ask/review", text, HTTP_SEC_FETCH_SITE="cross-site"),
    ),
    "it was cut off": (
        413,
        lambda client, text: post(client, "/ask/send", text, **{"postbag.body": "cut"}),
    ),
    "it was too slow": (
        408,
        lambda client, text: post(client, "/ask/review", text, **{"postbag.body": "late"}),
    ),
}


@pytest.mark.parametrize("way", WAYS)
@for_any_text
@given(text=TEXTS)
def test_what_is_refused_comes_back(client: FlaskClient, app: Flask, way: str, text: str):
    app.extensions["postbag.limits"].forget()
    status, go = WAYS[way]
    response = go(client, text)

    assert response.status_code == status
    assert typed(response, "question") == as_html_carries(text)
    assert typed(response, "sign_off") == ASKED["sign_off"]


@pytest.fixture
def one_an_hour(app: Flask) -> Iterator[None]:
    """Limits that everybody has reached after one text or question."""
    before = app.extensions["postbag.limits"]
    app.extensions["postbag.limits"] = Limits(Settings.load(limit_reviews=1, limit_sends=1))
    yield
    app.extensions["postbag.limits"] = before


@pytest.mark.usefixtures("one_an_hour")
@for_any_text
@given(text=LETTERS)
def test_what_is_held_up_before_the_check_page_comes_back(client: FlaskClient, text: str):
    review(client)
    response = review(client, question=text)

    assert response.status_code == 429
    assert typed(response, "question") == as_html_carries(text)


@pytest.mark.usefixtures("one_an_hour")
def test_what_is_held_up_on_sending_comes_back(client: FlaskClient):
    token = typed(review(client), "token")
    send(client, token)
    client.environ_base["REMOTE_ADDR"] = "198.51.100.1"
    unspent = typed(review(client), "token")
    client.environ_base["REMOTE_ADDR"] = "127.0.0.1"

    @for_any_text
    @given(text=LETTERS)
    def hold(text: str) -> None:
        response = send(client, unspent, question=text)
        assert response.status_code == 429
        assert typed(response, "question") == as_html_carries(text)

    hold()


@for_any_text
@given(text=LETTERS)
def test_what_meets_a_database_that_is_away_comes_back(client: FlaskClient, app: Flask, text: str):
    app.extensions["postbag.limits"].forget()
    token = typed(review(client), "token")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("questions.arrivals.receive_all", "episodes.queries.get_revision"):
            patch.setattr(f"webapp.{name}", away)
        response = send(client, token, question=text)

    assert response.status_code == 503
    assert typed(response, "question") == as_html_carries(text)


@for_any_text
@given(text=LETTERS)
def test_what_meets_a_fault_of_ours_comes_back(client: FlaskClient, app: Flask, text: str):
    def broken(*_args: object, **_more: object) -> None:
        raise ZeroDivisionError

    app.extensions["postbag.limits"].forget()
    token = typed(review(client), "token")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("webapp.questions.arrivals.receive_all", broken)
        response = send(client, token, question=text)

    assert response.status_code == 500
    assert typed(response, "question") == as_html_carries(text)


@contextmanager
def locked(engine: Engine) -> Iterator[None]:
    """Have somebody else hold what a question is written to."""
    is_sqlite = engine.dialect.name == "sqlite"
    lock = "BEGIN IMMEDIATE" if is_sqlite else "LOCK TABLE questions IN EXCLUSIVE MODE"
    with create_engine(engine.url).connect() as other:
        if is_sqlite:
            other.connection.driver_connection.isolation_level = None
        other.exec_driver_sql(lock)
        yield
        other.rollback()
    other.engine.dispose()


def test_what_meets_a_locked_database_comes_back_and_is_stored_once_it_opens(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("webapp.storage.database.BUSY_MILLISECONDS", 30)
    with app.app_context():
        engine = storage.db.engine
        engine.dispose()
    text = "Привет! 🦔 Is a hedgehog a reason to break up, or only to sweep more carefully?"
    token = typed(review(client, question=text), "token")
    with locked(engine):
        held = send(client, token, question=text)

    assert held.status_code == 503
    assert held.headers["Retry-After"] == "30"
    assert typed(held, "question") == text
    assert send(client, typed(held, "token"), question=text).status_code == 200
    with app.app_context():
        engine.dispose()
