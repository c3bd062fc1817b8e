"""Bundles at the desk, in forms alone: out with a button, in by a plan."""

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.pages import heading, main_state, soup
from tests.questions.asking import visitor
from tests.staff.members import add_staff, press, sign_in, token
from tests.transfer.test_arriving import pack, work
from tests.transfer.test_exporting import files_in
from tests.transfer.test_folders import edit
from tests.transfer.test_planning import stands, there
from webapp import clock, storage
from webapp.episodes.queries import find_published_id
from webapp.transfer.arriving import folder_of, forget_files
from webapp.transfer.importing import import_bundle

HERE = "/desk/transfer"

T = TypeVar("T")


@pytest.fixture
def editor(app: Flask) -> FlaskClient:
    add_staff(app, name="Edith", role="editor")
    client = visitor(app)
    sign_in(client, email="edith@example.org")
    return client


@pytest.fixture(autouse=True)
def house(app: Flask) -> Iterator["House"]:
    """What the tests do beside the pages."""
    yield House(app)
    with app.app_context():
        for folder in folder_of(UUID(int=0)).parent.glob("*"):
            forget_files(UUID(folder.name))


class House:
    """Calls what it is asked for inside the app's context, where no page is answered."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def do(self, what: Callable[..., T], *given: object) -> T:
        with self._app.app_context():
            return what(*given)


def find() -> int | None:
    """Return the id of the show's episode."""
    return find_published_id(storage.read(), "getting-to-yes")


def change(before: str, after: str) -> None:
    """Change the show's episode on the site."""
    edit(storage.read(), before, after)


def send(client: FlaskClient, folder: Path, tmp_path: Path) -> TestResponse:
    """Send a folder as a zip through the form."""
    pack(folder, tmp_path / "sent.zip")
    form = soup(client.get(HERE)).select_one("form[enctype='multipart/form-data']")
    file = (io.BytesIO((tmp_path / "sent.zip").read_bytes()), "my show.zip")
    hidden = {one["name"]: one["value"] for one in form.select("input[type=hidden]")}
    return client.post(form["action"], data={**hidden, "bundle": file})


def test_the_whole_show_is_exported_by_a_button(editor: FlaskClient, house: House, show: Path):
    house.do(import_bundle, show)

    answer = press(editor, HERE, f"{HERE}/export")

    assert answer.status_code == 200
    assert answer.content_type == "application/zip"
    assert answer.headers["Cache-Control"] == "no-store"
    name = f"show-{clock.today()}.zip"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert {each: archive.read(each) for each in archive.namelist()} == files_in(show)


def test_one_episode_is_exported_alone(editor: FlaskClient, house: House, show: Path):
    house.do(import_bundle, show)
    episode = house.do(find)
    held = token(editor.get(HERE))

    answer = editor.post(f"/desk/episodes/{episode}/export", data={"csrf_token": held})
    stale = editor.post(f"/desk/episodes/{episode}/export", data={"csrf_token": "stale"})
    unknown = editor.post("/desk/episodes/999999/export", data={"csrf_token": held})

    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert {name.split("/")[1] for name in archive.namelist()} == {"getting-to-yes"}
    assert answer.headers["Content-Disposition"].endswith("filename=getting-to-yes.zip")
    assert stale.location == f"/desk/episodes/{episode}"
    assert unknown.status_code == 404


def test_nothing_is_exported_where_there_is_nothing(editor: FlaskClient, house: House):
    answer = press(editor, HERE, f"{HERE}/export")

    assert answer.status_code == 422
    assert "There is nothing to export yet." in answer.text
    assert editor.post(f"{HERE}/export", data={"csrf_token": "stale"}).status_code == 422


def test_a_bundle_is_brought_looked_at_and_taken_in(
    editor: FlaskClient, house: House, show: Path, tmp_path: Path
):
    sent = send(editor, show, tmp_path)
    page = editor.get(sent.location)
    assert (sent.status_code, main_state(page)) == (302, "arrived")
    assert soup(page).find("a", string="Look again")["href"] == sent.location

    house.do(work)
    page = editor.get(sent.location)
    assert heading(page) == "What it would change"
    assert "episodes/getting-to-yes" in page.text
    assert soup(page).find("a", string="Look again") is None
    taken = press(editor, sent.location, f"{sent.location}/take-in")
    assert taken.location == sent.location
    assert main_state(editor.get(sent.location)) == "running"

    house.do(work)
    assert main_state(editor.get(sent.location)) == "done"
    assert editor.get("/episodes/getting-to-yes").status_code == 200
    ways = [one["href"] for one in soup(editor.get(sent.location)).select("main p a")]
    assert "/desk/episodes" in ways
    listed = soup(editor.get(HERE)).select_one(f"main a[href='{sent.location}']")
    assert listed.get_text() == "my show.zip"


def test_a_bundle_that_changes_nothing_can_only_be_discarded(
    editor: FlaskClient, house: House, show: Path, tmp_path: Path
):
    house.do(import_bundle, show)
    sent = send(editor, show, tmp_path).location
    house.do(work)

    page = soup(editor.get(sent))

    assert "Nothing here changes with it." in page.get_text()
    assert [one.get_text() for one in page.select("main form button")] == ["Discard it"]


def test_conflicts_are_chosen_field_by_field(
    editor: FlaskClient, house: House, show: Path, tmp_path: Path
):
    house.do(import_bundle, show)
    house.do(change, "Getting to yes", "Getting to no")
    house.do(change, "Short answer.", "Ours.")
    there(show, "Getting to yes", "Getting to <maybe>")
    there(show, "Short answer.", "Theirs.")
    sent = send(editor, show, tmp_path).location
    house.do(work)
    page = editor.get(sent)
    legends = [one.get_text(" ", strip=True) for one in soup(page).select("fieldset legend")]
    assert legends[:2] == [
        "episodes/getting-to-yes/index.md : title",
        "episodes/getting-to-yes/index.md : short answer",
    ]
    assert "Getting to &lt;maybe&gt;" in page.text

    half = press(editor, sent, f"{sent}/take-in", **{"side-0": "there"})
    assert half.status_code == 422
    assert soup(half).title.get_text().startswith("Error: ")
    assert soup(half).select_one("#side-0-there").has_attr("checked")

    assert press(
        editor, sent, f"{sent}/take-in", **{"side-0": "there", "rest": "here"}
    ).status_code == 302  # fmt: skip
    house.do(work)
    assert "Getting to <maybe>" in house.do(stands)
    assert "Ours." in house.do(stands)


def test_a_plan_that_is_no_longer_so_is_shown_anew(
    editor: FlaskClient, house: House, show: Path, tmp_path: Path
):
    sent = send(editor, show, tmp_path).location
    house.do(work)

    answer = press(editor, sent, f"{sent}/take-in", seen="2026-01-01T00:00:00+00:00")

    assert answer.status_code == 409
    assert "changed while you had it open" in answer.text
    assert main_state(answer) == "planned"


def test_a_refused_bundle_says_why_and_is_forgotten(
    editor: FlaskClient, house: House, show: Path, tmp_path: Path
):
    there(show, "season: 1", "seasn: 1")
    sent = send(editor, show, tmp_path).location
    house.do(work)
    page = editor.get(sent)
    assert main_state(page) == "refused"
    assert "episodes/getting-to-yes/index.md, line 7" in page.text

    gone = press(editor, sent, f"{sent}/discard")

    assert gone.location == HERE
    assert editor.get(sent).status_code == 404
    assert editor.post(f"{sent}/discard", data={"csrf_token": token(editor.get(HERE))}).location


@pytest.mark.parametrize(
    ("data", "words"),
    [(None, "Choose the zip of a bundle."), (b"%PDF-1.7", "This is no zip."), (b"", "no zip")],
)
def test_what_is_no_zip_is_said_at_once(
    editor: FlaskClient, house: House, data: bytes | None, words: str
):
    held = token(editor.get(HERE))
    file = {} if data is None else {"bundle": (io.BytesIO(data), "show.zip")}
    transfers = house.do(folder_of, UUID(int=0)).parent
    lay = set(transfers.glob("*"))

    answer = editor.post(
        HERE, data={"csrf_token": held, **file}, content_type="multipart/form-data"
    )

    assert answer.status_code == 422
    assert words in soup(answer).select_one("#bundle-error").get_text()
    assert set(transfers.glob("*")) == lay


def test_a_page_that_stood_for_too_long_does_nothing(
    editor: FlaskClient, house: House, show: Path, tmp_path: Path
):
    sent = send(editor, show, tmp_path).location
    house.do(work)

    stale = {"csrf_token": "stale"}
    assert editor.post(f"{sent}/take-in", data=stale).status_code == 422
    assert editor.post(f"{sent}/discard", data=stale).location == sent
    assert editor.post(HERE, data=stale).status_code == 422
    assert main_state(editor.get(sent)) == "planned"
