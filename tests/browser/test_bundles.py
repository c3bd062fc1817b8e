"""A bundle goes out, is changed on both sides, and comes in, with no JavaScript at all."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from tests.browser.looking import findings, torn
from tests.browser.pages import sign_in
from tests.browser.stage import Stage, raised_stage
from tests.transfer.test_exporting import EDITOR, INDEX
from webapp import storage
from webapp.episodes.bundle_files import text_file
from webapp.episodes.models import Episode
from webapp.studio.saving import change_files

PAGE = f"episodes/plus-one-minus-me/{INDEX}"
TITLE, OURS, THEIRS = "Plus one, minus me", "Plus one, ours", "Plus one, theirs"
PATIENCE = 60_000


@pytest.fixture(scope="module")
def stage(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with raised_stage(browser, tmp_path_factory.mktemp("stage")) as made:
        yield made


@pytest.fixture
def quiet(browser: Browser, stage: Stage) -> Iterator[Page]:
    """A page without JavaScript, of whoever is signed in."""
    context = browser.new_context(base_url=stage.site, java_script_enabled=False)
    page = context.new_page()
    sign_in(page)
    yield page
    context.close()


def change(before: str, after: str) -> None:
    """Change the episode on the site."""
    found = select(Episode.id).where(Episode.slug == "plus-one-minus-me")

    def changed(files):
        return {**files, INDEX: text_file(files[INDEX].text.replace(before, after, 1))}

    episode_id = storage.read().scalars(found).one()
    assert change_files(changed, episode_id=episode_id, actor=EDITOR) is not None


def with_change(path: Path, before: str, after: str, to: Path) -> Path:
    """Write the episode of a zip as another one with a changed page, and return where it lies."""
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(to, "w") as changed:
        for name in archive.namelist():
            if name.startswith(PAGE.removesuffix("index.md")):
                data = archive.read(name)
                is_page = name == PAGE
                changed.writestr(
                    name, data.replace(before.encode(), after.encode(), 1) if is_page else data
                )
    return to


def look_again(page: Page, heading: str) -> None:
    """Look again until the worker has come to it."""
    for _ in range(PATIENCE // 500):
        if page.get_by_role("heading", name=heading, level=1).count():
            return
        assert page.get_by_role("link", name="Look again").count(), page.inner_text("main")
        page.get_by_role("link", name="Look again").click()
        page.wait_for_load_state()
        page.wait_for_timeout(500)
    raise AssertionError(f"the page never said: {heading}")


def test_a_bundle_goes_out_and_in_and_what_both_changed_is_chosen(
    stage: Stage, quiet: Page, tmp_path: Path
):
    page = quiet
    page.goto("/desk/episodes")
    page.get_by_role("link", name="Bundles").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export the show").click()
    download.value.save_as(tmp_path / "show.zip")
    sent = with_change(tmp_path / "show.zip", TITLE, THEIRS, tmp_path / "changed.zip")
    with stage.app.app_context():
        change(TITLE, OURS)

    page.get_by_label("The bundle, as a zip").set_input_files(sent)
    page.get_by_role("button", name="Look at it").click()
    look_again(page, "What it would change")
    plan = page.url
    for width in (1280, 360):
        seen = stage.context.new_page()
        seen.emulate_media(reduced_motion="reduce")
        seen.set_viewport_size({"width": width, "height": 800})
        seen.goto(plan)
        assert findings(seen) == []
        assert torn(seen) == []
        seen.goto("/desk/transfer")
        assert findings(seen) == []
        seen.close()
    page.get_by_role("button", name="Take it in").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose which to keep.")
    page.get_by_label("Take what is in the bundle").first.check()
    page.get_by_role("button", name="Take it in").click()
    look_again(page, "Taken in")

    page.goto("/episodes/plus-one-minus-me")
    expect(page.get_by_role("heading", level=1)).to_have_text(THEIRS)


def test_a_page_that_waits_shows_by_itself_what_became_of_it(stage: Stage, tmp_path: Path):
    (tmp_path / "no.zip").write_bytes(b"PK and nothing more")
    page = stage.context.new_page()
    page.emulate_media(reduced_motion="reduce")
    page.goto("/desk/transfer")
    page.get_by_label("The bundle, as a zip").set_input_files(tmp_path / "no.zip")
    page.get_by_role("button", name="Look at it").click()

    expect(page.get_by_role("heading", name="Refused")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("This is no zip that can be read whole.")).to_be_visible()
    assert findings(page) == []
    page.get_by_role("button", name="Discard it").click()
    expect(page.get_by_role("status").first).to_contain_text("Discarded.")
    page.close()
