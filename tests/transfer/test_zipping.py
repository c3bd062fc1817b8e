"""A bundle as a zip: the same show gives the same bytes, and any system can open it."""

import io
import zipfile
from pathlib import Path

from sqlalchemy.orm import Session

from tests.transfer.test_exporting import files_in
from webapp.transfer.exporting import current_source, list_folders
from webapp.transfer.importing import import_bundle
from webapp.transfer.unpacking import unpack
from webapp.transfer.zipping import zip_of


def zipped() -> bytes:
    source = current_source()
    return b"".join(zip_of(source, list_folders(source)))


def test_a_zip_has_every_file_and_is_the_same_each_time(session: Session, show: Path):
    import_bundle(show)

    data = zipped()

    assert data == zipped()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == files_in(show)
        kinds = {entry.filename: entry.compress_type for entry in archive.infolist()}
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
    assert kinds["episodes/getting-to-yes/video.mp4"] == zipfile.ZIP_STORED
    assert kinds["show.yaml"] == zipfile.ZIP_DEFLATED


def test_a_zip_unpacks_to_what_was_exported(session: Session, show: Path, tmp_path: Path):
    import_bundle(show)
    (tmp_path / "show.zip").write_bytes(zipped())

    unpack(tmp_path / "show.zip", tmp_path / "unpacked")

    assert files_in(tmp_path / "unpacked") == files_in(show)
    assert import_bundle(tmp_path / "unpacked").does_nothing


def test_a_reader_who_leaves_closes_what_is_open(session: Session, show: Path):
    import_bundle(show)
    source = current_source()
    pieces = zip_of(source, list_folders(source))

    assert next(pieces)
    pieces.close()
