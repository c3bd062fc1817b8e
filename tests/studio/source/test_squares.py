"""An episode's own square picture for podcast apps."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.feeds.reading import attributes, channel_of
from tests.transfer.conftest import problems_of
from tests.transfer.made_media import picture
from webapp.episodes.bundle_files import list_files
from webapp.episodes.published_files import get_published_medium
from webapp.transfer.importing import import_bundle

SLUG = "getting-to-yes"


def folder_of(show: Path) -> Path:
    return show / "episodes" / SLUG


def picture_in_feed(client: FlaskClient) -> str:
    """Return where podcast apps find the episode's picture, on the site itself."""
    (image,) = attributes(channel_of(client.get("/feeds/podcast.xml").data), "item/itunes:image")
    return image["href"].removeprefix("http://localhost")


@pytest.mark.parametrize(("kind", "ending"), [("JPEG", "jpg"), ("PNG", "png")])
def test_a_square_that_an_episode_brings_is_its_picture_in_apps_byte_for_byte(
    client: FlaskClient, in_app: object, show: Path, kind: str, ending: str
):
    (folder_of(show) / f"square.{ending}").write_bytes(picture(kind))

    import_bundle(show)

    address = picture_in_feed(client)
    assert address.endswith(f".{ending}")
    with client.get(address) as answer:
        assert answer.content_type == f"image/{kind.lower()}"
        assert answer.data == picture(kind)
    assert f"episodes/{SLUG}" in import_bundle(show).unchanged


def test_nobody_said_what_is_on_a_square_of_an_episode_for_adults_so_another_is_drawn(
    session: Session, show: Path
):
    index = folder_of(show) / "index.md"
    index.write_text(index.read_text().replace("level: note", "level: adult"))
    (folder_of(show) / "square.png").write_bytes(picture("PNG"))

    import_bundle(show)

    square = get_published_medium(session, SLUG, role="square")
    assert square.content_type == "image/jpeg"
    assert "square.png" in list_files(session, folder=f"episodes/{SLUG}/")


def test_a_square_that_apps_would_refuse_is_refused(show: Path):
    (folder_of(show) / "square.jpg").write_bytes(picture(size=(1400, 1500)))

    assert problems_of(show) == [
        (
            f"episodes/{SLUG}/square.jpg: expected a square JPEG or PNG picture in RGB, "
            "1400 to 3000 pixels each way; this one is JPEG, RGB, 1400 by 1500"
        )
    ]


def test_there_is_one_square(show: Path):
    (folder_of(show) / "square.jpg").write_bytes(picture())
    (folder_of(show) / "square.png").write_bytes(picture("PNG"))

    assert problems_of(show) == [
        (
            f"episodes/{SLUG}/square.png: expected one square picture, and there is "
            f"episodes/{SLUG}/square.jpg"
        )
    ]


def test_a_square_that_is_gone_from_the_bundle_is_gone_here(session: Session, show: Path):
    place = folder_of(show) / "square.png"
    place.write_bytes(picture("PNG"))
    import_bundle(show)
    index = folder_of(show) / "index.md"
    index.write_text(index.read_text().replace("Short answer", "Shorter answer"))
    place.unlink()

    import_bundle(show)

    session.rollback()
    assert get_published_medium(session, SLUG, role="square").content_type == "image/jpeg"
