"""Files that are sent from a browser: with pieces and progress, and whole without JavaScript."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.browser.pages import sign_in
from tests.browser.stage import Stage, raised_stage
from tests.studio.uploads.sending import a_draft
from tests.studio.uploads.studio_site import PIECE, film

MEGABYTES = 4
UPLOADS = "**/desk/uploads/*"
PATIENCE = 30_000


@pytest.fixture(scope="module")
def stage(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with raised_stage(browser, tmp_path_factory.mktemp("stage")) as made:
        yield made


@pytest.fixture(scope="module")
def film_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of five pieces."""
    path = tmp_path_factory.mktemp("films") / "film.mp4"
    path.write_bytes(b"".join(film(MEGABYTES)))
    return path


@pytest.fixture
def path(stage: Stage) -> str:
    """The path of the page with the files of a new draft."""
    with stage.app.app_context():
        return f"/desk/episodes/{a_draft()}/files"


@pytest.fixture
def page(stage: Stage, path: str) -> Iterator[Page]:
    page = stage.open(path)
    yield page
    page.close()


def choose(page: Page, file: Path) -> None:
    page.get_by_label("Add a video or sound").set_input_files(file)
    page.locator("#f-media").get_by_role("button", name="Send it").click()


def offsets(page: Page) -> list[int]:
    """Return a list of where each piece begins, as they are sent."""
    sent: list[int] = []

    def note(request: Request) -> None:
        if request.method == "PATCH":
            sent.append(int(request.headers["upload-offset"]))

    page.on("request", note)
    return sent


def leave(page: Page, path: str) -> None:
    """Load the page anew, although a file is on its way."""
    page.unroute_all()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(path)


def expect_broken(page: Page) -> None:
    expect(page.get_by_text("The connection is broken.")).to_be_visible(timeout=PATIENCE)


def expect_kept(page: Page) -> None:
    expect(page.locator("#f-media")).to_contain_text("plays first", timeout=PATIENCE)
    expect(page.locator("#f-media")).to_contain_text("video.mp4")


def test_a_film_is_sent_in_pieces(page: Page, film_file: Path):
    sent = offsets(page)

    choose(page, film_file)

    expect(page.get_by_role("status").first).to_contain_text("It is there.", timeout=PATIENCE)
    expect_kept(page)
    assert sent == [number * PIECE for number in range(MEGABYTES + 1)]


def test_a_connection_that_breaks_loses_nothing(page: Page, film_file: Path):
    sent, broken = offsets(page), []

    def break_one(route: Route) -> None:
        is_third = route.request.headers.get("upload-offset") == str(2 * PIECE)
        if is_third and len(broken) < 2:
            broken.append(1)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(
        UPLOADS,
        lambda route: break_one(route) if route.request.method == "PATCH" else route.continue_(),
    )
    choose(page, film_file)
    expect_broken(page)

    expect_kept(page)
    assert sent.count(2 * PIECE) == 3
    assert sent.count(0) == 1


def test_who_pauses_or_reloads_sends_only_what_is_missing(page: Page, path: str, film_file: Path):
    held: list[Route] = []

    def hold(route: Route) -> None:
        is_held = route.request.headers.get("upload-offset") == str(3 * PIECE)
        held.append(route) if is_held else route.continue_()

    page.route(UPLOADS, hold)
    with page.expect_request(lambda one: one.headers.get("upload-offset") == str(3 * PIECE)):
        choose(page, film_file)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("It can go on tomorrow as well.")).to_be_visible()
    held[0].continue_()
    leave(page, path)
    expect(page.get_by_text("choose the same file again")).to_be_visible()
    sent = offsets(page)

    choose(page, film_file)

    expect_kept(page)
    assert sent[0] >= 3 * PIECE


def test_another_file_of_the_same_name_and_size_is_not_mixed_with_the_first(
    page: Page, path: str, film_file: Path, tmp_path: Path
):
    def hold(route: Route) -> None:
        if route.request.headers.get("upload-offset") == str(2 * PIECE):
            route.abort()
        else:
            route.continue_()

    page.route(UPLOADS, hold)
    choose(page, film_file)
    expect_broken(page)
    leave(page, path)
    data = bytearray(film_file.read_bytes())
    data[1000:1100] = b"x" * 100
    other = tmp_path / "film.mp4"
    other.write_bytes(data)
    sent = offsets(page)

    choose(page, other)

    expect_kept(page)
    assert sent[0] == 0
    expect(page.get_by_text("On their way")).not_to_be_visible()


def test_what_is_refused_says_why_and_another_can_be_chosen(page: Page, tmp_path: Path):
    wrong = tmp_path / "film.mp4"
    wrong.write_bytes(b"\x1a\x45\xdf\xa3" + bytes(2000))

    choose(page, wrong)

    told = page.locator(".c-told .is-problem")
    expect(told).to_contain_text("film.mp4: It is a WebM or Matroska video.", timeout=PATIENCE)
    expect(page.get_by_text("Refused", exact=True)).to_be_visible()
    expect(page.locator("#f-media").get_by_role("button", name="Send it")).to_be_visible()


def test_who_stops_it_leaves_nothing(page: Page, film_file: Path):
    page.route(
        UPLOADS,
        lambda route: route.abort() if route.request.method == "PATCH" else route.continue_(),
    )
    choose(page, film_file)
    expect_broken(page)

    page.get_by_role("button", name="Stop it").click()

    expect(page.locator("progress")).to_have_count(0)
    expect(page.get_by_text("On their way")).not_to_be_visible()


def test_without_javascript_it_is_sent_whole(
    browser: Browser, stage: Stage, path: str, film_file: Path
):
    context = browser.new_context(base_url=stage.site, java_script_enabled=False)
    page = context.new_page()
    sign_in(page)
    page.goto(path)

    choose(page, film_file)

    expect(page.get_by_role("status").first).to_contain_text("It is there")
    expect_kept(page)
    context.close()
