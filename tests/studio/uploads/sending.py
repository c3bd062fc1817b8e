"""Files of all kinds, good and bad, and the ways in which they are sent."""

import zipfile
from io import BytesIO
from pathlib import Path

from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from tests.pages import soup
from tests.staff.members import token
from tests.transfer.made_media import box, jpeg, mp3, mp4
from webapp import storage
from webapp.episodes.bundle_files import Files
from webapp.storage.history import Actor
from webapp.studio import services
from webapp.studio.saving import get_row
from webapp.studio.starting import start_draft
from webapp.studio.uploads.queries import files_of

EDITH = Actor("Edith", "editor", 1)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
VTT = "WEBVTT\n\n00:01.000 --> 00:04.000\n<v The Host>Hello there.\n"

__all__ = ["box", "jpeg", "mp3", "mp4"]


def a_draft(title: str = "Rain") -> int:
    """Start an empty draft and return its id."""
    return storage.write(start_draft, actor=EDITH, title=title, season=1)


def files(episode_id: int) -> Files:
    """Return the files of an episode as they stand."""
    storage.read().rollback()
    return files_of(storage.read(), episode_id)


def index(episode_id: int) -> str:
    """Return an episode's index.md as it stands."""
    return files(episode_id)["index.md"].text


def address(episode_id: int) -> str:
    """Return where readers find the episode."""
    storage.read().rollback()
    return f"/episodes/{get_row(storage.read(), episode_id).slug}"


def publish(episode_id: int) -> str:
    """Publish an episode and return where readers find it."""
    storage.write(services.publish, episode_id=episode_id, actor=EDITH)
    return address(episode_id)


def page(desk: FlaskClient, episode_id: int) -> TestResponse:
    """Return the page with an episode's files."""
    return desk.get(f"/desk/episodes/{episode_id}/files")


def send(
    desk: FlaskClient,
    episode_id: int,
    data: bytes,
    name: str = "Film.mp4",
    *,
    purpose: str = "medium",
    **fields: str,
) -> TestResponse:
    """Send a file whole, with the form of the page."""
    given = {
        "csrf_token": token(page(desk, episode_id)),
        "purpose": purpose,
        "file": (BytesIO(data), name),
    }
    return desk.post(f"/desk/episodes/{episode_id}/files", data=given | fields)


def act(desk: FlaskClient, episode_id: int, what: str, **fields: object) -> TestResponse:
    """Send one of the small forms of the page."""
    address, opened = f"/desk/episodes/{episode_id}/files/{what}", page(desk, episode_id)
    given = {"csrf_token": token(opened)}
    if seen := soup(opened).select_one(f"form[action='{address}'] [name=seen]"):
        given["seen"] = seen["value"]
    return desk.post(address, data=given | fields)


def picture(form: str = "PNG", size: tuple[int, int] = (40, 20), **options: object) -> bytes:
    """Return a picture in some format."""
    file = BytesIO()
    mode = "RGBA" if form in {"PNG", "WEBP"} else "RGB"
    Image.new(mode, size, "#B02E1D").save(file, form, **options)
    return file.getvalue()


def camera_picture(size: tuple[int, int] = (40, 20), turned: int = 6) -> bytes:
    """Return a JPEG as a telephone makes it: turned, with its place, its make and a comment."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = turned, "SecretPhone"
    exif.get_ifd(0x8825)[2] = (51.0, 30.0, 26.0)
    return picture("JPEG", size, exif=exif.tobytes(), comment=b"at home")


def archive() -> bytes:
    """Return a ZIP with something in it."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("run.sh", "rm -rf /")
    return file.getvalue()


def left_in(folder: Path) -> list[str]:
    """Return what lies in the folder of uploads."""
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
