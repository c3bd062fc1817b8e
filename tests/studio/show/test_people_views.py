"""Who is on the show, at the desk."""

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.feeds.reading import attributes, channel_of
from tests.pages import soup, typed
from tests.studio.show.made import PERSON, send, text_of
from tests.studio.show.test_views import errors_of, told
from webapp import storage
from webapp.episodes.models import Person
from webapp.storage import read

HOST, NEW = "/desk/show/people/the-host", "/desk/show/people/new"


def test_everybody_is_listed_with_how_often_they_are_heard(owner: FlaskClient):
    page = owner.get("/desk/show/people")
    assert "The Host Host · 0 episodes" in told(page)
    assert "Noise Person 2 episodes" in told(page)
    for link in soup(page).select("main .c-history a"):
        assert owner.get(link["href"]).status_code == 200


def test_somebody_who_changes_is_changed_on_their_page_and_in_their_file(owner: FlaskClient):
    storage.write(factories.add_credited_episode)
    page = send(owner, HOST, {"disclosure": "Not a doctor.", "bio": "She *tells*.\r\n"})
    assert page.headers["Location"] == HOST
    public = owner.get("/people/the-host").text
    assert "Not a doctor." in public
    assert "She <em>tells</em>." in public
    changed = PERSON.replace("asks", "tells").replace(
        "hat: green\n", "hat: green\ndisclosure: Not a doctor.\n"
    )
    assert text_of("people/the-host.md") == changed


def test_somebody_new_gets_a_page_of_their_own(owner: FlaskClient):
    fields = {"slug": "the-guest", "name": "The Guest", "role": "Guest", "bio": "Hello."}
    page = send(owner, NEW, fields, do="add:links")
    assert typed(page, "slug") == "the-guest"
    link = {"links-0-label": "Elsewhere", "links-0-url": "https://guest.example"}
    page = send(owner, NEW, link, after=page)
    assert page.headers["Location"] == "/desk/show/people/the-guest"
    assert text_of("people/the-guest.md") == (
        "---\nname: The Guest\nrole: Guest\nlinks:\n- label: Elsewhere\n"
        "  url: https://guest.example\n---\nHello.\n"
    )
    person = read().scalars(select(Person).where(Person.slug == "the-guest")).one()
    assert (person.name, person.bio_html.strip()) == ("The Guest", "<p>Hello.</p>")


def test_a_link_may_stand_in_podcast_feeds_instead_of_their_page_here(owner: FlaskClient):
    def add(session: Session) -> None:
        episode = factories.add_credited_episode(session, slug="heard")
        factories.add_medium(session, episode)

    storage.write(add)
    page = send(owner, HOST, {}, do="add:links")
    link = {"links-0-label": "Her own page", "links-0-url": "https://host.example"}
    send(owner, HOST, {**link, "links-0-feed": "true"}, after=page)

    (person,) = attributes(channel_of(owner.get("/feeds/podcast.xml").data), "item/podcast:person")

    assert person["href"] == "https://host.example"
    assert "  feed: true\n" in text_of("people/the-host.md")


def test_an_address_is_asked_for_and_nobody_has_it_already(owner: FlaskClient):
    page = send(owner, NEW, {"slug": "The Guest", "name": "Kept"})
    assert (page.status_code, typed(page, "name")) == (422, "Kept")
    assert errors_of(page)[0].startswith("Write an address of small letters")
    page = send(owner, NEW, {"slug": "the-host"}, after=page)
    assert errors_of(page) == ["Write another address: this one is somebody else’s."]


def test_an_address_changes_as_long_as_no_episode_names_it(owner: FlaskClient):
    page = send(owner, HOST, {"slug": "a-host"})
    assert page.headers["Location"] == "/desk/show/people/a-host"
    assert (text_of("people/the-host.md"), text_of("people/a-host.md")) == ("", PERSON)
    assert read().scalars(select(Person.slug).order_by(Person.slug)).all() == ["a-host", "nobody"]


def test_an_address_that_an_episode_names_stays(owner: FlaskClient):
    storage.write(factories.add_credited_episode)
    page = owner.get(HOST)
    assert "An episode names them, so that stays." in told(page)
    page = send(owner, HOST, {"slug": "a-host", "name": "Dot"}, after=page)
    assert (page.status_code, typed(page, "name")) == (422, "Dot")
    assert text_of("people/the-host.md") == PERSON


def test_what_two_people_change_of_somebody_is_shown_to_the_second(owner: FlaskClient):
    mine = owner.get(HOST)
    send(owner, HOST, {"bio": "Theirs.", "role": "Hostess"})
    page = send(owner, HOST, {"bio": "Mine."}, after=mine)
    assert (page.status_code, typed(page, "bio"), typed(page, "role")) == (409, "Mine.", "Hostess")


def test_somebody_is_looked_at_before_they_are_saved(owner: FlaskClient):
    page = send(owner, NEW, {"slug": "x", "name": "Previewed", "bio": "*Hm.*"}, do="preview:person")
    assert (page.status_code, soup(page).h1.get_text()) == (200, "Previewed")
    back = send(owner, NEW, {}, do="edit", after=page)
    assert (typed(back, "slug"), typed(back, "bio")) == ("x", "*Hm.*")
    assert text_of("people/x.md") == ""


def test_nobody_is_not_there(owner: FlaskClient):
    assert owner.get("/desk/show/people/nobody-at-all").status_code == 404
    assert owner.get("/desk/show/people/../../etc").status_code == 404
