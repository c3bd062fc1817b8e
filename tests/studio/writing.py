"""Writing an episode in tests, as a browser would."""

from collections.abc import Mapping

from flask import g
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.moderation.clustering import EDITH
from tests.pages import soup
from webapp import storage
from webapp.episodes.bundle_files import Files, list_files, text_file
from webapp.episodes.models import Episode
from webapp.storage.history import Actor
from webapp.studio.models import UnsavedPage
from webapp.studio.revisions import INDEX
from webapp.studio.saving import change_files
from webapp.studio.starting import start_draft

OLU = Actor("Olu", "editor", 77)
BODY = "Knock first.\n\n## One {#one}\n\nThen wait.\n\n## Two {#two}\n\nThen talk.\n"


def draft(body: str = BODY) -> int:
    episode_id = storage.write(start_draft, actor=EDITH, title="Thin walls", season=1)
    change(episode_id, "---\n\n", f"---\n{body}") if body else None
    return episode_id


def change(episode_id: int, old: str, new: str) -> None:
    def edit(files: Files) -> Files:
        assert old in files[INDEX].text
        return {**files, INDEX: text_file(files[INDEX].text.replace(old, new, 1))}

    change_files(edit, episode_id=episode_id, actor=OLU)


def index_of(episode_id: int) -> str:
    storage.read().rollback()
    slug = storage.read().get_one(Episode, episode_id, populate_existing=True).slug
    return list_files(storage.read(), folder=f"episodes/{slug}/")[INDEX].text


def unsaved(episode_id: int) -> UnsavedPage | None:
    storage.read().rollback()
    return storage.read().scalar(select(UnsavedPage).where(UnsavedPage.episode_id == episode_id))


def open_page(desk: FlaskClient, episode_id: int) -> TestResponse:
    page = desk.get(f"/desk/episodes/{episode_id}/write")
    assert page.status_code == 200
    return page


def fields_of(page: TestResponse) -> dict[str, list[str]]:
    """Return what a browser would send of the form."""
    form, found = soup(page).select_one("#writing"), {}
    for field in form.select("input[name], textarea[name], select[name]"):
        if field.get("type") in ("checkbox", "radio") and not field.has_attr("checked"):
            continue
        if field.name == "select":
            one = field.select_one("option[selected]") or field.select_one("option")
            value = one["value"]
        elif field.name == "textarea":
            value = field.get_text().removeprefix("\n").replace("\n", "\r\n")
        else:
            value = field.get("value", "")
        found.setdefault(field["name"], []).append(value)
    return found


def send(
    desk: FlaskClient, page: TestResponse, fields: Mapping[str, object] = {}, *, do: str = "save"
) -> TestResponse:
    action = soup(page).select_one("#writing")["action"]
    data = {**fields_of(page), **fields, "do": do}
    return desk.post(action, data=data, content_type="multipart/form-data")


def followed(desk: FlaskClient, answer: TestResponse) -> TestResponse:
    assert answer.status_code in (302, 303), problems(answer)
    return desk.get(answer.location)


def problems(page: TestResponse) -> dict[str, str]:
    return {link["href"]: link.get_text(strip=True) for link in soup(page).select(".c-errors a")}


def text_of(page: TestResponse) -> str:
    return " ".join(soup(page).main.get_text(" ").split())


def save_by_itself(
    desk: FlaskClient, page: TestResponse, turn: int, fields: Mapping[str, object] = {}
) -> TestResponse:
    """Send a page as its script does."""
    url = soup(page).select_one("#writing")["data-autosave"]
    return desk.post(url, data={**fields_of(page), "turn": str(turn), **fields})


def become_somebody_else() -> None:
    """Have the next request of another client find out who it is: the tests share one context."""
    storage.db.session.close()  # it would lie in `g` too, and hold its connection for nobody
    for name in list(g):
        g.pop(name)
