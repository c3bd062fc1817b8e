"""Media come under their hash whole, or not at all."""

from pathlib import Path

import pytest

from webapp.studio.source.media_store import keep_picture


def test_a_picture_lies_under_its_hash(tmp_path: Path):
    kept = keep_picture(tmp_path, "poster.jpg", b"picture")

    assert (tmp_path / kept.sha256[:2] / kept.sha256).read_bytes() == b"picture"
    assert (str(kept.path), kept.size) == ("poster.jpg", 7)


def test_on_a_full_disk_nothing_of_a_picture_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(path: Path, data: bytes) -> None:
        with path.open("wb") as file:
            file.write(data[:3])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        keep_picture(tmp_path, "poster.jpg", b"picture")

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
