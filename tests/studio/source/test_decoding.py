"""Pictures that are out for harm are found by their bytes, before they are decoded."""

from io import BytesIO

import pytest

from tests.studio.bombs import many_scans, progressive
from webapp.studio.source import decoding
from webapp.studio.source.decoding import MOST_SCANS, refuse_many_scans


def test_a_jpeg_of_very_many_scans_is_refused():
    with pytest.raises(ValueError, match="in a reasonable time"):
        refuse_many_scans(BytesIO(many_scans(MOST_SCANS)))  # with the one that it begins with


@pytest.mark.parametrize("data", [many_scans(MOST_SCANS - 1), progressive(), b"", b"\x89PNG"])
def test_a_picture_as_programs_make_it_passes_and_can_be_read_from_its_start(data: bytes):
    file = BytesIO(data)
    refuse_many_scans(file)
    assert file.read() == data


def test_scans_are_counted_where_two_reads_meet(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(decoding, "_CHUNK", 1)
    with pytest.raises(ValueError, match="in a reasonable time"):
        refuse_many_scans(BytesIO(many_scans(MOST_SCANS)))
    refuse_many_scans(BytesIO(many_scans(MOST_SCANS - 1)))


def test_bytes_that_only_look_like_scans_do_not_count_in_what_is_no_jpeg():
    refuse_many_scans(BytesIO(b"\x89PNG" + b"\xff\xda" * 1_000))
