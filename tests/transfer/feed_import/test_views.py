"""An editor asks for a feed, sees what would come, and the worker brings it; in forms alone."""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from tests.markup import faults
from tests.pages import heading, main_state, soup
from tests.questions.asking import visitor
from tests.staff.members import add_staff, press, sign_in, token
from tests.transfer.feed_import.feed_server import FeedServer
from tests.transfer.feed_import.made_feed import item, rss, serve_files
from webapp import clock, storage
from webapp.episodes.models import Episode
from webapp.staff.models import User
from webapp.staff.services import change_role, let_go
from webapp.storage.history import Actor
from webapp.transfer.arriving import forget_files
from webapp.transfer.feed_import.carrying_on import carry_on
from webapp.transfer.models import Transfer

HERE = "/desk/transfer/feeds"


@pytest.fixture
def open_house(app: Flask) -> Iterator[Flask]:
    """The app, allowed to fetch from this machine, and without what others asked for."""
    settings = app.extensions["postbag.settings"]
    allowed = settings.model_copy(update={"import_from_loopback": True})
    app.extensions["postbag.settings"] = allowed
    yield app
    app.extensions["postbag.settings"] = settings
    with app.app_context():
        for transfer_id in storage.read().scalars(select(Transfer.id)).all():
            forget_files(transfer_id)
        storage.write(lambda session: session.execute(delete(Transfer)))


@pytest.fixture
def editor(open_house: Flask) -> FlaskClient:
    add_staff(open_house, name="Edith", role="editor")
    client = visitor(open_house)
    sign_in(client, email="edith@example.org")
    return client


@pytest.fixture
def site(server: FeedServer) -> FeedServer:
    """A feed of one item, with all of its files."""
    serve_files(server, "one")
    server.puts("/rss", rss(server.at(""), item(server.at(""), "one")))
    return server


def ask(
    client: FlaskClient, address: str = "", file: bytes = b"", name: str = "my feed.xml"
) -> TestResponse:
    """Ask for a feed by its address or its file."""
    data: dict[str, object] = {"csrf_token": token(client.get(HERE)), "address": address}
    if file:
        data["file"] = (BytesIO(file), name)
    return client.post(HERE, data=data, content_type="multipart/form-data")


def work(app: Flask) -> None:
    """Let the worker go on until nothing is left to do."""
    with app.app_context():
        for _ in range(20):
            if not list(carry_on(clock.today())):
                break


def published(app: Flask) -> bool:
    with app.app_context():
        query = select(Episode.published_at).where(Episode.guid == "guid-of-one")
        return storage.read().scalars(query).one_or_none() is not None


def test_a_feed_is_asked_for_looked_at_and_taken_in(
    editor: FlaskClient, open_house: Flask, site: FeedServer
):
    there = ask(editor, site.at("/rss")).location
    assert main_state(editor.get(there)) == "arrived"
    work(open_house)

    plan = editor.get(there)

    assert (main_state(plan), heading(plan)) == ("planned", "What would come")
    assert "new: episodes/one" in plan.text
    assert "Item by item: 1 new" in [each.get_text() for each in soup(plan).select("summary")]
    assert not published(open_house)
    assert press(editor, there, f"{there}/take-in").location == there
    assert soup(editor.get(there)).find("a", string="Look again")["href"] == there
    work(open_house)
    done = editor.get(there)
    assert main_state(done) == "done"
    assert published(open_house)
    assert soup(done).find("a", string="See the drafts")["href"] == "/desk/episodes?stands=draft"
    assert soup(editor.get(HERE)).select_one(f"a[href='{there}']")


def test_a_feed_comes_as_a_file_and_says_which_files_have_not_come(
    editor: FlaskClient, open_house: Flask, site: FeedServer
):
    del site.routes["/one.mp3"]
    there = ask(editor, file=rss(site.at(""), item(site.at(""), "one"))).location
    work(open_house)
    press(editor, there, f"{there}/take-in")
    work(open_house)

    done = editor.get(there)

    assert main_state(done) == "done"
    assert "episodes/one/audio.mp3: 127.0.0.1 has nothing at that address" in done.text
    assert not published(open_house)


def test_a_feed_that_cannot_be_read_says_why(
    editor: FlaskClient, open_house: Flask, server: FeedServer
):
    there = ask(editor, server.puts("/rss", b"<!DOCTYPE rss><rss/>")).location
    work(open_house)

    page = editor.get(there)

    assert main_state(page) == "refused"
    assert "It declares a DTD" in page.text


def test_a_locked_feed_takes_an_owners_word(
    editor: FlaskClient, open_house: Flask, site: FeedServer
):
    site.puts("/rss", rss(site.at(""), item(site.at(""), "one"), locked="yes"))
    there = ask(editor, site.at("/rss")).location
    work(open_house)

    answer = press(editor, there, f"{there}/take-in", although_locked="yes")

    assert answer.status_code == 422
    assert "An owner of this site has to say that it is theirs." in answer.text
    add_staff(open_house, name="Olga", role="owner")
    owner = visitor(open_house)
    sign_in(owner, email="olga@example.org")
    refused = soup(press(owner, there, f"{there}/take-in"))
    tick = refused.select_one(refused.select_one(".c-errors a")["href"])
    assert (tick["type"], tick["aria-invalid"]) == ("checkbox", "true")
    assert refused.find(id=tick["aria-describedby"]).get_text().startswith("Error: The feed is")
    assert press(owner, there, f"{there}/take-in", although_locked="yes").status_code == 302
    work(open_house)
    assert published(open_house)


def test_a_feed_that_changes_after_the_plan_is_looked_at_again(
    editor: FlaskClient, open_house: Flask, site: FeedServer
):
    there = ask(editor, site.at("/rss")).location
    work(open_house)
    press(editor, there, f"{there}/take-in")
    serve_files(site, "two")
    items = (item(site.at(""), name, number=number) for name, number in (("two", 2), ("one", 1)))
    site.puts("/rss", rss(site.at(""), *items))
    work(open_house)

    page = editor.get(there)

    assert main_state(page) == "planned"
    assert "has changed meanwhile" in page.text
    assert "new: episodes/two" in page.text


def test_a_plan_that_was_not_seen_is_not_taken_in(
    editor: FlaskClient, open_house: Flask, site: FeedServer
):
    there = ask(editor, site.at("/rss")).location
    work(open_house)

    answer = press(editor, there, f"{there}/take-in", seen="2020-01-01T00:00:00+00:00")

    assert answer.status_code == 409
    assert main_state(answer) == "planned"


def test_a_file_that_is_gone_is_asked_for_again_and_none_of_this_machine_is_read(
    editor: FlaskClient, open_house: Flask, site: FeedServer, tmp_path: Path
):
    own = tmp_path / "own.xml"
    own.write_bytes(rss(site.at(""), item(site.at(""), "secret")))
    there = ask(editor, file=rss(site.at(""), item(site.at(""), "one")), name=str(own)).location
    with open_house.app_context():
        forget_files(UUID(there.rpartition("/")[2]))

    work(open_house)

    page = editor.get(there)
    assert main_state(page) == "refused"
    assert "Choose it again." in page.text
    assert "secret" not in page.text


@pytest.mark.parametrize("goes", [
    let_go,
    lambda session, **who: change_role(session, role="moderator", **who),
])  # fmt: skip
def test_nothing_is_taken_in_for_whoever_is_no_editor_any_more(
    editor: FlaskClient, open_house: Flask, site: FeedServer, goes: Callable[..., object]
):
    there = ask(editor, site.at("/rss")).location
    work(open_house)
    press(editor, there, f"{there}/take-in")
    owner = add_staff(open_house, name="Olga")
    with open_house.app_context():
        edith = storage.read().scalars(select(User.id).where(User.name == "Edith")).one()
        storage.write(goes, actor=Actor("Olga", "owner", owner), staff_id=edith)

    work(open_house)

    olga = visitor(open_house)
    sign_in(olga, email="olga@example.org")
    page = olga.get(there)
    assert main_state(page) == "refused"
    assert "no longer an editor here" in page.text
    assert not published(open_house)


def test_a_feed_that_is_discarded_is_forgotten(
    editor: FlaskClient, open_house: Flask, site: FeedServer
):
    there = ask(editor, site.at("/rss")).location

    assert press(editor, there, f"{there}/discard").location == HERE

    work(open_house)
    assert editor.get(there).status_code == 404
    assert not published(open_house)


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("", "Write the address of the feed, or choose its file."),
        ("feeds.example", "That is no web address"),
        ("file:///etc/passwd", "That is no web address"),
        ("https://ada:secret@feeds.example/", "a name or a password in it"),
    ],
)
def test_an_address_that_cannot_be_asked_comes_back_with_a_reason(
    editor: FlaskClient, address: str, says: str
):
    answer = ask(editor, address)

    assert answer.status_code == 422
    assert says in soup(answer).get_text()
    assert soup(answer).select_one("#address")["value"] == address


def test_the_pages_are_sound(editor: FlaskClient, open_house: Flask):
    there = ask(editor, file=rss("https://kettle.example")).location

    for page in (editor.get(HERE), editor.get(there)):
        assert (page.status_code, faults(page.text)) == (200, [])
    work(open_house)
    assert faults(editor.get(there).text) == []
