"""One visit per page kind, which many checks share."""

from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Route

from tests.browser.pages import PageKind

CHECKS = Path(__file__).with_name("checks")
FONT_DELAY = 200  # milliseconds, long enough for a first paint in the stand-ins
AT_REST = {"width": 1280, "height": 800}
NO_WISHES: dict[str, Any] = {
    "media": "null",
    "color_scheme": "null",
    "reduced_motion": "null",
    "forced_colors": "null",
}


def source(name: str) -> str:
    """Return a script of checks/."""
    return CHECKS.joinpath(f"{name}.js").read_text(encoding="utf-8")


def run(page: Page, name: str, argument: object = None) -> Any:
    """Return what a check of checks/ answers on a page."""
    body = source(name).rstrip().removesuffix(";")
    return page.evaluate(
        f"(given) => {{ {source('shared')}\nreturn ({body}\n)(given); }}", argument
    )


class Visit:
    """A page kind in a browser, and what happened on the way to it."""

    def __init__(self, context: BrowserContext, kind: PageKind) -> None:
        self.kind = kind
        self.context = context
        self.requests: list[Request] = []
        self.problems: list[str] = []
        context.add_init_script(source("shifts"))
        context.route("**/*.woff2", _late)
        self.page = context.new_page()
        self.page.on("request", self._note)
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        kind.reach(self.page)
        self.page.wait_for_load_state("load")
        run(self.page, "settled")
        self.shifts: list[dict[str, Any]] = self.page.evaluate("shiftsSeenByTest()")
        self.address = self.page.url
        self.html = self._served()

    def as_it_came(self) -> None:
        """Put the page back to how a visitor finds it."""
        self.page.set_viewport_size(AT_REST)
        self.page.emulate_media(**NO_WISHES)
        self.page.mouse.move(0, 0)
        run(self.page, "as_it_came")

    def _served(self) -> str:
        """Return the HTML as it was served, before any script touched it."""
        pages = [request for request in self.requests if request.is_navigation_request()]
        answer = pages[-1].response()
        assert answer is not None
        return answer.text()

    def _note(self, request: Request) -> None:
        self.requests.append(request)

    def _listen(self, message: ConsoleMessage) -> None:
        # A page that says no, says it with a status, and the browser notes that.
        if message.type == "error" and "server responded with a status of 4" not in message.text:
            self.problems.append(message.text)


def _late(route: Route) -> None:
    route.request.frame.page.wait_for_timeout(FONT_DELAY)
    route.continue_()
