"""Media are what their bytes say, whatever their names do."""

import hashlib

import pytest

from tests.studio.bombs import many_scans, progressive
from tests.transfer.made_media import jpeg, mp3, mp4
from webapp.studio.source.media import MediaFile, read_media


def read(folder, name: str, content: bytes) -> MediaFile:
    path = folder / name
    path.write_bytes(content)
    return read_media(path)


@pytest.mark.parametrize(
    ("name", "content", "content_type", "duration"),
    [
        ("a.mp4", mp4(), "video/mp4", 3),
        ("a.m4v", mp4(brand=b"M4V "), "video/x-m4v", 3),
        ("a.mov", mp4(brand=b"qt  "), "video/quicktime", 3),
        ("a.m4a", mp4(brand=b"M4A ", handler=b"soun"), "audio/x-m4a", 3),
        ("a.m4a", mp4(handler=b"soun"), "audio/x-m4a", 3),
        ("a.mp3", mp3(), "audio/mpeg", 0.5),
        ("a.mp3", b"ID3\x04" + bytes(6) + mp3(), "audio/mpeg", 0.5),
        ("a.jpg", jpeg(), "image/jpeg", 0),
        ("A.JPEG", jpeg(), "image/jpeg", 0),
        ("a.jpg", progressive(), "image/jpeg", 0),
    ],
)
def test_files_are_known_by_their_bytes(tmp_path, name, content, content_type, duration):
    medium = read(tmp_path, name, content)
    assert (medium.content_type, medium.size) == (content_type, len(content))
    assert medium.sha256 == hashlib.sha256(content).hexdigest()
    assert medium.duration == pytest.approx(duration, abs=0.1)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.mp4", jpeg(), "which is JPEG picture"),
        ("a.mp4", mp4(handler=b"soun"), "which is MP4 sound"),
        ("a.mp4", mp4(brand=b"qt  "), "which is QuickTime video"),
        ("a.m4a", mp4(), "which is MP4 video"),
        ("a.mp3", mp4(), "which is MP4 video"),
        ("a.jpg", mp3(), "which is MP3 sound"),
        ("a.exe", mp4(), "which is MP4 video"),
        ("a.mp4", b"", "expected an MP4"),
        ("a.html", b"<html>", "expected an MP4"),
        ("a.mp3", b"\xff\xff\xff\xff", "expected an MP4"),
        ("a.mp3", b"ID3 and nothing else" * 9, "can be played"),
        ("a.mp4", mp4(seconds=0), "can be played"),
        ("a.mp4", mp4()[:60], "which is MP4 sound"),
        ("a.jpg", many_scans(), "in a reasonable time"),
    ],
)
def test_files_that_are_not_what_they_say_are_refused_in_words(tmp_path, name, content, message):
    with pytest.raises(ValueError, match=message):
        read(tmp_path, name, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [("video.mp4", mp4()), ("sound.m4a", mp4(handler=b"soun", brand=b"M4A ")), ("a.jpg", jpeg())],
)
def test_a_file_that_is_cut_short_is_refused(tmp_path, name: str, content: bytes):
    whole, cut = tmp_path / "whole" / name, tmp_path / "cut" / name
    for path, content_of in ((whole, content), (cut, content[:-20])):
        path.parent.mkdir()
        path.write_bytes(content_of)

    assert read_media(whole).size == len(content)
    with pytest.raises(ValueError, match="expected"):
        read_media(cut)
