"""Looking at a change of the show before it is saved."""

from flask.testing import FlaskClient

from tests import factories
from tests.pages import soup, typed
from tests.studio.show.made import FILES, send, text_of
from tests.studio.show.test_views import errors_of
from webapp import storage

WORDS, SEASONS = "/desk/show/words", "/desk/show/seasons"


def test_a_preview_shows_what_was_typed_and_saves_nothing(owner: FlaskClient):
    page = send(owner, WORDS, {"tagline": "Answers, soon", "name": "Ours"}, do="preview:home")
    assert page.status_code == 200
    assert soup(page).main.h1.get_text() == "Answers, soon"
    assert soup(page).select_one(".c-masthead .c-wordmark").get_text() == "Ours"
    assert "Answers, eventually" in owner.get("/").text
    assert {name: text_of(name) for name in FILES} == FILES


def test_a_preview_is_for_nobody_else(owner: FlaskClient):
    page = send(owner, WORDS, {}, do="preview:about")
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.headers["Cache-Control"] == "no-store"
    assert soup(page).find("meta", attrs={"name": "robots", "content": "noindex"})
    assert "Not saved yet" in soup(page).select_one(".c-preview").get_text()


def test_a_preview_leads_back_to_what_was_typed_on_to_others_and_to_saving(owner: FlaskClient):
    page = send(owner, WORDS, {"tagline": "Answers, soon"}, do="preview:home")
    assert typed(send(owner, WORDS, {}, do="edit", after=page), "tagline") == "Answers, soon"
    about = send(owner, WORDS, {}, do="preview:about", after=page)
    assert soup(about).main.h1.get_text() == "About The Test Show"
    assert send(owner, WORDS, {}, after=about).status_code == 302
    assert "Answers, soon" in owner.get("/").text


def test_an_episode_is_shown_in_the_colours_that_were_typed(owner: FlaskClient):
    storage.write(factories.add_credited_episode)
    colours = {"seasons-0-field": "#0C5B62", "seasons-0-ink": "#FFE2A8", "seasons-0-title": "Uno"}
    page = send(owner, SEASONS, colours, do="preview:episode")
    assert soup(page).main["class"] == ["season-1"]
    sheet = soup(page).find("link", href=lambda href: "/desk/show/colours.css" in href)["href"]
    answer = owner.get(sheet)
    assert answer.mimetype == "text/css"
    assert answer.text.splitlines()[0] == ".season-1{--field:#0C5B62;--ink:#FFE2A8}"


def test_a_show_without_episodes_says_so(owner: FlaskClient):
    page = send(owner, WORDS, {}, do="preview:episode")
    assert soup(page).main.h1.get_text() == "Nothing yet"
    assert "No episode is out yet" in soup(page).main.get_text()


def test_what_cannot_be_shown_is_said_at_its_field(owner: FlaskClient):
    page = send(owner, SEASONS, {"seasons-0-field": "red"}, do="preview:home")
    assert page.status_code == 422
    assert errors_of(page)[0] == "Write a colour as #RRGGBB, such as #B02E1D."
    assert typed(page, "seasons-0-field") == "red"


def test_topics_and_help_lines_are_looked_at_too(owner: FlaskClient):
    storage.write(factories.add_credited_episode)
    page = send(owner, "/desk/show/topics", {"topics-1-name": "Fences"}, do="preview:home")
    assert "Fences" in soup(page).select_one("[aria-labelledby=topics]").get_text()
    page = send(
        owner, "/desk/show/help", {"countries-0-services-0-phone": "0800 7"}, do="preview:help"
    )
    assert "0800 7" in soup(page).main.get_text()


def test_a_preview_that_there_is_none_of_is_not_there(owner: FlaskClient):
    assert send(owner, WORDS, {}, do="preview:person").status_code == 404


def test_the_colours_of_an_address_are_colours_and_nothing_else(owner: FlaskClient):
    hostile = "/desk/show/colours.css?season=1-B02E1D-FFF1DC&season=1-red-%7D*%7B&season=x"
    assert owner.get(hostile).text == ".season-1{--field:#B02E1D;--ink:#FFF1DC}"


def test_what_feeds_say_is_looked_at_as_an_app_would_list_it(owner: FlaskClient):
    typed_in = {"podcast.author": "Dot & Sam", "podcast.explicit": "true", "podcast.type": "serial"}
    page = send(owner, "/desk/show/feeds", typed_in, do="preview:listing")

    listed = soup(page).main
    assert listed.h1.get_text() == "The Test Show"
    assert "Dot & Sam" in listed.select_one(".c-listing").get_text()
    assert "For adults" in listed.select_one(".c-listing").get_text()
    feed = listed.pre.get_text()
    assert "<itunes:author>Dot &amp; Sam</itunes:author>" in feed
    assert "<itunes:type>serial</itunes:type>" in feed
    assert "<item>" not in feed
    assert "Dot" not in owner.get("/feeds/podcast.xml").text
