"""Pictures beside the text of an episode: in a bundle, and out again."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from tests.transfer.made_media import jpeg
from webapp import storage
from webapp.episodes.models import BundleFile, Episode, Medium, Show
from webapp.episodes.problems import BundleRefused
from webapp.studio.remaking import remake_all
from webapp.studio.source.stored import OPAQUE
from webapp.transfer.exporting import current_source
from webapp.transfer.folders import export_to
from webapp.transfer.importing import import_bundle

EPISODE = "episodes/getting-to-yes"


def test_a_picture_beside_the_text_is_shown_and_comes_out_again(
    in_app: Flask, session: Session, show: Path, tmp_path: Path
):
    index, towel = show / EPISODE / "index.md", show / EPISODE / "my towel.jpg"
    index.write_text(index.read_text().replace("Short answer.", "![A towel](<my towel.jpg>)"))
    towel.write_bytes(jpeg())
    (show / EPISODE / "private.jpg").write_bytes(jpeg())
    import_bundle(show)

    reader = in_app.test_client()
    page = reader.get("/episodes/getting-to-yes").text
    assert '<img src="/episodes/getting-to-yes/media/my%20towel.jpg" alt="A towel"' in page
    assert reader.get("/episodes/getting-to-yes/media/my%20towel.jpg").data == jpeg()
    assert reader.get("/episodes/getting-to-yes/media/private.jpg").status_code == 404
    export_to(tmp_path / "out", current_source())
    assert (tmp_path / "out" / EPISODE / "my towel.jpg").read_bytes() == jpeg()


def test_a_picture_that_is_cut_short_is_refused(session: Session, show: Path):
    index = show / EPISODE / "index.md"
    index.write_text(index.read_text().replace("Short answer.", "![A towel](towel.jpg)"))
    (show / EPISODE / "towel.jpg").write_bytes(jpeg()[:-20])

    with pytest.raises(BundleRefused) as refused:
        import_bundle(show)

    assert [str(problem) for problem in refused.value.problems] == [
        f"{EPISODE}/towel.jpg: expected a whole JPEG picture of a reasonable size"
    ]


def test_no_name_of_a_picture_leads_out_of_its_folder(
    in_app: Flask, session: Session, show: Path, tmp_path: Path
):
    index, secret = show / EPISODE / "index.md", show / "secret" / "photo.jpg"
    secret.parent.mkdir()
    secret.write_bytes(jpeg())
    names = (
        "..%2F..%2Fsecret%2Fphoto.jpg",
        "..%5Cphoto.jpg",
        f"{'a' * 300}.jpg",
        "a%00b.jpg",
        "./",
    )
    pictures = " ".join(f"![Nothing]({name})" for name in names)
    index.write_text(index.read_text().replace("Short answer.", pictures))

    import_bundle(show)

    page = in_app.test_client().get("/episodes/getting-to-yes").text
    assert '<img src="/episodes/getting-to-yes/media/' not in page
    assert in_app.test_client().get("/episodes/getting-to-yes/media/photo.jpg").status_code == 404


def kept_unseen_by_an_older_version(session: Session, name: str) -> None:
    """Keep a file as versions did that knew no pictures but posters."""
    row = session.get_one(BundleFile, f"{EPISODE}/{name}")
    row.content_type = OPAQUE


def test_a_picture_that_an_older_version_kept_is_shown_once_a_text_names_it(
    in_app: Flask, session: Session, show: Path
):
    index = show / EPISODE / "index.md"
    (show / EPISODE / "towel.jpg").write_bytes(jpeg())
    import_bundle(show)
    storage.write(kept_unseen_by_an_older_version, name="towel.jpg")
    index.write_text(index.read_text().replace("Short answer.", "![A towel](towel.jpg)"))

    import_bundle(show)

    address = "/episodes/getting-to-yes/media/towel.jpg"
    assert in_app.test_client().get(address).status_code == 200


def test_what_an_older_version_kept_is_looked_at_when_pages_are_made_anew(
    in_app: Flask, session: Session, show: Path
):
    index, address = show / EPISODE / "index.md", "/episodes/getting-to-yes/media/towel.jpg"
    (show / EPISODE / "towel.jpg").write_bytes(jpeg())
    index.write_text(index.read_text().replace("Short answer.", "![A towel](towel.jpg)"))
    import_bundle(show)

    def as_it_was(writing: Session) -> None:
        kept_unseen_by_an_older_version(writing, name="towel.jpg")
        writing.execute(delete(Medium).where(Medium.role == "picture"))
        writing.execute(update(Episode).values(look=""))
        writing.execute(update(Show).values(rendering=1, look=""))

    storage.write(as_it_was)
    assert in_app.test_client().get(address).status_code == 404

    remake_all()

    assert in_app.test_client().get(address).status_code == 200
