"""How two versions of an episode differ: field by field, word by word."""

from webapp.episodes.bundle_files import Files, Stored, text_file
from webapp.studio.comparing import compare_files

INDEX = """---
guid: g
title: Thin walls
slug: thin-walls
episode: {season: 1, number: 1}
resources: [{kind: book, title: Walls, cost: ""}]
---

Knock first.

## One {#one}

Knock.

## Two {#two}

Speak.
"""


def files(index: str = INDEX, **others: Stored) -> Files:
    return {"index.md": text_file(index), **others}


def words(before: Files, after: Files) -> list[str]:
    return [each.words for each in compare_files(before, after)]


def test_what_is_the_same_differs_in_nothing():
    assert compare_files(files(), files()) == ()


def test_each_field_that_differs_is_named_in_words():
    after = INDEX.replace("Thin walls", "Thick walls").replace("Knock first", "Knock twice")
    after = after.replace("Speak.", "Speak up.").replace("title: Walls", "title: Doors")

    assert words(files(), files(after)) == ["Title", "Resources", "Short answer", "Part “Two”"]


def test_what_was_put_in_and_taken_out_is_told_word_by_word():
    (title,) = compare_files(files(), files(INDEX.replace("Thin walls", "Thick walls")))

    assert [(each.kind, each.text) for each in title.changes] == [
        ("taken", "Thin"),
        ("added", "Thick"),
        ("same", " walls"),
    ]


def test_a_list_is_compared_item_by_item_in_words():
    after = INDEX.replace("cost: ", "cost: free, by: ").replace('""', '"Somebody"')
    (resources,) = compare_files(files(), files(after))

    told = "".join(each.text for each in resources.changes if each.kind != "taken")
    assert told == "kind: book, title: Walls, cost: free, by: Somebody"


def test_parts_come_go_and_change_places():
    one, two = "## One {#one}\n\nKnock.\n\n", "## Two {#two}\n\nSpeak.\n"
    moved = INDEX.replace(one + two, f"{two}\n{one}")
    three = f"{INDEX}\n## Three {{#three}}\n\nWait.\n"

    assert words(files(), files(moved)) == ["Order of the parts"]
    assert words(files(), files(three)) == ["Part “Three” (added)"]
    assert words(files(three), files()) == ["Part “Three” (removed)"]


def test_a_key_of_somebodys_own_is_named_as_it_is_written():
    after = INDEX.replace("title: Thin", "mood: sunny\ntitle: Thin")

    assert words(files(), files(after)) == ["“mood” (added)"]


def test_other_files_are_added_changed_and_removed():
    vtt, other = text_file("WEBVTT\n"), text_file("WEBVTT\n\n")
    video = Stored("a", 1, content_type="video/mp4")

    assert words(files(), files(**{"transcript.en.vtt": vtt})) == ["Transcript (added)"]
    assert words(files(**{"transcript.en.vtt": vtt}), files(**{"transcript.en.vtt": other})) == [
        "Transcript"
    ]
    before = files(**{"video.mp4": video, "poster.jpg": video, "chapters.json": vtt})
    assert words(before, files()) == [
        "Chapters (removed)",
        "Poster (removed)",
        "video.mp4 (removed)",
    ]


def test_a_text_that_cannot_be_taken_apart_is_compared_whole():
    assert words(files(), files("no front matter")) == ["The whole text"]
    assert words(files("a"), files("---\na: [\n---\n")) == ["The whole text"]


def test_the_first_version_is_beside_nothing():
    assert "Title (added)" in words({}, files())
