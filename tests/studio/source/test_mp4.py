"""MP4 files: whether they are whole, and whether there is video in them."""

from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st

from tests.transfer.made_media import box, mp4
from webapp.studio.source.mp4 import has_video


def test_a_video_track_is_found_wherever_it_stands():
    sound_first = mp4(handler=b"soun") + mp4(handler=b"vide")
    assert has_video(BytesIO(mp4()))
    assert has_video(BytesIO(sound_first))
    assert not has_video(BytesIO(mp4(handler=b"soun")))


def test_large_boxes_have_their_size_behind_the_name():
    large = (1).to_bytes(4, "big") + b"mdat" + (16 + 100).to_bytes(8, "big") + bytes(100)
    assert has_video(BytesIO(large + mp4()))


def test_a_box_without_a_size_reaches_to_the_end():
    moov = mp4()[mp4().index(b"moov") - 4 :]
    assert has_video(BytesIO(bytes(4) + moov[4:]))


def test_a_handler_outside_of_a_track_does_not_count():
    assert not has_video(BytesIO(box(b"hdlr", bytes(8), b"vide")))


def test_many_tiny_boxes_are_not_followed_for_ever():
    assert not has_video(BytesIO(box(b"free") * 200_000 + mp4()))


@given(st.binary(max_size=200), st.integers(0, 250))
def test_no_bytes_raise(noise, cut):
    has_video(BytesIO(noise))
    has_video(BytesIO(mp4()[:cut] + noise))
