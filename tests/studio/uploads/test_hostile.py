"""Files that are out for harm: refused with a reason, or harmless; nothing of them is served."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.pages import soup
from tests.studio.uploads.sending import (
    EDITH,
    SVG,
    archive,
    box,
    files,
    jpeg,
    left_in,
    mp3,
    mp4,
    page,
    picture,
    send,
)
from tests.studio.uploads.test_pictures import gif_bomb, jpeg_bomb, png_bomb, webp_bomb
from webapp import storage
from webapp.studio.models import Upload
from webapp.studio.services import publish

HTML = b"<script>alert(document.domain)</script>"
NAMES = (
    "../../../etc/passwd",
    "..\\..\\windows\\system32\\film.mp4",
    "/etc/cron.d/film.mp4",
    "film.mp4\0.exe",
    "film\u202e4pm.exe",
    "x" * 300 + ".mp4",
    "CON",
    "NUL.mp4",
    "COM1.mp4",
    "\U0001f3ac.mp4",
    "<script>alert(1)</script>.mp4",
    "film.mp4; filename=evil.html",
    ".htaccess",
    "%2e%2e%2ffilm.mp4",
)


def death() -> bytes:
    """Return a ZIP of a few kB that unpacks to 100 MB."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("zeros", bytes(100_000_000))
    return file.getvalue()


def is_refused(desk: FlaskClient, episode_id: int, data: bytes, **about: str) -> str:
    """Return the words with which a file is refused; nothing of it may be left."""
    before = files(episode_id)
    answer = send(desk, episode_id, data, **about)
    assert answer.status_code == 422
    assert files(episode_id) == before
    return soup(answer).select_one(".c-errors li").get_text()


@pytest.mark.parametrize(
    ("purpose", "data"),
    [
        ("poster", SVG),
        ("poster", b"<?xml version='1.0'?>" + SVG),
        ("poster", HTML),
        ("poster", png_bomb()),
        ("poster", jpeg_bomb()),
        ("poster", webp_bomb()),
        ("poster", gif_bomb()),
        ("poster", death()),
        ("poster", b"%PDF-1.4\n" + jpeg()),
        ("poster", b"<?php ?>" + jpeg()),
        ("poster", b""),
        ("poster", mp4()),
        ("medium", SVG),
        ("medium", HTML),
        ("medium", death()),
        ("medium", b""),
        ("medium", jpeg()),
        ("medium", mp4()[:-20]),
        ("medium", mp4() + archive()),
        ("medium", box(b"ftyp", b"isom", bytes(4)) + HTML),
        ("medium", b"ID3" + HTML),
        ("medium", b"MZ" + mp4()),
    ],
)
def test_what_is_out_for_harm_is_refused_with_a_reason_and_nothing_is_left(
    desk: FlaskClient, draft: int, uploads: Path, media: Path, purpose: str, data: bytes
):
    before = sorted(media.rglob("*"))

    words = is_refused(desk, draft, data, name="film.mp4", purpose=purpose)

    assert len(words) > 20
    assert left_in(uploads) == []
    assert sorted(media.rglob("*")) == before
    assert HTML.decode() not in page(desk, draft).text


@pytest.mark.parametrize(
    "data",
    [
        picture("GIF", comment=b"*/=alert(1);/*"),
        picture("JPEG", comment=HTML),
        picture("JPEG") + HTML,
        picture("JPEG") + archive(),
        picture("PNG") + b"<?php system($_GET[0]); ?>",
    ],
)
def test_of_a_picture_that_is_something_else_too_the_picture_alone_is_kept(
    desk: FlaskClient, draft: int, media: Path, data: bytes
):
    assert send(desk, draft, data, "p.html", purpose="poster").status_code == 302

    sha256 = files(draft)["poster.jpg"].sha256
    kept = (media / sha256[:2] / sha256).read_bytes()
    assert kept.startswith(b"\xff\xd8\xff")
    assert kept.endswith(b"\xff\xd9")
    assert not any(trace in kept for trace in (b"<script", b"<?php", b"PK\x03\x04", b"alert"))


@pytest.mark.parametrize("name", NAMES)
def test_a_name_decides_nothing_and_is_shown_as_text(
    desk: FlaskClient, draft: int, uploads: Path, name: str
):
    assert send(desk, draft, mp4(), name).status_code == 302

    assert files(draft).keys() == {"index.md", "video.mp4"}
    kept = storage.read().scalars(select(Upload)).one()
    assert kept.name.isprintable()
    assert len(kept.name) <= 100
    assert "/" not in kept.name.replace("</script>", "")
    assert "<script>alert" not in page(desk, draft).text
    assert left_in(uploads) == []


@pytest.mark.parametrize(
    ("data", "purpose", "path", "content_type"),
    [
        (mp4(), "medium", "media/video.mp4", "video/mp4"),
        (mp3() + HTML, "medium", "media/audio.mp3", "audio/mpeg"),
        (picture("GIF"), "poster", "poster.jpg", "image/jpeg"),
    ],
)
def test_what_is_served_is_of_its_own_type_and_never_a_page(
    desk: FlaskClient, draft: int, data: bytes, purpose: str, path: str, content_type: str
):
    send(desk, draft, data, "page.html", purpose=purpose)
    assert desk.get(f"/episodes/rain/{path}").status_code == 404
    storage.write(publish, episode_id=draft, actor=EDITH)

    answer = desk.get(f"/episodes/rain/{path}")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == content_type
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    name = path.rpartition("/")[2]
    assert answer.headers["Content-Disposition"] == f'inline; filename="{name}"'
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_the_bytes_of_an_upload_are_at_no_address(desk: FlaskClient, draft: int):
    told = desk.post(
        "/desk/uploads",
        data={
            "csrf_token": soup(page(desk, draft)).select_one("[name=csrf_token]")["value"],
            "episode": str(draft),
            "purpose": "medium",
            "name": "page.html",
            "size": "1000",
        },
    ).get_json()
    desk.patch(
        told["url"],
        data=HTML,
        headers={
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": "0",
            "X-CSRFToken": told["token"],
        },
    )

    assert HTML not in desk.get(told["url"]).data
    for path in ("uploads/", "media/", "episodes/rain/media/page.html"):
        assert desk.get(f"/{path}{told['url'].rpartition('/')[2]}").status_code == 404
