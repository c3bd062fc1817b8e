"""Before you publish: what directories ask of the show, and who can change that."""

import pytest
from bs4 import Tag
from flask.testing import FlaskClient
from sqlalchemy import update

from tests.pages import soup
from tests.studio.made import draft, finish_show, whole
from tests.studio.preflight.looked import checks, missing, serious
from webapp import storage
from webapp.episodes.models import Show

pytestmark = pytest.mark.usefixtures("in_app")


def set_show(**values: object) -> None:
    storage.write(lambda session: session.execute(update(Show).values(values)) and None)


def line(client: FlaskClient, episode: int, words: str) -> Tag:
    """Return the line of an episode's page that begins with some words."""
    lines = soup(client.get(f"/desk/episodes/{episode}")).find(id="missing").parent.select("li")
    return next(each for each in lines if each.get_text(" ", strip=True).startswith(words))


@pytest.mark.parametrize(
    ("values", "key", "words"),
    [
        ({"artwork_sha256": ""}, "artwork", "The show has no artwork"),
        ({"artwork_sha256": "0" * 64}, "artwork", "The show has no artwork"),
        ({"email": ""}, "show-email", "The show has no e-mail address"),
        ({"description": " \n"}, "show-description", "The show has no description"),
        ({"description": "ü" * 2_001}, "show-description", "The show’s description is longer"),
        ({"podcast": {"categories": []}}, "show-category", "The show has no category"),
    ],
)
def test_what_directories_ask_for_is_looked_for(values: dict[str, object], key: str, words: str):
    finish_show()
    episode = whole()
    assert missing(episode) == set()
    set_show(**values)

    assert missing(episode) == {key}
    assert serious(episode) == set()
    assert checks(episode)[key].words.startswith(words)


def test_editors_are_told_who_can_change_it_and_read_what_feeds_say(desk: FlaskClient):
    told = line(desk, draft(), "The show has no category")

    assert told.get_text(" ", strip=True) == (
        "The show has no category: directories ask for one. An owner can mend that. "
        "What the feed says now"
    )
    (link,) = told.select("a")
    assert link["href"] == "/feeds/podcast.xml"
    assert desk.get(link["href"]).status_code == 200


def test_no_line_leads_editors_to_a_page_that_is_closed_to_them(desk: FlaskClient):
    set_show(email="", description="", artwork_sha256="")
    page = soup(desk.get(f"/desk/episodes/{draft()}"))

    for link in page.find(id="missing").parent.select("a"):
        assert desk.get(link["href"].partition("#")[0]).status_code == 200


def test_owners_are_led_to_the_field_itself(owner_desk: FlaskClient):
    set_show(email="", description="", artwork_sha256="")
    episode = draft()

    assert {
        words: line(owner_desk, episode, f"The show has no {words}").a["href"]
        for words in ("artwork", "e-mail", "description", "category")
    } == {
        "artwork": "/desk/show/artwork#picture",
        "e-mail": "/desk/show/words#email",
        "description": "/desk/show/words#description",
        "category": "/desk/show/feeds#podcast.categories",
    }
