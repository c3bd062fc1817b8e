"""Somebody who is signed in at the desk, and presses whatever stands on its pages."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from hypothesis import strategies as st

from tests.fuzz.bodies import Fields, multipart, urlencoded
from tests.fuzz.hostile_values import TEXT
from tests.fuzz.profile import TIMES
from tests.fuzz.site import MULTIPART, FuzzedSite, Reply
from tests.staff.members import PASSWORD
from tests.staff.members import sign_in as sign_in_by_form

START = "/desk/questions"
MOST_OF_A_KIND = 1 if TIMES == 1 else 3
LEFT_ALONE = ("/desk/sign-out", "/desk/account/sessions/end-others", "/desk/account/password")


@dataclass(frozen=True)
class Form:
    """A form of a page: where it leads, how it is sent, its fields with what stands in them."""

    action: str
    method: str
    kind: str
    fields: tuple[tuple[str, str, tuple[str, ...]], ...]  # name, type, what could be chosen


class Visitor:
    """A member of staff with a browser; a stranger, where there is no name."""

    def __init__(self, site: FuzzedSite, name: str = "") -> None:
        self.site, self.name = site, name
        self.cookie = ""
        if name:
            self.sign_in()

    def sign_in(self) -> None:
        client = self.site.app.test_client()
        answer = sign_in_by_form(client, email=f"{self.name}@example.org", password=PASSWORD)
        assert answer.status_code == 302, answer.text
        found = client.get_cookie("postbag_desk", path="/desk")
        assert found is not None
        self.cookie = f"postbag_desk={found.value}"

    def get(self, path: str, method: str = "GET") -> Reply:
        return self.site.ask(method, path, headers=[("host", "show.example"), *self._own()])

    def take_cookie(self, reply: Reply) -> None:
        """Keep the session of a page, as a browser does."""
        if found := re.match("postbag_desk=[^;]*", reply.headers.get("set-cookie", "")):
            self.cookie = found[0]

    def send(self, form: Form, fields: Fields, files: Sequence[Any] = (), query: str = "") -> Reply:
        """Send a form, to an address that may have a query behind it."""
        if form.method == "GET":
            return self.get(f"{urlsplit(form.action).path}?{urlencoded(fields).decode()}")
        headers = {name.replace("-", "_"): value for name, value in self._own()}
        if form.kind == "multipart/form-data":
            return self.site.post(
                form.action + query, multipart(fields, files), MULTIPART, **headers
            )
        return self.site.post(form.action + query, urlencoded(fields), **headers)

    def is_out(self, reply: Reply) -> bool:
        """Return whether an answer asks to sign in."""
        return reply.status == 401 or "/sign-in" in reply.headers.get("location", "")

    def _own(self) -> list[tuple[str, str]]:
        return [("cookie", self.cookie)]

    def walk(self) -> list[str]:
        """Return the addresses of pages that links lead to, a few of each kind."""
        found, waiting, seen = [], [START], Counter[str]()
        while waiting:
            path = waiting.pop(0)
            kind = kind_of(path.partition("?")[0])
            seen[kind] += 1
            if path in found or seen[kind] > MOST_OF_A_KIND:
                continue
            answer = self.get(path)
            if answer.status == 200 and answer.headers["content-type"].startswith("text/html"):
                found.append(path)
                waiting += links_on(answer, path)
        return found


def kind_of(path: str) -> str:
    """Return an address without what tells one thing from the next of its kind."""
    return re.sub(r"/(\d+|[0-9a-f-]{36})(?=/|$)", "/*", path)


def links_on(reply: Reply, path: str) -> Iterator[str]:
    page = BeautifulSoup(reply.body, "html.parser")
    for link in page.find_all("a", href=True):
        whole = urlsplit(urljoin(path, link["href"]))
        if whole.path.startswith("/desk/") and not whole.netloc:
            yield f"{whole.path}?{whole.query}" if whole.query else whole.path


def forms_on(reply: Reply, path: str) -> list[Form]:
    """Return the forms of a page."""
    page = BeautifulSoup(reply.body, "html.parser")
    forms = [_form(form, page, path) for form in page.find_all("form")]
    return [form for form in forms if form.action not in LEFT_ALONE]


def _form(form: Tag, page: BeautifulSoup, path: str) -> Form:
    controls = [*form.find_all(["input", "textarea", "select", "button"])]
    if named := form.get("id"):
        controls += page.find_all(attrs={"form": named})
    button = next((each for each in controls if each.name == "button"), None)
    fields = tuple(_field(each) for each in controls if each.get("name"))
    method = str((button and button.get("formmethod")) or form.get("method", "get")).upper()
    return Form(urljoin(path, form.get("action", path)), method, form.get("enctype", ""), fields)


def _field(control: Tag) -> tuple[str, str, tuple[str, ...]]:
    kind = control.get("type", control.name)
    if control.name == "select":
        options = tuple(option.get("value", "") for option in control.find_all("option"))
        return control["name"], "select", options
    value = control.get_text() if control.name == "textarea" else control.get("value", "")
    return control["name"], kind, (value,)


@st.composite
def filled(draw: st.DrawFn, form: Form) -> tuple[list[tuple[str, str]], list[Any]]:
    """Return what somebody fills a form with: what stood there, what could be, or anything."""
    fields: list[tuple[str, str]] = []
    files: list[Any] = []
    bent = draw(st.sets(st.integers(0, max(0, len(form.fields) - 1)), max_size=4))
    for number, (name, kind, choices) in enumerate(form.fields):
        if name == "csrf_token":
            fields.append((name, choices[0]))
        elif kind == "file":
            files.append((name, draw(TEXT), draw(st.binary(max_size=50) | _FILES)))
        elif number in bent:
            fields += [(name, draw(TEXT)) for _ in range(draw(st.sampled_from([1, 1, 1, 2, 0])))]
        elif kind not in {"checkbox", "radio", "submit", "button"} or draw(st.booleans()):
            fields.append((name, draw(st.sampled_from(choices or ("",)))))
    if draw(st.integers(0, 9)) == 0:
        fields.append((draw(TEXT), draw(TEXT)))
    return fields, files


_FILES = st.sampled_from(
    [b"WEBVTT\n\n00:01.000 --> 00:02.000\nA.\n", b"{}", b"PK\x03\x04", b"\xff"]
)
