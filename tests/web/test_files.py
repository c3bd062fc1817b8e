"""Stored files as browsers, podcast apps and caches ask for them."""

import hashlib
import os
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests import factories
from webapp import storage
from webapp.episodes.models import Episode, Medium

WHOLE = bytes(range(256)) * 4
VIDEO = "/episodes/thin-walls/media/video.mp4"
STORED = datetime(2026, 1, 6, 8, tzinfo=UTC)
THEN = "Tue, 06 Jan 2026 08:00:00 GMT"


def keep(media: Path, content: bytes) -> str:
    """Store a file as an import would, and return its hash."""
    digest = hashlib.sha256(content).hexdigest()
    path = media / digest[:2] / digest
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (STORED.timestamp(), STORED.timestamp()))
    return digest


TAG = f'"{hashlib.sha256(WHOLE).hexdigest()}"'


@pytest.fixture(autouse=True)
def episode(app: Flask, media: Path) -> None:
    digest = keep(media, WHOLE)
    poster = {"role": "poster", "file": "poster.jpg", "content_type": "image/jpeg"}

    def add(session: Session) -> None:
        one = factories.add_episode(session)
        factories.add_medium(session, one, sha256=digest)
        factories.add_medium(session, one, sha256=digest, position=2, **poster)
        for slug in ("noise-draft", "noise-scheduled"):
            hidden = session.query(Episode).filter_by(slug=slug).one()
            factories.add_medium(session, hidden, sha256=digest)
            factories.add_medium(session, hidden, sha256=digest, position=2, **poster)

    with app.app_context():
        storage.write(add)


def change_video(app: Flask, **values: object) -> None:
    """Change the video's row."""
    with app.app_context():
        storage.write(lambda s: s.query(Medium).filter_by(file="video.mp4").update(values))


def ask(client: FlaskClient, method: str = "GET", path: str = VIDEO, **headers: str):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.open(path, method=method, headers=named, buffered=True)


def test_a_file_comes_with_all_that_a_player_asks_of_it(client: FlaskClient):
    answer = ask(client)

    assert (answer.status_code, answer.data) == (200, WHOLE)
    assert answer.headers["Content-Type"] == "video/mp4"
    assert answer.headers["Content-Length"] == "1024"
    assert answer.headers["ETag"] == TAG
    assert answer.headers["Last-Modified"] == THEN
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"] == 'inline; filename="video.mp4"'


@pytest.mark.parametrize("path", [VIDEO, "/episodes/thin-walls/poster.jpg"])
def test_head_has_the_headers_of_get_and_no_body(client: FlaskClient, path: str):
    get, head = ask(client, path=path), ask(client, "HEAD", path)

    assert dict(head.headers) == dict(get.headers)
    assert head.data == b""


@pytest.mark.parametrize("path", [VIDEO, "/episodes/thin-walls/poster.jpg"])
def test_podcast_apps_on_other_sites_may_show_and_read_it(client: FlaskClient, path: str):
    for headers in ({}, {"Range": "bytes=0-1"}, {"If_None_Match": TAG}):
        answer = ask(client, path=path, **headers)
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "content_type", ["audio/mpeg", "audio/x-m4a", "video/quicktime", "image/png"]
)
def test_the_type_is_the_one_that_was_found_in_the_content(
    app: Flask, client: FlaskClient, content_type: str
):
    change_video(app, content_type=content_type)

    assert ask(client).headers["Content-Type"] == content_type


@pytest.mark.parametrize(
    ("name", "disposition"),
    [
        ("a b.mp4", 'inline; filename="a b.mp4"'),
        ("é.mp4", "inline; filename=\"e.mp4\"; filename*=UTF-8''%C3%A9.mp4"),
        ('a"b.mp4', "inline; filename=\"a_b.mp4\"; filename*=UTF-8''a%22b.mp4"),
        ("a%41.mp4", "inline; filename=\"a_41.mp4\"; filename*=UTF-8''a%2541.mp4"),
        ("a\r\nX-Own: b", 'inline; filename="aX-Own: b"'),
    ],
)
def test_any_name_is_safe_in_the_header(
    app: Flask, client: FlaskClient, name: str, disposition: str
):
    change_video(app, file=name)

    answer = ask(client, path=f"/episodes/thin-walls/media/{quote(name)}")

    assert answer.headers["Content-Disposition"] == disposition
    assert "X-Own" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "content_range", "part"),
    [
        ("bytes=0-1", "bytes 0-1/1024", WHOLE[:2]),
        ("bytes=1000-", "bytes 1000-1023/1024", WHOLE[1000:]),
        ("bytes=-500", "bytes 524-1023/1024", WHOLE[-500:]),
        ("bytes=-9999", "bytes 0-1023/1024", WHOLE),
        ("bytes=1020-9999", "bytes 1020-1023/1024", WHOLE[1020:]),
    ],
)
def test_a_range_is_answered_with_those_bytes(
    client: FlaskClient, asked: str, content_range: str, part: bytes
):
    answer = ask(client, Range=asked)

    assert (answer.status_code, answer.data) == (206, part)
    assert answer.headers["Content-Range"] == content_range
    assert answer.headers["Content-Length"] == str(len(part))
    assert answer.headers["ETag"] == TAG


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=-0"])
def test_a_range_beyond_the_end_is_416_and_says_where_that_is(client: FlaskClient, asked: str):
    answer = ask(client, Range=asked)

    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == "bytes */1024"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("asked", ["bytes=abc", "bytes=5-2", "bytes=0-1,4-5", "lines=0-1"])
def test_a_range_that_cannot_be_answered_is_ignored(client: FlaskClient, asked: str):
    answer = ask(client, Range=asked)

    assert (answer.status_code, answer.data) == (200, WHOLE)
    assert "Content-Range" not in answer.headers


def test_a_range_means_nothing_to_head(client: FlaskClient):
    for asked in ("bytes=0-1", "bytes=5000-"):
        assert dict(ask(client, "HEAD", Range=asked).headers) == dict(ask(client).headers)


@pytest.mark.parametrize(
    ("condition", "status"),
    [(TAG, 206), (THEN, 206), ('"other"', 200), (f"W/{TAG}", 200)],
)
def test_a_range_of_another_version_is_the_whole_file(
    client: FlaskClient, condition: str, status: int
):
    answer = ask(client, Range="bytes=0-1", If_Range=condition)

    assert (answer.status_code, answer.data) == (status, WHOLE[:2] if status == 206 else WHOLE)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "condition",
    [
        {"If_None_Match": TAG},
        {"If_None_Match": f'"other", W/{TAG}'},
        {"If_None_Match": "*"},
        {"If_Modified_Since": THEN},
        {"If_None_Match": TAG, "Range": "bytes=0-1"},
        {"If_None_Match": TAG, "Range": "bytes=9999-"},
    ],
)
def test_who_has_it_already_is_told_so(client: FlaskClient, method: str, condition: dict[str, str]):
    answer = ask(client, method, **condition)

    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["ETag"] == TAG
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert "Content-Range" not in answer.headers


def test_a_wish_for_another_version_is_412(client: FlaskClient):
    assert ask(client, If_Match='"other"').status_code == 412


@pytest.mark.parametrize(("content", "tail"), [(b"", b""), (b"a", b"a")])
def test_an_empty_file_and_one_of_a_byte_are_whole(
    app: Flask, client: FlaskClient, media: Path, content: bytes, tail: bytes
):
    change_video(app, sha256=keep(media, content))

    whole, part = ask(client), ask(client, Range="bytes=-5")

    assert (whole.status_code, whole.data) == (200, content)
    assert whole.headers["Content-Length"] == str(len(content))
    assert (part.status_code, part.data) == (206 if content else 200, tail)


def test_a_replaced_file_is_never_joined_to_the_old_one(
    app: Flask, client: FlaskClient, media: Path
):
    first = ask(client, Range="bytes=0-511")
    change_video(app, sha256=keep(media, WHOLE[::-1]))

    rest = ask(client, Range="bytes=512-", If_Range=first.headers["ETag"])

    assert (rest.status_code, rest.data) == (200, WHOLE[::-1])
    assert rest.headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_file_that_is_gone_is_404_and_noted_without_the_visit(
    client: FlaskClient, media: Path, caplog: pytest.LogCaptureFixture, method: str
):
    digest = TAG.strip('"')
    (media / digest[:2] / digest).unlink()

    answer = ask(client, method, Range="bytes=0-1")

    assert answer.status_code == 404
    assert digest in caplog.text
    assert "thin-walls" not in caplog.text
    assert str(media) not in caplog.text


def test_a_file_from_the_future_was_changed_now(client: FlaskClient, media: Path):
    digest = TAG.strip('"')
    os.utime(media / digest[:2] / digest, (2**33, 2**33))

    assert ask(client).last_modified <= datetime.now(UTC)


@pytest.mark.parametrize("slug", ["noise-draft", "noise-scheduled"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Range": "bytes=0-1"},
        {"Range": "bytes=9999-"},
        {"If_None_Match": TAG},
        {"If_None_Match": "*"},
        {"If_Match": '"other"'},
        {"Range": "bytes=0-1", "If_Range": TAG},
        {"If_Modified_Since": THEN},
    ],
)
def test_what_is_unpublished_cannot_be_told_from_what_never_was(
    client: FlaskClient, slug: str, headers: dict[str, str]
):
    for method, file in product(["GET", "HEAD"], ["media/video.mp4", "poster.jpg"]):
        hidden = ask(client, method, f"/episodes/{slug}/{file}", **headers)
        unknown = ask(client, method, f"/episodes/nowhere/{file}", **headers)

        assert hidden.status_code == 404
        assert seen(hidden) == seen(unknown)


def seen(answer: TestResponse) -> tuple[int, dict[str, str], bytes]:
    """Return all that a visitor sees."""
    return answer.status_code, dict(answer.headers), answer.data
