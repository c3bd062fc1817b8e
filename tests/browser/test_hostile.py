"""A show that is out for harm, in a real browser: none of it runs, none of it breaks a page."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import hostile

EPISODE = "/episodes/hostile"
PAGES = (
    *("/", "/episodes", "/episodes?season=1&topic=topic", "/topics/topic", "/people/someone"),
    *("/about", "/privacy", "/help", "/ask?about=hostile", "/my-question", "/nowhere"),
    *(EPISODE, f"{EPISODE}/embed", "/episodes/srt", "/episodes/closed", "/episodes/closed/embed"),
    *(f"/search?q={quote(attack, safe='')}" for attack in hostile.ATTACKS[:4]),
    f"/search?q=wwww%20{quote(hostile.ATTACKS[1])}",
    f"/{quote(hostile.ATTACKS[0], safe='')}",
)
FRAGMENTS = (
    *(
        "t=<script>alert(1)</script>",
        "t=1e9",
        "t=-1",
        "t=NaN",
        "t=999999",
        "t=99999999999999999999",
    ),
    *('part-"]', "%E0%A4%A", "constructor", "__proto__", "toString", ":not(*)", "a,b>c~d", "\\"),
    *("part-alert", "part-location", "part-constructor", "part-t=5", "t=5", "main", "javascript:"),
    *(
        "alert(1)",
        "<img src=x onerror=alert(1)>",
        "part-alert'",
        "page-resources%00",
        "hostile.note-1",
    ),
    *("hostile.sub-cookie", ":~:text=alert", "t=5:~:text=script", "'-alert(1)-'", "//evil.example"),
)
KEPT = (
    *('"><script>alert(1)</script>', "Infinity", "1e999", "-1", "NaN", "null", "{}", "[[]]", ""),
    *("0x10", "9" * 400, '["__proto__"]', "constructor", "\u202e\u0000", "9007199254740993"),
)
WATCH = """
window.seen = [];
for (const name of ["alert", "confirm", "prompt", "open"]) {
  window[name] = (...given) => { seen.push(name + "(" + given + ")"); };
}
addEventListener("securitypolicyviolation", (event) => {
  seen.push("policy: " + event.violatedDirective + " " + event.blockedURI);
});
"""


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("hostile")
    bundle = hostile.write_hostile(folder / "show")
    with hostile.served(bundle, folder / "instance") as site:
        yield site


class Watched:
    """A page of a visitor, and everything on it that should not have happened."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        context.add_init_script(WATCH)
        self.site = site
        self.problems: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        self.page.on("dialog", lambda dialog: self.problems.append(f"dialog: {dialog.message}"))
        self.page.on("console", lambda said: self._listen(said.type, said.text))
        self.page.on("request", lambda request: self._look(request.url))

    def visit(self, path: str) -> Page:
        """Go to a path and give everything time to happen."""
        self.page.goto(f"{self.site}{path}")
        self.settle()
        return self.page

    def settle(self) -> None:
        """Let a frame be drawn, and what comes after it be done."""
        self.page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")

    def found(self) -> list[str]:
        """Return what happened, and what ran."""
        return [*self.problems, *self.page.evaluate("window.seen")]

    def _listen(self, kind: str, words: str) -> None:
        if kind == "error" and "server responded with a status of 4" not in words:
            self.problems.append(f"console: {words}")

    def _look(self, address: str) -> None:
        if not address.startswith(f"{self.site}/"):
            self.problems.append(f"request: {address}")


@pytest.fixture
def watched(browser: Browser, hostile_site: str) -> Iterator[Watched]:
    context = browser.new_context(base_url=hostile_site)
    yield Watched(context, hostile_site)
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_nothing_of_it_runs_and_no_page_breaks(watched: Watched, path: str):
    page = watched.visit(path)
    for box in page.locator("details > summary").all():
        box.click()

    expect(page.locator("h1")).to_be_visible()
    assert page.locator("script:not([src]):not([type='application/ld+json'])").count() == 0
    assert watched.found() == []


def test_every_control_of_the_page_still_works(watched: Watched):
    page = watched.visit(EPISODE)
    page.get_by_role("button", name="Keep my ticks").first.click()
    page.locator(".checklist input").first.check()
    page.get_by_label("Your question").fill(hostile.said("question"))

    assert page.get_by_text("characters left").count() == 1
    page.locator("[data-js=seek]").first.click()
    assert page.url.endswith("#t=0")
    kept = page.evaluate("localStorage.getItem('postbag:ticks:hostile')")
    assert kept.startswith('["hostile.check-')
    assert watched.found() == []


def test_ids_of_the_text_take_no_name_that_scripts_use(watched: Watched):
    page = watched.visit(EPISODE)

    # `window.alert` and `document.location` can be taken over by elements that are called so.
    mine = page.evaluate(
        "[...document.querySelectorAll('[id],[name]')].map((one) => one.id || one.name)"
    )
    assert {
        name for name in mine if name in {"alert", "location", "cookie", "constructor"}
    } == set()
    assert (
        page.evaluate("document.location === window.location && typeof document.cookie") == "string"
    )
    assert page.locator("#main").count() == 1


@pytest.mark.parametrize("path", [EPISODE, "/episodes/closed", "/help", "/search?q=wwww"])
def test_no_fragment_runs_or_breaks_anything(watched: Watched, path: str):
    page = watched.visit(path)
    for fragment in FRAGMENTS:
        page.evaluate("(there) => { location.hash = there; }", fragment)
    watched.settle()

    assert watched.found() == []


def test_no_link_with_a_fragment_runs_or_breaks_anything(watched: Watched):
    for fragment in FRAGMENTS:
        watched.visit("/robots.txt")
        watched.visit(f"{EPISODE}#{fragment}")
        assert watched.found() == [], fragment


@pytest.mark.parametrize("name", ["place", "ticks"])
def test_whatever_lies_in_the_browsers_drawer_breaks_nothing(watched: Watched, name: str):
    for kept in KEPT:
        page = watched.visit("/robots.txt")
        given = {"key": f"postbag:{name}:hostile", "kept": kept}
        page.evaluate("({key, kept}) => localStorage.setItem(key, window.name = kept)", given)
        page = watched.visit(EPISODE)
        page.evaluate("document.querySelector('video').dispatchEvent(new Event('loadedmetadata'))")
        assert watched.found() == [], kept
        button = page.get_by_role("button", name="Clear my ticks" if name == "ticks" else "Forget")
        expect(button.first).to_be_visible()


def test_a_page_without_javascript_shows_it_all_as_text(browser: Browser, hostile_site: str):
    context = browser.new_context(base_url=hostile_site, java_script_enabled=False)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    for path in PAGES:
        page.goto(path)
        expect(page.locator("h1")).to_be_visible()
        assert page.url == f"{hostile_site}{path}"
    context.close()

    assert {address for address in asked if not address.startswith(f"{hostile_site}/")} == set()
