"""A desk with an address of its own: its forms, its cookies, and every link that leads to it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.feeds.reading import tree_of
from tests.pages import soup
from tests.questions.asking import visitor
from tests.staff.members import PASSWORD, add_staff, is_in, press, sign_in, token
from webapp import storage
from webapp.cli import main
from webapp.operations.instance import make_instance
from webapp.operations.notifying import desk_address
from webapp.settings import Settings

SITE = "https://show.example"
DESK = "http://deskdeskdesk.onion"
HOSTS = {"at the site": "show.example", "at the desk": "deskdeskdesk.onion", "elsewhere": "x.y"}

ATOM = {"a": "http://www.w3.org/2005/Atom"}

NOTIFICATIONS = "/desk/notifications"

Make = Callable[..., Flask]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Make an app with a show, an owner, and a desk that has its own address."""

    def make(**given: Any) -> Flask:
        addresses = {"site_url": SITE, "desk_url": DESK} | given
        app = make_instance(Settings.load(instance=tmp_path / "instance", **addresses))
        with app.app_context():
            storage.write(factories.add_show)
        add_staff(app)
        return app

    return make


def old_browser(app: Flask, origin: str) -> FlaskClient:
    """Return a client that says where a form stood, and not whether that is the same site."""
    client = visitor(app)
    del client.environ_base["HTTP_SEC_FETCH_SITE"]
    client.environ_base["HTTP_ORIGIN"] = origin
    return client


@pytest.mark.parametrize("surface", ["all", "desk"])
def test_its_forms_may_be_sent_from_its_own_address(make: Make, surface: str):
    colleague = old_browser(make(surface=surface), DESK)

    sign_in(colleague)

    assert is_in(colleague)


def test_the_forms_of_askers_are_not_the_desks(make: Make):
    app = make()

    assert old_browser(app, DESK).post("/ask/review", data={"question": "?"}).status_code == 403
    assert old_browser(app, SITE).post("/ask/review", data={"question": "?"}).status_code != 403


@pytest.mark.parametrize(
    ("site", "desk", "surface", "secure"),
    [
        (SITE, DESK, "all", {"at the site", "elsewhere"}),
        (SITE, DESK, "desk", {"at the site"}),
        ("http://show.example", "https://deskdeskdesk.onion", "all", {"at the desk"}),
        (SITE, "", "all", {"at the site", "at the desk", "elsewhere"}),
        ("http://show.example", "", "all", set()),
    ],
)
def test_its_cookies_are_secure_where_it_is_visited_by_https(
    make: Make, site: str, desk: str, surface: str, secure: set[str]
):
    app = make(site_url=site, desk_url=desk, surface=surface)

    found = {where for where, host in HOSTS.items() if all(cookies_are_secure(app, host))}

    assert found == secure


def cookies_are_secure(app: Flask, host: str) -> list[bool]:
    """Return of each cookie that somebody who comes in gets whether it is secure."""
    colleague, at = visitor(app), {"base_url": f"http://{host}"}
    fields = {"email": "sam@example.org", "password": PASSWORD}
    fields["csrf_token"] = token(colleague.get("/desk/sign-in", **at))
    came_in = colleague.post("/desk/sign-in", data=fields, **at)
    set_cookies = came_in.headers.getlist("Set-Cookie")
    assert {one.partition("=")[0] for one in set_cookies} == {"postbag_desk", "postbag_known"}
    return ["; Secure" in one for one in set_cookies]


def test_an_invitation_leads_to_it(make: Make):
    colleague = visitor(make())
    sign_in(colleague)

    people = "/desk/people"
    page = press(colleague, people, people, email="dot@example.org", name="Dot", role="editor")

    link = soup(page).find(id="link").get_text(strip=True)
    assert link.startswith(f"{DESK}/desk/invitation/")


def test_an_invitation_from_the_command_line_leads_to_it(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    make()
    monkeypatch.setenv("POSTBAG_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("POSTBAG_SITE_URL", SITE)
    monkeypatch.setenv("POSTBAG_DESK_URL", f"{DESK}/")

    done = CliRunner().invoke(main, ["staff", "add", "dot@example.org", "--role", "editor"])

    assert f"\n{DESK}/desk/invitation/" in done.output


def test_digests_and_the_private_feed_lead_to_it(make: Make):
    app = make(desk_url=f"{DESK}/")
    feed = feed_of(app)
    colleague = visitor(app)
    sign_in(colleague)
    page = colleague.get(NOTIFICATIONS)

    assert desk_address(app.extensions["postbag.settings"]) == f"{DESK}/desk/questions"
    assert f"{DESK}/desk/notifications.atom" in page.text
    assert SITE not in soup(page).main.get_text()
    assert {link.get("rel"): link.get("href") for link in feed.findall("a:link", ATOM)} == {
        "self": f"{DESK}/desk/notifications.atom",
        "alternate": f"{DESK}/desk/questions",
    }


def test_a_private_feed_stays_the_same_when_the_desk_moves(make: Make):
    app = make(desk_url="")
    before = feed_of(app).findtext("a:id", namespaces=ATOM)
    settings = app.extensions["postbag.settings"]

    app.extensions["postbag.settings"] = settings.model_copy(update={"desk_url": DESK})

    assert feed_of(app).findtext("a:id", namespaces=ATOM) == before


def feed_of(app: Flask) -> Element:
    """Open a private feed, and return what it says."""
    colleague = visitor(app)
    sign_in(colleague)
    page = press(colleague, NOTIFICATIONS, f"{NOTIFICATIONS}/feed")
    login = ("sam@example.org", soup(page).find(id="feed-password").get_text())
    return tree_of(visitor(app).get("/desk/notifications.atom", auth=login).data)


def test_what_is_public_keeps_the_sites_address_wherever_it_is_visited(make: Make):
    page = visitor(make()).get("/about", base_url=DESK)

    assert soup(page).find("link", rel="canonical")["href"] == f"{SITE}/about"
    assert DESK not in page.text
