"""The queue's page as a browser has it: rows, their buttons, and the line about what is new."""

from uuid import UUID

from bs4 import Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.pages import soup

QUEUE = "/desk/questions"


def rows_of(page: TestResponse) -> list[Tag]:
    """Return the rows of a page."""
    return soup(page).select("article.c-row")


def ids_on(page: TestResponse) -> list[UUID]:
    """Return which questions stand on a page, in their order."""
    return [UUID(row["id"].removeprefix("q-")) for row in rows_of(page)]


def row_of(page: TestResponse, question: UUID) -> Tag:
    """Return the row of a question."""
    return next(row for row in rows_of(page) if row["id"] == f"q-{question}")


def text_of(row: Tag) -> str:
    """Return what stands in a part of a page, in one line."""
    return " ".join(row.get_text(" ", strip=True).split())


def press(client: FlaskClient, row: Tag, decision: str, *, follow: bool = True) -> TestResponse:
    """Press a row's button, and go where it leads."""
    form = row.find("button", attrs={"value": decision}).find_parent("form")
    fields = {field["name"]: field["value"] for field in form.select("input[type=hidden]")}
    data = fields | {"decision": decision}
    return client.post(form["action"], data=data, follow_redirects=follow)


def arrived_on(page: TestResponse) -> str | None:
    """Return what the line about new questions says, None where there is none."""
    line = soup(page).find("a", attrs={"data-js": "waiting"})
    return None if line is None or line.has_attr("hidden") else line.get_text(strip=True)
