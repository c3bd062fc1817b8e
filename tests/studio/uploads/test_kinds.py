"""What a file is, by its bytes: the names and the endings that it came with decide nothing."""

from pathlib import Path

import pytest

from tests.studio.uploads.sending import SVG, archive, box, jpeg, mp3, mp4, picture
from webapp.studio.uploads import kinds
from webapp.studio.uploads.kinds import Unfit, free_name, medium_of, picture_format, shown_name

HEIC = box(b"ftyp", b"heic", bytes(4), b"mif1") + box(b"meta", bytes(20))


def put(folder: Path, data: bytes) -> Path:
    path = folder / "0123456789abcdef0123456789abcdef"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "came_as", "name"),
    [
        (mp4(), "film.mp4", "video.mp4"),
        (mp4(), "film.M4V", "video.m4v"),
        (mp4(), "film.exe", "video.mp4"),
        (mp4(), "film.mp3", "video.mp4"),
        (mp4(), "", "video.mp4"),
        (mp4(brand=b"qt  "), "film.mp4", "video.mov"),
        (mp4(handler=b"soun"), "talk.mp4", "audio.m4a"),
        (mp3(), "talk.wav", "audio.mp3"),
        (b"ID3\x04\0\0\0\0\0\0" + mp3(), "talk", "audio.mp3"),
    ],
)
def test_the_content_decides_what_it_is_called(
    tmp_path: Path, data: bytes, came_as: str, name: str
):
    assert medium_of(put(tmp_path, data), came_as=came_as).name == name


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "0 bytes arrived"),
        (b"\x1a\x45\xdf\xa3" + bytes(30), "a WebM or Matroska video. Apps do not play it"),
        (b"OggS" + bytes(30), "an Ogg file"),
        (b"RIFF\0\0\0\0WAVEfmt ", "a WAV recording"),
        (b"RIFF\0\0\0\0AVI LIST", "an AVI video"),
        (b"fLaC" + bytes(30), "FLAC sound"),
        (HEIC, "a HEIC picture"),
        (jpeg(), "a JPEG picture"),
        (picture("WEBP"), "a WebP picture"),
        (SVG, "an SVG drawing"),
        (b"\xef\xbb\xbf <?xml version='1.0'?>\n" + SVG, "an SVG drawing"),
        (b"%PDF-1.7\n", "a PDF document"),
        (archive(), "a ZIP archive"),
        (b"MZ\x90\0", "a program"),
        (b"<!doctype html><script>", "neither video nor sound"),
        (b"#!/bin/sh\n", "neither video nor sound"),
        (bytes(1000), "neither video nor sound"),
    ],
)
def test_what_apps_do_not_play_is_refused_with_what_to_send_instead(
    tmp_path: Path, data: bytes, words: str
):
    with pytest.raises(Unfit, match=words):
        medium_of(put(tmp_path, data), came_as="film.mp4")


def test_the_formats_of_pictures_that_can_be_read(tmp_path: Path):
    told = [picture_format(put(tmp_path, picture(form))) for form in ("JPEG", "PNG", "WEBP", "GIF")]

    assert told == ["JPEG", "PNG", "WebP", "GIF"]
    assert picture_format(put(tmp_path, SVG)) == ""


def test_a_name_that_is_taken_gets_a_number():
    assert free_name("video", ".mp4", ()) == "video.mp4"
    assert free_name("video", ".mp4", {"VIDEO.MP4", "video-3.mp4"}) == "video-2.mp4"
    assert free_name("video", ".mp4", {"video.mp4", "video-2.mp4"}) == "video-3.mp4"


@pytest.mark.parametrize(
    ("came_as", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\film.mp4", "film.mp4"),
        ("a\0b\r\n.mp4", "a b .mp4"),
        ("film\u202e4pm.exe", "film 4pm.exe"),
        ("\u200ffilm.mp4", "film.mp4"),
        ("..", kinds.NO_NAME),
        ("", kinds.NO_NAME),
        ("CON.mp4", "CON.mp4"),
        ("\U0001f3ac film.mp4", "\U0001f3ac film.mp4"),
        ("x" * 300, "x" * 99 + "…"),
    ],
)
def test_a_name_is_shown_as_what_it_is_and_without_its_path(came_as: str, shown: str):
    assert shown_name(came_as) == shown
