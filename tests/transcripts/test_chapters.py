import json

import pytest

from webapp.transcripts import Chapter, ChaptersRefused, read_chapters


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
