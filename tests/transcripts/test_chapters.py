"""Chapters: read with what is wrong in words, and written as they were."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transcripts.made_cues import HOSTILE, tidy
from webapp.transcripts import Chapter, ChaptersRefused, read_chapters, write_chapters

CHAPTERS = st.lists(
    st.builds(
        lambda start, title: Chapter(start, " ".join(tidy(title).split())),
        st.floats(0, 36_000_000),
        HOSTILE.filter(lambda title: tidy(title) != ""),
    ),
    max_size=5,
)


def file_with(*chapters: object, version: object = "1.2.0") -> str:
    return json.dumps({"version": version, "chapters": chapters})


def test_chapters_have_a_start_in_seconds_and_a_title():
    text = file_with(
        {"startTime": 0, "title": "The letter"}, {"startTime": 84.5, "title": "Slowly"}
    )
    assert read_chapters(text) == (Chapter(0.0, "The letter"), Chapter(84.5, "Slowly"))


def test_chapters_come_in_the_order_of_their_start():
    text = file_with({"startTime": 9, "title": "b"}, {"startTime": 1, "title": "a"})
    assert [chapter.title for chapter in read_chapters(text)] == ["a", "b"]


def test_chapters_that_only_change_the_picture_are_left_out():
    assert read_chapters(file_with({"startTime": 3, "toc": False, "img": "x.jpg"})) == ()


def test_a_byte_order_mark_and_other_keys_are_tolerated():
    text = "\ufeff" + file_with({"startTime": 3, "title": " a\n b ", "url": "https://a.example"})
    assert read_chapters(text) == (Chapter(3.0, "a b"),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not JSON; see line 1"),
        ('{\n"version": "1.2.0",\n}', "see line 3"),
        ("[" * 100_000, "not JSON"),
        ("[]", "Expected"),
        ("null", "Expected"),
        ('{"version": "1.2.0"}', "Expected"),
        ('{"version": "1.2.0", "chapters": {}}', "Expected"),
        (file_with(version="2.0.0"), "version"),
        (file_with(version=None), "version"),
        (file_with("The letter"), "Chapter 1"),
        (file_with({"startTime": 0, "title": "a"}, {"title": "b"}), "Chapter 2: expected a start"),
        (file_with({"startTime": "0:10", "title": "a"}), "in seconds"),
        (file_with({"startTime": True, "title": "a"}), "in seconds"),
        (file_with({"startTime": -1, "title": "a"}), "outside"),
        (file_with({"startTime": 10**400, "title": "a"}), "outside"),
        (file_with({"startTime": float("nan"), "title": "a"}), "not JSON"),
        (file_with({"startTime": 1e999, "title": "a"}), "not JSON"),
        (f'{{"version": "1.2.0", "chapters": [{{"startTime": {"9" * 5000}}}]}}', "not JSON"),
        (file_with({"startTime": 0, "title": " "}), "title"),
        (file_with({"startTime": 0, "title": 5}), "title"),
        (file_with({"startTime": 0, "title": "a\0b"}), "title"),
        (file_with({"startTime": 0, "title": "\ud800"}), "title"),
    ],
)
def test_wrong_files_are_refused_in_words(text, message):
    with pytest.raises(ChaptersRefused, match=message):
        read_chapters(text)


def test_a_refusal_is_a_value_error():
    assert issubclass(ChaptersRefused, ValueError)


def test_chapters_are_written_in_the_order_of_their_start():
    assert write_chapters([Chapter(84.5, "Slowly"), Chapter(0, "Zoë’s letter")]) == (
        '{\n  "version": "1.2.0",\n  "chapters": [\n'
        '    {\n      "startTime": 0,\n      "title": "Zoë’s letter"\n    },\n'
        '    {\n      "startTime": 84.5,\n      "title": "Slowly"\n    }\n  ]\n}\n'
    )


def test_titles_are_written_as_one_line_of_what_can_be_seen():
    text = write_chapters([Chapter(1, " a\n\0b\ud800\x9f ")])
    assert read_chapters(text) == (Chapter(1.0, "a b"),)


def test_no_chapters_make_a_file_without_any():
    assert read_chapters(write_chapters([])) == ()


@pytest.mark.parametrize(
    "chapter",
    [Chapter(-1, "a"), Chapter(math.nan, "a"), Chapter(math.inf, "a"), Chapter(1, "\x01 ")],
)
def test_what_is_no_chapter_is_an_error(chapter):
    with pytest.raises(ValueError, match=r"\bs\b"):
        write_chapters([chapter])


@given(CHAPTERS)
def test_chapters_that_were_written_are_read_again_as_they_were(chapters):
    found = read_chapters(write_chapters(chapters))
    assert found == tuple(sorted(chapters, key=lambda chapter: chapter.start))
