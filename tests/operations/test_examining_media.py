"""What the doctor says of media that are served from another place."""

import threading
from collections.abc import Iterator, Sequence
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from webapp import storage
from webapp.operations.examining import media_store
from webapp.operations.examining.media_store import examine_store
from webapp.settings import Settings

VIDEO = "a" * 64
GOOD = {"Accept-Ranges": "bytes", "Access-Control-Allow-Origin": "*"}


class Store(SimpleHTTPRequestHandler):
    """A server of files, with more headers, and a list of all or none."""

    more: dict[str, str]
    lists = False

    def end_headers(self) -> None:
        for name, value in self.more.items():
            self.send_header(name, value)
        super().end_headers()

    def list_directory(self, path: object) -> object:
        if self.lists:
            return super().list_directory(path)
        return self.send_error(403)

    def log_message(self, *_about: object) -> None:
        """Say nothing."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[tuple[type[Store], str]]:
    handler = type("Here", (Store,), {"more": dict(GOOD)})
    (tmp_path / VIDEO).mkdir()
    (tmp_path / VIDEO / "video.mp4").write_bytes(b"0123456789")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=tmp_path)) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield handler, f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture(autouse=True)
def episode(in_app: Flask) -> None:
    def add(session: Session) -> None:
        factories.add_medium(session, factories.add_episode(session), sha256=VIDEO)

    storage.write(add)


def said(in_app: Flask, **changes: object) -> Sequence[str]:
    settings: Settings = in_app.extensions["postbag.settings"].model_copy(update=changes)
    return [found.words for found in examine_store(storage.read(), settings)]


def test_a_store_that_has_what_is_out_is_as_it_should_be(
    in_app: Flask, store: tuple[type[Store], str]
):
    assert said(in_app, media_url=store[1]) == []


def test_without_one_there_is_nothing_to_say(in_app: Flask):
    assert said(in_app) == []


def test_a_file_that_is_not_there_is_named(
    in_app: Flask, store: tuple[type[Store], str], tmp_path: Path
):
    (tmp_path / VIDEO / "video.mp4").unlink()

    [words] = said(in_app, media_url=store[1])

    assert words.startswith("POSTBAG_MEDIA_URL answers 404 for thin-walls/video.mp4, which is out.")


def test_a_file_that_is_another_is_named(
    in_app: Flask, store: tuple[type[Store], str], tmp_path: Path
):
    (tmp_path / VIDEO / "video.mp4").write_bytes(b"short")

    [words] = said(in_app, media_url=store[1])

    assert "answers for thin-walls/video.mp4 with a length that is not the file’s" in words


def test_a_type_that_players_would_not_take_is_named(
    in_app: Flask, store: tuple[type[Store], str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(store[0], "extensions_map", {"": "application/octet-stream"})
    monkeypatch.setattr("mimetypes.guess_type", lambda *_about: (None, None))

    [words] = said(in_app, media_url=store[1])

    assert "with a type that is not the file’s" in words


def test_what_players_miss_is_advice(in_app: Flask, store: tuple[type[Store], str]):
    store[0].more.clear()

    assert said(in_app, media_url=store[1]) == [media_store.NO_RANGES, media_store.NO_READING]


def test_a_list_of_all_is_told(in_app: Flask, store: tuple[type[Store], str]):
    store[0].lists = True

    assert said(in_app, media_url=store[1]) == [media_store.OPEN]


def test_a_store_that_is_away_is_told(in_app: Flask):
    assert said(in_app, media_url="http://127.0.0.1:1") == [media_store.AWAY]


def test_a_site_at_https_wants_its_media_there_too(in_app: Flask, store: tuple[type[Store], str]):
    assert said(in_app, media_url=store[1], site_url="https://show.example") == [media_store.MIXED]
