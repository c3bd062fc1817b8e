"""A small show's files, as somebody might write them, and its forms as a browser sends them."""

import io

from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.pages import soup
from webapp import storage
from webapp.episodes.bundle_files import save_text
from webapp.storage import read
from webapp.studio.show.queries import find_text

SHOW = """\
# Ours, and nobody else's
name: "The Test Show"   # for now
tagline: "Answers, eventually"
description: 'A show for tests.'
language: en-GB
timezone: Europe/London
email: hello@example.org
mood: odd
about: |
  About *the* test show.

  And more.
ask: {lead: "Ask away.", tone: warm}
seasons:
  # the first one
  - {number: 1, title: One, field: "#8A2B1D", ink: "#FFFFFF", mascot: goat}
  - number: 9
    title: "Noise"   # loud
    field: "#222222"
    ink: "#FFFFFF"
sign_offs: ["Curious in Kansas"]
podcast:
  type: episodic   # for now
  categories: ["Society & Culture > Relationships"]
"""
TOPICS = """\
# in their order
- slug: noise
  name: Noise topic
- {slug: walls, name: "Walls", summary: 'Thin ones.', colour: grey}
# the end
"""
HELP = """\
default: GB
countries:
  - code: GB
    name: "United Kingdom"
    emergency: {number: "999", text: "Police."}
    services:
      # day and night
      - name: Samaritans
        for: suicide and crisis
        phone: "116 123"
        text: ""
        checked: 2026-11-01
      - {name: Shout, for: crisis}
  - code: ""
    name: Anywhere else
    emergency: {number: ""}
"""
PERSON = """\
---
# her own words
name: "The Host"
pronounced: the host
hat: green
---
She *asks*.
"""
FILES = {
    "show.yaml": SHOW,
    "topics.yaml": TOPICS,
    "help.yaml": HELP,
    "people/the-host.md": PERSON,
}


def save_files() -> None:
    """Keep the files, as an import would have."""
    storage.write(_save)


def text_of(path: str) -> str:
    """Return a file as it stands now."""
    read().rollback()
    return find_text(read(), path) or ""


def fields_of(page: TestResponse, action: str) -> MultiDict[str, str]:
    """Return what a browser would send of a form, in its order, without its buttons."""
    form = next(one for one in soup(page).select("form") if one.get("action") == action)
    fields: MultiDict[str, str] = MultiDict()
    for one in form.select("input, textarea, select"):
        kind = one.get("type")
        if one.name == "textarea":
            text = one.get_text().removeprefix("\n").replace("\n", "\r\n")
            fields.add(one["name"], text)
        elif one.name == "select":
            chosen = one.select_one("option[selected]") or one.select_one("option")
            fields.add(one["name"], chosen["value"])
        elif kind not in {"checkbox", "file"} or one.has_attr("checked"):
            fields.add(one["name"], one.get("value", ""))
    return fields


def send(
    client: FlaskClient, path: str, changes: dict[str, str], *, do: str = "save", after=None
) -> TestResponse:
    """Open a form, type into it and press one of its buttons; `after` is a page open already."""
    fields = fields_of(after or client.get(path), path)
    for name, value in changes.items():
        assert name in fields or value == "true", f"the page has no field {name}"
        fields.setlist(name, [value])
    fields.setlist("do", [do])
    return client.post(path, data=fields)


def a_picture(
    size: tuple[int, int] = (1400, 1400), *, mode: str = "RGB", kind: str = "JPEG"
) -> bytes:
    """Return a picture of one colour."""
    out = io.BytesIO()
    Image.new(mode, size, "#8A2B1D" if mode in {"RGB", "RGBA"} else None).save(out, kind)
    return out.getvalue()


def _save(session: Session) -> None:
    for path, text in FILES.items():
        save_text(session, path=path, text=text)
