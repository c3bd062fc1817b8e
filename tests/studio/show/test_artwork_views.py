"""The show's artwork, at the desk: uploaded, refused with its figures, removed and drawn again."""

import errno
import io
import os
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.pages import soup
from tests.staff.members import token
from tests.studio.show.made import a_picture, fields_of
from tests.studio.show.test_views import errors_of
from webapp.episodes.bundle_files import list_files
from webapp.episodes.models import Show
from webapp.storage import read
from webapp.studio.remaking import remake_all
from webapp.studio.show import artwork_views
from webapp.web import large_bodies
from webapp.web.large_bodies import LARGE

ARTWORK = "/desk/show/artwork"


def send(client: FlaskClient, data: bytes, name: str = "art.jpg") -> TestResponse:
    """Send a picture to be looked at."""
    fields = {"csrf_token": token(client.get(ARTWORK)), "picture": (io.BytesIO(data), name)}
    return client.post(ARTWORK, data=fields, content_type="multipart/form-data")


def upload(client: FlaskClient, data: bytes, name: str = "art.jpg") -> TestResponse:
    """Send a picture, look at it, and use it."""
    page = send(client, data, name)
    if page.status_code != 200:
        return page
    return client.post(f"{ARTWORK}/use", data=fields_of(page, f"{ARTWORK}/use"))


def artworks() -> list[str]:
    read().rollback()
    return [name for name in list_files(read()) if name.startswith("artwork")]


def test_a_picture_becomes_the_artwork_of_the_show(owner: FlaskClient, media: Path):
    assert upload(owner, a_picture()).status_code == 302
    assert artworks() == ["artwork.jpg"]
    saved = read().scalars(select(Show.artwork_sha256)).one()
    assert (media / saved[:2] / saved).is_file()
    picture = owner.get(f"{ARTWORK}/picture")
    with Image.open(io.BytesIO(picture.data)) as shown:
        assert (shown.size, shown.mode) == ((1400, 1400), "RGB")
    assert "This one was brought" in owner.get(ARTWORK).text


def test_a_picture_is_looked_at_before_it_is_used(owner: FlaskClient, media: Path):
    page = send(owner, a_picture())

    assert "Nothing is saved yet." in page.text
    shown = owner.get(soup(page).select_one(".c-show__look img")["src"])
    with Image.open(io.BytesIO(shown.data)) as picture:
        assert picture.size == (1400, 1400)
    assert artworks() == []


@pytest.mark.parametrize("look", ["0" * 64, "../../keys/seal-1", "", "A" * 64])
def test_what_was_not_looked_at_is_not_used(owner: FlaskClient, media: Path, look: str):
    fields = fields_of(send(owner, a_picture()), f"{ARTWORK}/use")
    fields["look"] = look

    answer = owner.post(f"{ARTWORK}/use", data=fields)

    assert answer.status_code == 302
    assert "Choose it again." in owner.get(ARTWORK).text
    assert artworks() == []


def test_a_picture_that_was_looked_at_for_long_is_not_swept_while_it_is_used(
    owner: FlaskClient, media: Path
):
    page = send(owner, a_picture())
    for path in media.rglob("*"):
        os.utime(path, (0, 0))
    use = fields_of(page, f"{ARTWORK}/use")

    owner.post(f"{ARTWORK}/use", data=use)

    assert (media / use["look"][:2] / use["look"]).stat().st_mtime > 0


def test_a_picture_is_turned_as_its_camera_was_held(owner: FlaskClient, media: Path):
    with Image.open(io.BytesIO(a_picture())) as picture:
        picture.paste((0, 0, 0), (0, 0, 1400, 700))  # its upper half
        held, exif = io.BytesIO(), Image.Exif()
        exif[0x0112] = 3  # upside down
        picture.save(held, "JPEG", exif=exif.tobytes())

    upload(owner, held.getvalue())

    with Image.open(io.BytesIO(owner.get(f"{ARTWORK}/picture").data)) as shown:
        assert max(shown.getpixel((700, 1300))) < 40 < max(shown.getpixel((700, 100)))


def test_another_kind_of_picture_takes_the_place_of_the_first(owner: FlaskClient, media: Path):
    upload(owner, a_picture())
    assert upload(owner, a_picture(kind="PNG"), "name-that-lies.jpg").status_code == 302
    assert artworks() == ["artwork.png"]
    assert upload(owner, a_picture(kind="PNG")).status_code == 302
    assert "It was so already." in owner.get(ARTWORK).text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (a_picture((1400, 1000)), "This one is 1,400 by 1,000 pixels. It takes a square of 1,400"),
        (a_picture((3001, 3001)), "This one is 3,001 by 3,001 pixels."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "This is no whole JPEG or PNG picture."),
        (a_picture(kind="GIF"), "This is no whole JPEG or PNG picture."),
        (a_picture()[:400], "This is no whole JPEG or PNG picture."),
        (b"", "This is no whole JPEG or PNG picture."),
    ],
    ids=["no square", "too large", "svg", "gif", "cut short", "empty"],
)
def test_what_cannot_be_artwork_is_refused_in_words(owner: FlaskClient, data: bytes, said: str):
    page = upload(owner, data)
    assert page.status_code == 422
    assert errors_of(page)[0].startswith(said)
    assert artworks() == []


def test_artwork_for_which_the_disk_has_no_room_is_refused_in_words(
    owner: FlaskClient, media: Path, monkeypatch: pytest.MonkeyPatch
):
    class Full:
        free = 0

    fields = {
        "csrf_token": token(owner.get(ARTWORK)),
        "picture": (io.BytesIO(a_picture()), "a.jpg"),
    }
    real = artwork_views.ask_for_room

    def ask(folder: Path, wanted: int) -> None:
        monkeypatch.setattr(large_bodies.shutil, "disk_usage", lambda _folder: Full)
        real(folder, wanted)

    monkeypatch.setattr(artwork_views, "ask_for_room", ask)
    page = owner.post(ARTWORK, data=fields, content_type="multipart/form-data")

    assert page.status_code == 503
    assert "No room left" in page.text
    assert artworks() == []


def test_a_disk_that_is_full_in_the_middle_is_said_in_words_and_nothing_is_left(
    owner: FlaskClient, media: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(_path: Path, _data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    fields = {
        "csrf_token": token(owner.get(ARTWORK)),
        "picture": (io.BytesIO(a_picture()), "a.jpg"),
    }
    monkeypatch.setattr(Path, "write_bytes", full)
    page = owner.post(ARTWORK, data=fields, content_type="multipart/form-data")

    assert page.status_code == 503
    assert artworks() == []


def test_no_picture_at_all_is_asked_for(owner: FlaskClient):
    fields = {"csrf_token": token(owner.get(ARTWORK))}
    assert errors_of(owner.post(ARTWORK, data=fields)) == ["Choose a picture."]


def test_artwork_that_is_removed_is_drawn_again(owner: FlaskClient, media: Path):
    upload(owner, a_picture())
    brought = read().scalars(select(Show.artwork_sha256)).one()
    action = f"{ARTWORK}/remove"
    answer = owner.post(action, data=fields_of(owner.get(ARTWORK), action))
    assert answer.status_code == 302
    assert artworks() == []
    read().rollback()
    remake_all()
    read().rollback()
    drawn = read().scalars(select(Show.artwork_sha256)).one()
    assert drawn not in {"", brought}
    assert soup(owner.get(ARTWORK)).find("form", action=action) is None


def test_removing_with_a_token_that_is_too_old_removes_nothing(owner: FlaskClient, media: Path):
    upload(owner, a_picture())
    owner.post(f"{ARTWORK}/remove", data={"csrf_token": "old"})
    assert artworks() == ["artwork.jpg"]


def test_the_largest_picture_that_can_be_right_gets_to_the_desk(app: Flask):
    limit = app.extensions[LARGE]["desk.show_artwork.upload"]
    assert limit() > 3_000 * 3_000 * 3


def test_before_there_is_any_picture_there_is_none(owner: FlaskClient):
    assert owner.get(f"{ARTWORK}/picture").status_code == 404
    assert soup(owner.get(ARTWORK)).find("img") is None
