"""A picture as the show's artwork: in RGB, and with nothing beside its pixels."""

import io
from pathlib import Path

import pytest
from PIL import Image

from tests.studio.bombs import many_scans
from tests.studio.show.made import a_picture
from webapp.exceptions import Refused
from webapp.studio.show.artwork import LARGEST, keep_artwork, make_artwork


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "LA"])
def test_a_picture_comes_out_in_rgb_whatever_it_was(mode: str):
    name, content_type, data = make_artwork(a_picture(mode=mode, kind="PNG"))
    assert (name, content_type) == ("artwork.png", "image/png")
    assert (opened(data).mode, opened(data).size) == ("RGB", (1400, 1400))


def test_what_is_transparent_becomes_white():
    out = io.BytesIO()
    Image.new("RGBA", (1400, 1400), (0, 0, 0, 0)).save(out, "PNG")
    assert opened(make_artwork(out.getvalue())[2]).getpixel((7, 7)) == (255, 255, 255)


def test_what_a_camera_wrote_into_it_is_taken_out():
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "A camera of somebody"
    Image.new("RGB", (1400, 1400)).save(out, "JPEG", exif=exif, comment=b"at home")
    data = make_artwork(out.getvalue())[2]
    assert b"somebody" not in data
    assert b"at home" not in data
    assert not opened(data).getexif()


def test_what_is_behind_a_picture_is_left_behind():
    data = make_artwork(a_picture() + b"<script>alert(1)</script>")[2]
    assert b"script" not in data


def test_a_small_file_that_unfolds_into_a_huge_picture_is_refused():
    with pytest.raises(Refused, match="9,000 by 9,000"):
        make_artwork(a_picture((9_000, 9_000), mode="1", kind="PNG"))
    with pytest.raises(Refused, match="no whole"):
        make_artwork(a_picture((20_000, 20_000), mode="1", kind="PNG"))
    with pytest.raises(Refused, match="MB at most"):
        make_artwork(b"\0" * (LARGEST + 1))


def test_a_jpeg_that_would_be_decoded_for_hours_is_refused_at_once():
    with pytest.raises(Refused, match="no whole"):
        make_artwork(many_scans())


def test_a_picture_lies_under_its_hash(tmp_path: Path):
    file = keep_artwork(tmp_path, "image/png", b"picture")
    assert (tmp_path / file.sha256[:2] / file.sha256).read_bytes() == b"picture"
    assert keep_artwork(tmp_path, "image/png", b"picture") == file
    assert (file.size, file.content_type) == (7, "image/png")
