"""Places and devices in video and sound are blanked, and what plays stays as it is."""

from pathlib import Path

from tests.studio.uploads.sending import box, mp3, mp4
from webapp.studio.source.media import read_media
from webapp.studio.uploads.giveaways import BLANKED, DATA_TRACK, INDEX_LAST, blank

PLACE = b"+51.5074-000.1278/"


def film(*more: bytes, handler: bytes = b"vide") -> bytes:
    """Return a film with more boxes in its index, which stands in front."""
    whole = mp4(handler=handler)
    at = whole.index(b"moov") - 4
    data, index = whole[:at], whole[at + 8 :]
    ftyp, rest = data[: data.index(b"mdat") - 4], data[data.index(b"mdat") - 4 :]
    return ftyp + box(b"moov", index, *more) + rest


def put(folder: Path, data: bytes, name: str = "video.mp4") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_the_place_of_a_film_is_blanked_and_nothing_moves(tmp_path: Path):
    data = film(box(b"udta", box(b"\xa9xyz", b"\0\x12\x15\xc7", PLACE), box(b"name", b"Rain")))
    path = put(tmp_path, data)

    told = blank(path, is_mp4=True)

    changed = path.read_bytes()
    assert told == (BLANKED,)
    assert PLACE not in changed
    assert b"Rain" in changed
    assert len(changed) == len(data)
    assert read_media(path).duration == 3.0


def test_what_telephones_and_editors_write_by_keys_is_blanked(tmp_path: Path):
    keys = box(b"meta", box(b"keys", b"com.apple.quicktime.location.ISO6709"), PLACE)
    data = film(keys) + box(b"uuid", bytes(16), b"<x:xmpmeta>", PLACE)
    path = put(tmp_path, data)

    assert blank(path, is_mp4=True) == (BLANKED,)
    assert PLACE not in path.read_bytes()
    assert b"location" not in path.read_bytes()


def test_a_title_and_a_cover_stay(tmp_path: Path):
    path = put(tmp_path, film(box(b"udta", box(b"meta", b"\0\0\0\0a title"))))

    assert blank(path, is_mp4=True) == ()
    assert b"a title" in path.read_bytes()


def test_to_blank_twice_changes_nothing_more(tmp_path: Path):
    path = put(tmp_path, film(box(b"udta", box(b"\xa9xyz", PLACE))))
    blank(path, is_mp4=True)
    once = path.read_bytes()

    assert blank(path, is_mp4=True) == ()
    assert path.read_bytes() == once


def test_a_track_of_data_and_an_index_at_the_end_are_said(tmp_path: Path):
    assert blank(put(tmp_path, film(handler=b"meta")), is_mp4=True) == (DATA_TRACK,)
    assert blank(put(tmp_path, mp4()), is_mp4=True) == (INDEX_LAST,)


def test_private_frames_of_a_sound_are_blanked(tmp_path: Path):
    def frame(name: bytes, data: bytes) -> bytes:
        return name + len(data).to_bytes(4, "big") + b"\0\0" + data

    frames = frame(b"TIT2", b"\0Rain") + frame(b"PRIV", b"XMP\0" + PLACE) + bytes(20)
    size = len(frames)
    head = b"ID3\x03\0\0" + bytes([0, 0, size >> 7, size & 0x7F])
    path = put(tmp_path, head + frames + mp3(), "audio.mp3")

    assert blank(path, is_mp4=False) == (BLANKED,)
    assert PLACE not in path.read_bytes()
    assert b"Rain" in path.read_bytes()
    assert read_media(path).duration > 0


def test_boxes_within_boxes_without_an_end_are_no_trouble(tmp_path: Path):
    nested = PLACE
    for _ in range(2_000):
        nested = box(b"udta", nested)

    assert blank(put(tmp_path, film(nested)), is_mp4=True) == ()
    assert (
        blank(put(tmp_path, b"ID3\x04\0\0\x7f\x7f\x7f\x7fPRIV\x7f\x7f\x7f\x7f"), is_mp4=False) == ()
    )
