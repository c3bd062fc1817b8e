"""Kinds of values: what each takes, and what it says was expected."""

from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError

from webapp.episodes import kinds


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (kinds.Slug, "getting-to-yes-2"),
        (kinds.Title, "Is it you? “A little.”"),
        (kinds.Identifier, "tag:old.example,2009:/a b?c=1"),
        (kinds.PartId, "это-ты"),
        (kinds.FileName, "S01E02_final.cut-2.mp4"),
        (kinds.FileName, ""),
        (kinds.Path, "/"),
        (kinds.Path, "/2019/old?p=1#x"),
        (kinds.WebAddress, "https://www.example.org/a?b#c"),
        (kinds.WebAddress, ""),
        (kinds.Country, "GB"),
        (kinds.Month, "2026"),
        (kinds.Month, "2026-12"),
        (kinds.Colour, "#b02E1D"),
        (kinds.Seconds, "0"),
        (kinds.Number, "1"),
        (kinds.Truth, "false"),
        (kinds.Day, "2026-03-01"),
        (kinds.DayOrNone, ""),
    ],
)
def test_right_values_are_taken(kind, value):
    TypeAdapter(kind).validate_python(value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (kinds.Slug, "getting-to-yes\n"),
        (kinds.Slug, "a" * 101),
        (kinds.Title, "two\nlines"),
        (kinds.Identifier, " a"),
        (kinds.PartId, "a b"),
        (kinds.FileName, "..mp4"),
        (kinds.FileName, "..\\video.mp4"),
        (kinds.FileName, "vidéo.mp4"),
        (kinds.FileName, "video.mp4\n"),
        (kinds.Path, "//elsewhere.example"),
        (kinds.Path, "/\\elsewhere.example"),
        (kinds.Path, "/a b"),
        (kinds.WebAddress, "https://"),
        (kinds.WebAddress, "https://a b"),
        (kinds.WebAddress, "javascript://a.example/%0aalert(1)"),
        (kinds.Country, "G"),
        (kinds.Month, "2026-00"),
        (kinds.Month, "2026-01-02"),
        (kinds.Colour, "#abc"),
        (kinds.Seconds, "1.5"),
        (kinds.Seconds, "nan"),
        (kinds.Number, "0"),
        (kinds.Truth, "yes"),
        (kinds.Truth, "1"),
        (kinds.Day, "20260301"),
        (kinds.Day, "2026-W10-1"),
        (kinds.Day, ""),
        (kinds.Moment, "9999-12-31T23:59:59-12:00"),
    ],
)
def test_wrong_values_are_refused(kind, value):
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(value)


def test_a_repeated_item_is_named():
    words = TypeAdapter(Annotated[tuple[str, ...], kinds.unrepeated(str, "each word once")])
    assert words.validate_python(["a", "b"]) == ("a", "b")
    with pytest.raises(ValidationError, match="each word once; “b” stands here more than once"):
        words.validate_python(["a", "b", "b"])
