"""The search page, and the page for addresses that lead nowhere."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.pages import soup, typed
from webapp import storage
from webapp.episodes.document import Note
from webapp.episodes.searching import save_passages


def publish(app: Flask, slug: str, title: str = "Thin walls", **document: object) -> None:
    """Publish an episode that can be found."""

    def add(session) -> None:
        made = factories.a_document(**document)
        one = factories.add_episode(session, slug=slug, title=title, document=made)
        save_passages(
            session, episode_id=one.id, title=title, summary=one.summary,
            question=one.question_text, people=(), document=made,
        )  # fmt: skip

    with app.app_context():
        storage.write(add)


def test_what_is_found_leads_to_the_part_and_to_the_moment(app: Flask, client: FlaskClient):
    publish(app, "thin-walls")

    page = soup(client.get("/search?q=speak"))
    assert page.find("a", href="/episodes/thin-walls#part-two")
    assert "1 episode has it" in page.main.get_text()
    page = soup(client.get("/search?q=hello"))
    assert page.find("a", href="/episodes/thin-walls#t=0")
    assert [mark.get_text() for mark in page.find_all("mark")] == ["Hello"]


def test_what_is_for_adults_is_found_and_not_quoted(app: Flask, client: FlaskClient):
    publish(app, "loud", notes=(Note(about="video", level="adult", text="Loud."),))

    page = soup(client.get("/search?q=hello"))

    assert page.find("a", href="/episodes/loud#t=0")
    assert page.find_all("mark") == []
    assert "for adults" in page.main.get_text()


def test_nothing_found_offers_near_words_and_topics(app: Flask, client: FlaskClient):
    publish(app, "thin-walls")
    with app.app_context():
        storage.write(
            lambda s: factories.add_topic(s, factories.add_episode(s, slug="other"), "walls")
        )

    page = soup(client.get("/search?q=wallls"))

    assert page.find("a", href="/search?q=walls")
    assert page.find("a", href="/topics/walls")


@pytest.mark.parametrize(
    "query", ["", " ", '"', '"""', "*", "AND", "a AND", "NEAR(", "🐶", "%00", "<script>", "-" * 3]
)
def test_any_query_is_a_page_that_gives_it_back(app: Flask, client: FlaskClient, query: str):
    publish(app, "thin-walls")

    response = client.get("/search", query_string={"q": query})

    assert response.status_code == 200
    assert soup(response).find("script", string=True) is None


def test_ten_thousand_letters_are_searched_by_their_first_words(app: Flask, client: FlaskClient):
    publish(app, "thin-walls")

    response = client.get("/search", query_string={"q": "wall " * 2_000})

    assert response.status_code == 200
    assert "the beginning of it" in soup(response).main.get_text()


def test_a_search_page_is_kept_by_nobody(client: FlaskClient):
    response = client.get("/search?q=walls")

    assert response.headers["Cache-Control"] == "no-store"
    assert soup(response).find("meta", attrs={"name": "robots"})["content"] == "noindex"


@pytest.mark.parametrize(
    "path", ["/episodes/thin-wall", "/thin_walls.html", "/2019/05/thin-walls/", "/topics/walls-x"]
)
def test_a_page_that_is_not_there_searches_for_what_was_meant(
    app: Flask, client: FlaskClient, path: str
):
    publish(app, "thin-walls")

    response = client.get(path)

    assert response.status_code == 404
    assert soup(response).main.find("a", href="/episodes/thin-walls")
    assert "wall" in typed(response, "q")


def test_an_address_that_is_like_no_other_is_not_guessed_at(app: Flask, client: FlaskClient):
    publish(app, "thin-walls")

    response = client.get("/hello")

    assert response.status_code == 404
    assert soup(response).main.find("a", href="/episodes/thin-walls") is None
    assert typed(response, "q") == "hello"


def test_a_page_that_is_not_there_names_nothing_unpublished(app: Flask, client: FlaskClient):
    def add(session) -> None:
        document = factories.a_document()
        draft = factories.add_episode(
            session, slug="secret-plan", title="Secret plan", published_at=None
        )
        save_passages(
            session, episode_id=draft.id, title=draft.title, summary="", question="", people=(),
            document=document,
        )  # fmt: skip

    with app.app_context():
        storage.write(add)

    response = client.get("/episodes/secret-plan")

    assert response.status_code == 404
    assert "Secret plan" not in response.text
