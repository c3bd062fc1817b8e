"""The show's artwork: brought along, or drawn."""

from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy.orm import Session

from tests.studio.bombs import many_scans
from tests.transfer.conftest import SHOW, problems_of
from tests.transfer.made_media import picture
from webapp.episodes import published_files, queries
from webapp.transfer.importing import import_bundle


def artwork(session: Session) -> published_files.MediumLine:
    return published_files.get_artwork(session, queries.find_show(session).artwork)


def test_a_show_brings_its_artwork(session: Session, show: Path, media: Path):
    (show / "artwork.png").write_bytes(picture("PNG"))

    plan = import_bundle(show)

    found = artwork(session)
    assert "artwork.png" in plan.new
    assert found.content_type == "image/png"
    assert found.file == f"{found.version}.png"
    kept = media / found.sha256[:2] / found.sha256
    assert kept.read_bytes() == (show / "artwork.png").read_bytes()
    assert "artwork.png" in import_bundle(show).unchanged


def test_a_show_without_artwork_has_one_drawn_of_its_name(
    session: Session, show: Path, media: Path
):
    import_bundle(show)

    found = artwork(session)
    with Image.open(media / found.sha256[:2] / found.sha256) as drawn:
        assert (drawn.format, drawn.mode, drawn.size) == ("JPEG", "RGB", (1400, 1400))
    (show / "show.yaml").write_text(SHOW.replace("Probably You", "Probably Us"))
    import_bundle(show)
    session.rollback()
    assert artwork(session).file != found.file  # new art, new address


def test_artwork_that_is_gone_from_the_bundle_is_drawn_again(session: Session, show: Path):
    import_bundle(show)
    drawn = artwork(session).file
    (show / "artwork.png").write_bytes(picture("PNG"))
    import_bundle(show)
    (show / "artwork.png").unlink()

    assert "artwork.png" in import_bundle(show).changed
    session.rollback()
    assert artwork(session).file == drawn
    assert import_bundle(show).changed == ()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("artwork.jpg", picture(size=(1399, 1399))),
        ("artwork.jpg", picture(size=(3001, 3001))),
        ("artwork.jpg", picture(size=(1400, 1500))),
        ("artwork.jpg", picture(mode="L")),
        ("artwork.jpg", picture("PNG")),
        ("artwork.png", picture("PNG", mode="RGBA")),
        ("artwork.png", picture("PNG")[:-200]),
        ("artwork.jpg", b"not a picture"),
        ("artwork.jpg", many_scans()),
        ("artwork.jpg", b""),
    ],
)
def test_artwork_that_directories_would_refuse_is_refused(show: Path, name: str, content: bytes):
    (show / name).write_bytes(content)

    (problem,) = problems_of(show)

    assert problem.startswith(f"{name}: expected a square JPEG or PNG picture in RGB")


def test_there_is_one_artwork(show: Path):
    (show / "artwork.jpg").write_bytes(picture())
    (show / "artwork.png").write_bytes(picture("PNG"))

    assert problems_of(show) == ["artwork.png: expected one artwork, and there is artwork.jpg"]
