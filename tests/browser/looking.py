"""What is looked for on every page: by axe, with Tab, and on a narrow screen."""

from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page

from tests.browser.visits import run

AXE = Path(__file__).with_name("vendor").joinpath("axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (1280, 360)
RULES = {  # in the dark, the colours alone are others
    "light": {"type": "tag", "values": TAGS},
    "dark": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
MOST_PRESSES = 600
AT_ONCE = 10


class Walk(NamedTuple):
    """Where Tab should stop, where it stopped, and what was wrong there."""

    stops: list[str]
    visited: list[str]
    faults: list[str]


def walk(page: Page, key: str) -> Walk:
    """Press a key until focus has left the page at its other end."""
    stops = run(page, "walk", key)
    run(page, "settled")
    log = {"visited": [], "faults": []}
    for _ in range(MOST_PRESSES // AT_ONCE):
        for _ in range(AT_ONCE):
            page.keyboard.press(key)
        log = page.evaluate("window.walkOfTest.log()")
        if "" in log["visited"]:
            break
    page.evaluate("window.walkOfTest.end()")
    visited = [*log["visited"], ""]
    return Walk(stops, visited[: visited.index("")], log["faults"])


def findings(page: Page) -> list[str]:
    """Return what axe finds, in every look, as lines for a person."""
    page.evaluate(AXE)
    run(page, "open_everything")
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme, rules in RULES.items():
            page.emulate_media(color_scheme=scheme)
            options = {"runOnly": rules, "resultTypes": ["violations"]}
            result = page.evaluate("(options) => axe.run(document, options)", options)
            found += [
                f"{width} {scheme}: {violation['id']}: {node['target']}: {node['failureSummary']}"
                for violation in result["violations"]
                for node in violation["nodes"]
            ]
    return found


def torn(page: Page) -> list[str]:
    """Return what lies beside the page, is cut off, or lies on something else."""
    return [line for rule in ("outside", "clipped", "overlapping") for line in run(page, rule)]
