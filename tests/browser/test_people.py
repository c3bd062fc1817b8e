"""Coming in, in a real browser: codes, passkeys, codes on paper; and axe on every page."""

import re
from base64 import b32decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.looking import findings
from tests.serving import NO_LIMITS, PASSWORD, free_port, start_demo
from tests.staff.members import code_of

ACCOUNT = "/desk/account"
FACTORS = f"{ACCOUNT}/second-factors"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def named_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a demonstration of its own that has a name: passkeys are bound to one."""
    port = free_port()
    url = f"http://localhost:{port}"
    instance = tmp_path_factory.mktemp("people") / "instance"
    server = start_demo(instance, port, POSTBAG_DESK_URL=url, **NO_LIMITS)
    yield url
    server.terminate()
    server.communicate(timeout=40)


@pytest.fixture
def owner(browser: Browser, named_site: str) -> Iterator[BrowserContext]:
    """The owner, signed in by password."""
    context = browser.new_context(base_url=named_site)
    enter(context.new_page())
    yield context
    context.close()


@pytest.fixture
def dot(browser: Browser, owner: BrowserContext, named_site: str) -> Iterator[Page]:
    """Somebody new, who has come by an invitation, with a device that makes passkeys."""
    context = browser.new_context(base_url=named_site)
    page = context.new_page()
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page.goto(invite(owner, "Dot"))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Come in").click()
    page.get_by_role("heading", name="Questions", level=1).wait_for()
    yield page
    context.close()
    let_go(owner, "Dot")


def enter(page: Page, email: str = "owner@example.org") -> None:
    """Sign in by password; whoever has a second factor comes to the second step."""
    page.goto("/desk/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(re.compile(r"/desk/(questions|sign-in/second)"))


def leave(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in to the desk").wait_for()


def invite(owner: BrowserContext, name: str) -> str:
    """Invite somebody and return the path of their link."""
    page = owner.new_page()
    page.goto("/desk/people")
    page.get_by_label("E-mail address").fill(f"{name.lower()}@example.org")
    page.get_by_label("Name at the desk").fill(name)
    page.get_by_label("Editor").check()
    page.get_by_role("button", name="Make their link").click()
    link = page.locator("#link").inner_text()
    page.close()
    return link[link.index("/desk/") :]


def let_go(owner: BrowserContext, name: str) -> None:
    page = owner.new_page()
    page.goto("/desk/people")
    page.get_by_role("link", name=f"Let go… {name}").click()
    page.get_by_role("button", name=f"Let {name} go").click()
    expect(page.get_by_role("status")).to_contain_text(f"{name} has left the desk.")
    page.close()


def set_up_app(page: Page) -> bytes:
    """Set an app up from what the page shows, and return its secret."""
    page.goto(FACTORS)
    page.get_by_role("link", name="Set up an app").click()
    secret = b32decode(page.locator("#secret").inner_text().replace(" ", ""))
    page.get_by_label("Six digits").fill(code_of(secret))
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("status")).to_contain_text("Your app is set up.")
    return secret


def add_passkey(page: Page) -> None:
    page.goto(FACTORS)
    page.get_by_label("Name of the new one").fill("phone")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("status").first).to_contain_text("The passkey phone is added.")


def is_at_the_desk(page: Page) -> None:
    expect(page.get_by_role("heading", name="Questions", level=1)).to_be_visible()


def test_a_code_from_an_app_lets_in_after_the_password(dot: Page):
    secret = set_up_app(dot)
    leave(dot)

    enter(dot, "dot@example.org")
    dot.get_by_label("Code").fill(code_of(secret, later=30))  # the one of now is used up
    dot.get_by_role("button", name="Sign in", exact=True).click()

    is_at_the_desk(dot)


def test_a_code_on_paper_lets_in_where_the_app_is_lost(dot: Page):
    set_up_app(dot)
    dot.get_by_role("button", name="Make recovery codes").click()
    code = dot.locator("#codes li").first.inner_text()
    leave(dot)

    enter(dot, "dot@example.org")
    dot.get_by_label("Code").fill(code)
    dot.get_by_role("button", name="Sign in", exact=True).click()

    is_at_the_desk(dot)


def test_a_passkey_lets_in_after_the_password(dot: Page):
    add_passkey(dot)
    leave(dot)

    enter(dot, "dot@example.org")
    dot.get_by_role("button", name="Use a passkey").click()

    is_at_the_desk(dot)


def test_a_passkey_lets_in_without_a_password(dot: Page):
    add_passkey(dot)
    leave(dot)

    dot.get_by_role("button", name="Sign in with a passkey").click()

    is_at_the_desk(dot)


def test_a_passkey_shows_that_it_is_still_the_same_person(dot: Page):
    add_passkey(dot)
    dot.goto(f"/desk/confirm?next={ACCOUNT}")

    dot.get_by_role("button", name="Use a passkey").click()

    expect(dot.get_by_role("heading", name="Your account", level=1)).to_be_visible()


def test_a_passkey_that_is_removed_lets_nobody_in(dot: Page):
    add_passkey(dot)
    dot.get_by_role("link", name="Remove… phone").click()
    dot.get_by_role("button", name="Remove it").click()
    leave(dot)

    dot.get_by_role("button", name="Sign in with a passkey").click()

    expect(dot.get_by_role("alert")).to_contain_text("The passkey did not fit.")


def test_a_device_is_not_added_twice(dot: Page):
    add_passkey(dot)

    dot.get_by_label("Name of the new one").fill("phone again")
    dot.get_by_role("button", name="Add a passkey").click()

    expect(dot.locator("[data-js=passkey-said]")).to_contain_text("has a passkey for this account")


def test_without_a_name_or_javascript_there_is_the_other_way(browser: Browser, named_site: str):
    context = browser.new_context(base_url=named_site, java_script_enabled=False)
    page = context.new_page()

    enter(page)
    page.goto(FACTORS)

    expect(page.get_by_role("button", name="Add a passkey")).to_be_hidden()
    expect(page.get_by_text("To add one, this browser needs JavaScript")).to_be_visible()
    page.goto("/desk/sign-in")
    context.close()


def test_axe_finds_nothing_on_any_page_about_people(dot: Page, owner: BrowserContext):
    page = owner.new_page()
    page.emulate_media(reduced_motion="reduce")
    dot.emulate_media(reduced_motion="reduce")
    for path in ("/desk/people", "/desk/people/1/link", ACCOUNT, f"{FACTORS}/app", "/desk/confirm"):
        page.goto(path)
        assert findings(page) == [], path
    page.goto(ACCOUNT)
    page.get_by_label("Words per minute").fill("9")
    page.get_by_role("button", name="Save").click()
    assert findings(page) == []
    add_passkey(dot)
    assert findings(dot) == []
    dot.get_by_role("button", name="Make recovery codes").click()
    assert findings(dot) == []
    leave(dot)
    enter(dot, "dot@example.org")
    assert findings(dot) == []


def test_axe_finds_nothing_on_an_invitation(
    browser: Browser, owner: BrowserContext, named_site: str
):
    context = browser.new_context(base_url=named_site)
    page = context.new_page()
    page.emulate_media(reduced_motion="reduce")
    page.goto(invite(owner, "Bea"))
    assert findings(page) == []
    page.get_by_role("button", name="Come in").click()
    assert findings(page) == []
    context.close()
    let_go(owner, "Bea")


def test_no_page_about_people_asks_another_host_for_anything(
    owner: BrowserContext, named_site: str
):
    page = owner.new_page()
    hosts = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    for path in ("/desk/people", ACCOUNT, FACTORS, f"{FACTORS}/app"):
        page.goto(path)

    assert hosts == {named_site.removeprefix("http://")}


def test_the_pages_fit_a_narrow_screen(owner: BrowserContext, tmp_path: Path):
    page = owner.new_page()
    page.set_viewport_size({"width": 320, "height": 640})
    for path in ("/desk/people", ACCOUNT, FACTORS, f"{FACTORS}/app"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
