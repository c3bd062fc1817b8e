"""What a visit loads: little, from one host, and without anything jumping about."""

import pytest

from tests.browser.pages import PUBLIC
from tests.browser.visits import Visit
from tests.browser.weighing import desk_allowance, over_budget, weights

ONE_PIXEL = 1
AT_MOST = 30  # hovered and focused, of those that a page has

visitors = pytest.mark.parametrize("visit", PUBLIC, indirect=True, ids=lambda kind: kind.name)


@visitors
def test_a_visit_asks_no_other_host_on_load_hover_focus_and_print(visited: Visit, site: str):
    page = visited.page
    for element in page.locator("a, button, summary, input, video").all()[:AT_MOST]:
        if element.is_visible():
            element.hover(force=True)
            element.focus()
    page.emulate_media(media="print")
    page.evaluate("new Promise((done) => requestAnimationFrame(done))")

    addresses = [request.url for request in visited.requests]
    assert [url for url in addresses if not url.startswith((f"{site}/", "data:"))] == []


@visitors
def test_a_visit_leaves_nothing_in_the_browser(visited: Visit):
    kept = "localStorage.length + sessionStorage.length"

    assert visited.context.cookies() == []
    assert visited.page.evaluate(kept) == 0
    assert visited.page.evaluate("indexedDB.databases().then((all) => all.length)") == 0
    assert visited.page.evaluate("caches.keys().then((all) => all.length)") == 0


def test_nothing_is_refused_by_the_policy_and_no_script_fails(visited: Visit):
    assert visited.problems == []


def test_nothing_jumps_when_the_fonts_arrive(visit: Visit):
    """Cumulative Layout Shift rounds to 0, with fonts that come after the first paint.

    The stand-ins are as wide as the fonts to within a per cent, so a word may end a few pixels
    further on; no line may go up or down.
    """
    jumped = [
        one for shift in visit.shifts for one in shift["moved"] if abs(one["down"]) >= ONE_PIXEL
    ]

    assert jumped == []
    assert round(sum(shift["value"] for shift in visit.shifts), 2) == 0


def test_a_page_stays_within_its_budget(visit: Visit):
    weight = weights(visit)
    more = desk_allowance(visit) if visit.kind.name == "sign-in" else {}

    assert over_budget(weight, more) == {}
    assert weight["stylesheet"] > 0
    assert weight["font"] > 0
