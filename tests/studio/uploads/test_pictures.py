"""Pictures are drawn anew: nothing that was hidden in one comes along, and no bomb goes off."""

import struct
import subprocess
import sys
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from tests.studio.bombs import many_scans
from tests.studio.uploads.sending import SVG, archive, camera_picture, mp4, picture
from webapp.studio.source import decoding
from webapp.studio.uploads import pictures
from webapp.studio.uploads.kinds import Unfit
from webapp.studio.uploads.pictures import drawn_anew

PEAK = """
import pathlib, sys
from webapp.studio.uploads.pictures import drawn_anew
def peak():
    return int(pathlib.Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
before = peak()
drawn_anew(pathlib.Path(sys.argv[1]))
print(peak() - before)
"""


def put(folder: Path, data: bytes) -> Path:
    path = folder / "picture"
    path.write_bytes(data)
    return path


def drawn(folder: Path, data: bytes) -> Image.Image:
    made = drawn_anew(put(folder, data))
    return Image.open(BytesIO(made), formats=["JPEG"])


def png_bomb(side: int = 30_000) -> bytes:
    """Return a PNG of a few bytes that says it has very many pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def jpeg_bomb() -> bytes:
    """Return a small JPEG that says it has 65,000 pixels each way."""
    data = bytearray(picture("JPEG"))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", 65_000, 65_000)
    return bytes(data)


def webp_bomb() -> bytes:
    """Return a WebP of which the canvas has 16,000 pixels each way."""
    size = (15_999).to_bytes(3, "little")
    body = b"WEBP" + b"VP8X" + struct.pack("<I", 10) + bytes(4) + size + size
    return b"RIFF" + struct.pack("<I", len(body)) + body


def gif_bomb() -> bytes:
    """Return a GIF whose screen has 65,000 pixels each way."""
    data = bytearray(picture("GIF"))
    data[6:10] = struct.pack("<HH", 65_000, 65_000)
    return bytes(data)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_of_each_format_becomes_a_jpeg(tmp_path: Path, form: str):
    with drawn(tmp_path, picture(form)) as made:
        assert (made.format, made.mode, made.size) == ("JPEG", "RGB", (40, 20))


@pytest.mark.parametrize(("turned", "size"), [(1, (40, 20)), (6, (20, 40)), (8, (20, 40))])
def test_it_is_upright_and_knows_no_place_and_no_camera(
    tmp_path: Path, turned: int, size: tuple[int, int]
):
    made = drawn_anew(put(tmp_path, camera_picture(turned=turned)))

    assert not any(trace in made for trace in (b"SecretPhone", b"at home", b"Exif", b"GPS"))
    with Image.open(BytesIO(made)) as picture:
        assert picture.size == size
        assert not {"exif", "comment", "icc_profile", "xmp"} & picture.info.keys()


@pytest.mark.parametrize(
    "behind",
    [archive(), b"<?php system('id'); ?>", b"<script>alert(1)</script>", b"%PDF-1.4 ...", mp4()],
)
def test_what_hides_behind_a_picture_is_gone(tmp_path: Path, behind: bytes):
    made = drawn_anew(put(tmp_path, picture("JPEG") + behind))

    assert behind[:8] not in made
    assert made.endswith(b"\xff\xd9")


def test_a_script_inside_a_picture_is_gone(tmp_path: Path):
    script = b"/*alert(document.cookie)*/"
    gif = picture("GIF", comment=script)
    jpeg = picture("JPEG", comment=script)

    assert script in gif
    assert script in jpeg
    assert script not in drawn_anew(put(tmp_path, gif))
    assert script not in drawn_anew(put(tmp_path, jpeg))


def test_a_large_picture_becomes_smaller(tmp_path: Path):
    with drawn(tmp_path, picture("JPEG", (4000, 1000))) as made:
        assert made.size == (3000, 750)


def test_what_can_be_seen_through_is_on_white(tmp_path: Path):
    file = BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(file, "PNG")

    with drawn(tmp_path, file.getvalue()) as made:
        assert made.getpixel((4, 4)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16"])
def test_pictures_of_all_modes_can_be_drawn(tmp_path: Path, mode: str):
    file = BytesIO()
    form = "JPEG" if mode == "CMYK" else "PNG"
    Image.new(mode, (8, 8), 40_000 if mode == "I;16" else None or 0).save(file, form)

    with drawn(tmp_path, file.getvalue()) as made:
        assert made.mode == "RGB"
        if mode == "I;16":
            assert made.getpixel((4, 4))[0] in range(150, 162)


def test_colours_are_those_of_its_profile(tmp_path: Path):
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = (profile.index(name, 128) for name in (b"rXYZ", b"gXYZ"))
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    file = BytesIO()
    Image.new("RGB", (8, 8), "#FF0000").save(file, "PNG", icc_profile=bytes(profile))

    with drawn(tmp_path, file.getvalue()) as made:
        red_part, green_part, _ = made.getpixel((4, 4))
        assert green_part > 200 > red_part
        assert "icc_profile" not in made.info


def test_a_profile_that_is_none_is_passed_over(tmp_path: Path):
    file = BytesIO()
    Image.new("RGB", (8, 8), "#FF0000").save(file, "PNG", icc_profile=b"nonsense" * 20)

    with drawn(tmp_path, file.getvalue()) as made:
        assert made.getpixel((4, 4))[0] > 200


def test_of_a_picture_that_moves_the_first_frame_is_taken(tmp_path: Path):
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("#FF0000", "#0000FF")]
    file = BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])

    with drawn(tmp_path, file.getvalue()) as made:
        assert made.getpixel((4, 4))[0] > 200


@pytest.mark.parametrize(
    "bomb", [png_bomb(), png_bomb(8_000), jpeg_bomb(), webp_bomb(), gif_bomb()]
)
def test_a_bomb_is_refused_before_it_is_decoded(
    tmp_path: Path, bomb: bytes, monkeypatch: pytest.MonkeyPatch
):
    def decode(*_about: object) -> None:
        raise AssertionError("it was decoded")

    monkeypatch.setattr(pictures, "_upright", decode)

    with pytest.raises(Unfit, match=r"(25|50) million pixels"):
        drawn_anew(put(tmp_path, bomb))


@pytest.mark.parametrize("size", [(50_000, 1), (3, 4000), (4001, 1000)])
def test_a_picture_that_is_a_stripe_is_refused(tmp_path: Path, size: tuple[int, int]):
    with pytest.raises(Unfit, match="four times as long"):
        drawn_anew(put(tmp_path, picture("PNG", size)))


def test_a_jpeg_that_would_be_decoded_for_hours_is_refused_at_once(tmp_path: Path):
    with pytest.raises(Unfit, match="cut short or damaged"):
        drawn_anew(put(tmp_path, many_scans()))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "I;16"])
def test_drawing_a_large_picture_takes_a_bounded_share_of_the_memory(tmp_path: Path, mode: str):
    file = BytesIO()
    Image.new(mode, (4999, 4999)).save(file, "PNG", compress_level=1)
    path = put(tmp_path, file.getvalue())
    told = subprocess.run(
        [sys.executable, "-c", PEAK, str(path)], capture_output=True, check=True, text=True
    )

    assert int(told.stdout) < 340 * 1024


def test_no_two_large_pictures_are_decoded_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    held: list[bool] = []

    def load(drawing: Image.Image) -> Image.Image:
        held.append(decoding.one_at_a_time.locked())
        return drawing.convert("RGB")

    monkeypatch.setattr(pictures, "_upright", load)
    drawn_anew(put(tmp_path, picture()))

    assert held == [True]
    assert not decoding.one_at_a_time.locked()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "0 bytes arrived"),
        (SVG, "an SVG drawing. It can hold programs"),
        (mp4(), "MP4 video"),
        (archive(), "a ZIP archive"),
        (b"hello", "no picture that can be read"),
        (picture("JPEG")[:-200], "cut short or damaged"),
        (b"\xff\xd8\xff" + bytes(100), "cut short or damaged"),
        (picture("PNG")[:60], "cut short or damaged"),
    ],
)
def test_what_is_no_whole_picture_is_refused_in_words(tmp_path: Path, data: bytes, words: str):
    with pytest.raises(Unfit, match=words):
        drawn_anew(put(tmp_path, data))
