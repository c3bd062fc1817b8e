"""Files in pieces: whatever is sent in whatever order, a file is what came, or is refused."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.desk import Visitor
from tests.fuzz.hostile_values import NUMBERS, TEXT, in_percents
from tests.fuzz.profile import examples
from tests.fuzz.site import FuzzedSite, Reply, is_in_order
from tests.studio.uploads.sending import a_draft, files, mp4
from webapp import storage
from webapp.web.large_bodies import folder_of

UPLOADS = "/desk/uploads"
PIECE = "application/offset+octet-stream"
MOST = 1024 * 1024  # bytes of a piece
FILM = mp4(seconds=9)
OFFSETS = st.sampled_from([*NUMBERS, "0" * 16, "9" * 16, "1, 2", "\x00", "bytes 0-9"]) | TEXT
KINDS = st.sampled_from([PIECE, f"{PIECE}; x=y", "application/octet-stream", "text/html", "", "/"])
BLOCKS = st.binary(max_size=200) | st.sampled_from([b"x" * MOST, b"x" * (MOST + 1), FILM])
# How much of the film comes at once, and from where: the next bytes, some again, some left out.
STEPS = st.lists(
    st.tuples(st.integers(0, len(FILM)), st.sampled_from([0, 0, 0, 0, 1, -1, -40, 1_000])),
    max_size=8,
)


@dataclass
class Sender:
    """An editor who sends a file in pieces."""

    site: FuzzedSite
    episode_id: int
    visitor: Visitor = field(init=False)
    token: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        self.visitor = Visitor(self.site, "editor")
        page = self.visitor.get(f"/desk/episodes/{self.episode_id}/files")
        self.visitor.take_cookie(page)
        self.token = page.body.decode().partition('name="csrf_token"')[2].split('value="')[1]
        self.token = self.token.partition('"')[0]

    def begin(self, **fields: str) -> Reply:
        given = {"csrf_token": self.token, "episode": str(self.episode_id), "purpose": "medium"}
        given |= {"name": "film.mp4", "size": str(len(FILM))} | fields
        body = "&".join(f"{name}={in_percents(text)}" for name, text in given.items())
        reply = self.site.post(UPLOADS, body.encode(), cookie=self.visitor.cookie)
        self._learn(reply)
        return reply

    def send(self, block: bytes, offset: str, *, kind: str = PIECE, url: str = "") -> Reply:
        headers = [("content-type", kind), ("content-length", str(len(block)))]
        headers += [("upload-offset", offset), ("x-csrftoken", self.token)]
        headers += [("cookie", self.visitor.cookie), ("sec-fetch-site", "same-origin")]
        reply = self.site.ask("PATCH", url or self.url, headers=headers, body=block)
        self._learn(reply)
        return reply

    def stop(self) -> None:
        """Leave nothing behind for the next example."""
        body = f"csrf_token={in_percents(self.token)}".encode()
        if self.url:
            self.site.post(f"{self.url}/stop", body, cookie=self.visitor.cookie)
        self.url = ""

    def _learn(self, reply: Reply) -> None:
        self.visitor.take_cookie(reply)
        if reply.headers.get("content-type", "").startswith("application/json"):
            told = json.loads(reply.body)
            self.token, self.url = told.get("token", self.token), told.get("url", self.url)


@pytest.fixture(scope="module")
def sender(fuzzed: FuzzedSite) -> Sender:
    with fuzzed.app.app_context():
        episode_id = a_draft("Pieces")
    return Sender(fuzzed, episode_id)


def told(reply: Reply) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(reply.body)
    return found


def left(site: FuzzedSite) -> list[Path]:
    """Return the files that lie where uploads do."""
    with site.app.app_context():
        folder = folder_of(storage.current_settings())
    return list(folder.iterdir()) if folder.is_dir() else []


FIELDS = ("episode", "purpose", "name", "size", "replaces", "csrf_token")


@examples(15)
@given(st.dictionaries(st.sampled_from(FIELDS), TEXT, max_size=3))
def test_a_file_is_begun_or_refused(sender: Sender, fields: dict[str, str]):
    try:
        assert is_in_order(sender.begin(**fields))
    finally:
        sender.stop()


@examples(15)
@given(OFFSETS, KINDS, BLOCKS)
def test_a_piece_of_any_kind_is_taken_or_refused(
    sender: Sender, offset: str, kind: str, block: bytes
):
    assert sender.begin().status == 201
    try:
        reply = sender.send(block, offset, kind=kind)

        assert is_in_order(reply)
        assert reply.status != 200 or kind.startswith(PIECE)
    finally:
        sender.stop()
    assert left(sender.site) == []


@examples(15)
@given(TEXT)
def test_a_piece_of_no_file_is_refused(sender: Sender, name: str):
    assert is_in_order(sender.send(b"x", "0", url=f"{UPLOADS}/{in_percents(name)}"))


@examples(15)
@given(STEPS, st.booleans())
def test_a_file_is_what_came_whatever_is_sent_twice_or_left_out(
    sender: Sender, steps: list[tuple[int, int]], to_its_end: bool
):
    begun = told(sender.begin())
    received, state = begun["received"], begun["state"]
    assert (received, state) == (0, "arriving")
    try:
        for size, beside in [*steps, *([(len(FILM), 0)] if to_its_end else [])]:
            offset = received + beside
            block = FILM[max(0, offset) :][:size]
            reply = sender.send(block, str(offset))
            assert is_in_order(reply)
            is_next = beside == 0 and state == "arriving"
            assert (reply.status == 200) == is_next, reply.body
            if is_next:
                received, state = told(reply)["received"], told(reply)["state"]
                assert received == offset + len(block)
        assert (state == "kept") == (received == len(FILM))
        if state == "kept":
            with sender.site.app.app_context():
                assert [each.size for each in files(sender.episode_id).values() if each.sha256]
    finally:
        sender.stop()
    assert left(sender.site) == []
