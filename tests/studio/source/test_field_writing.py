"""Forms put into files: what nobody changed keeps its bytes, and what somebody did is there."""

import json
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from webapp.episodes.bundle_files import Files, Stored, text_file
from webapp.episodes.front_matter import read, split
from webapp.studio.rows import Pairs, press
from webapp.studio.source.field_writing import write_fields
from webapp.studio.source.fields import read_fields
from webapp.studio.source.typed import FieldsRefused, lines, one_line

SEEDS = sorted(Path("seeds/show/episodes").iterdir())
ODD = """---\r
# ours: do not touch
guid: x-1   # never changes
title:   'It''s "odd"'
slug: odd
draft: true
mood: {weather: [grey, wet]}     # nobody knows this key
episode: {season: 1, number: 2.0, explicit: True, extra: [1, 2]}
question:
topics: [b, a]

# about the notes
notes:
- about: part:made-of-it
  level: note
  text: >-
    Folded
    over lines.
  why: because
media: [{file: video.mp4, codec: h264}]
parts: [{id: made-of-it, at: 0080}]
resources: []
contributors:
  - {person: dot, role: host}   # she said so
  # nobody else
corrections: [{date: 2026-04-01, part: made-of-it, text: "Was wrong.", by: dot}]
...\r


Short.\r
\r
More of it.

Made of *it*
------------
Text\twith tabs.   \n
```
## no part
```
##Closed up
* loose
##  Last one ## {#last}\r
No end"""
CHAPTERS = (
    '{"version": "1.2.0", "author": "us", "chapters": [{"startTime": 0, "title": "A", "img": "x"},'
    ' {"startTime": 3.25, "toc": false}, {"startTime": 84.5, "title": "B"}]}'
)


def a_file(index: str, chapters: str = "") -> Files:
    files: dict[str, Stored] = {"index.md": text_file(index)}
    return files | ({"chapters.json": text_file(chapters)} if chapters else {})


def an_episode(front: str = "", body: str = "Short.\n") -> Files:
    head = "guid: g\ntitle: T\nslug: t\ndraft: true\nepisode: {season: 1, number: 1}\n"
    return a_file(f"---\n{head}{front}---\n{body}")


def form_of(files: Files, **changes: str) -> list[tuple[str, str]]:
    """Return an episode's form with fields changed; `__` stands for the hyphen in their names."""
    wanted = {name.replace("__", "-"): value for name, value in changes.items()}
    found = [(k, wanted.pop(k, v)) for k, v in read_fields(files, with_question=True)]
    return [*found, *wanted.items()]


def without(pairs: Pairs, name: str) -> Pairs:
    return [pair for pair in pairs if pair[0] != name]


def pressed(pairs: Pairs, *acts: str) -> Pairs:
    for act in acts:
        done = press(pairs, act)
        assert done
        pairs = done.pairs
    return pairs


def saved(files: Files, **changes: str) -> str:
    return write_fields(files, form_of(files, **changes))["index.md"].text


def as_sent(pairs: Pairs) -> Pairs:
    """Return a form as a browser sends it: with its own line ends."""
    return [(name, lines(value).replace("\n", "\r\n")) for name, value in pairs]


@pytest.mark.parametrize("folder", SEEDS, ids=lambda folder: folder.name)
def test_an_untouched_form_of_each_seed_makes_the_same_bytes(folder: Path):
    files = a_file(
        (folder / "index.md").read_text("utf-8"), (folder / "chapters.json").read_text("utf-8")
    )

    assert write_fields(files, as_sent(read_fields(files, with_question=True))) == files
    assert write_fields(files, as_sent(read_fields(files, with_question=False))) == files


def test_an_untouched_form_of_an_odd_file_makes_the_same_bytes():
    files = a_file(ODD, CHAPTERS)

    assert write_fields(files, as_sent(read_fields(files, with_question=True))) == files


def test_one_change_in_an_odd_file_leaves_every_other_line_alone():
    text = saved(a_file(ODD), title="Even")

    assert text.splitlines() == [
        'title: "Even"' if line.startswith("title:") else line for line in ODD.splitlines()
    ]


TEXTS = st.text(
    alphabet=st.characters(exclude_categories=["Cs", "Cc", "Cn"]) | st.sampled_from("\n\t:#\"'\\"),
    max_size=60,
)
MARKDOWN = st.lists(
    st.sampled_from(
        ["## A {#a}", "##B", "Heading\n---", "", "text", "```", "- [ ] tick", "    code", "> ## q"]
    )
    | st.text(alphabet="ab#-*{}[]`\t\r\n\x0b\x0c\x85\u2028\u2029 ", max_size=12),
    max_size=14,
).map("\n".join)


@given(body=MARKDOWN, ends=st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=40, deadline=None)
def test_an_untouched_form_of_any_text_makes_the_same_bytes(body: str, ends: str):
    files = an_episode(body=body.replace("\n", ends))

    assert write_fields(files, as_sent(read_fields(files, with_question=True))) == files


@given(title=TEXTS, summary=TEXTS, note=TEXTS)
@settings(max_examples=40, deadline=None)
def test_what_was_typed_into_the_front_matter_is_what_the_file_says(
    title: str, summary: str, note: str
):
    files = an_episode('notes: [{about: text, level: note, text: "x"}]\n')

    after = write_fields(
        files, form_of(files, title=f"t{title}", summary=f"s{summary}", notes__0__text=f"n{note}")
    )

    fields = dict(read_fields(after, with_question=True))
    assert (fields["title"], fields["summary"]) == (one_line(f"t{title}"), one_line(f"s{summary}"))
    assert fields["notes-0-text"] == f"n{note}"
    assert write_fields(after, as_sent(read_fields(after, with_question=True))) == after


@given(short=MARKDOWN, text=MARKDOWN)
@settings(max_examples=40, deadline=None)
def test_what_was_typed_into_a_part_is_in_the_text(short: str, text: str):
    files = an_episode(body="Short.\n\n## One {#one}\n\nText.\n\n## Two {#two}\n\nMore.\n")

    try:
        after = write_fields(files, as_sent(form_of(files, short=short, parts__0__text=text)))
    except FieldsRefused:
        assume(False)  # a part would be swallowed, and is not: what is then said has its own test
        raise

    body = split(after["index.md"].text)[1]
    assert lines(short).strip("\n") in lines(body)
    assert lines(text).strip("\n") in lines(body)
    assert body.endswith("## Two {#two}\n\nMore.\n")


def test_a_changed_row_keeps_the_keys_that_no_form_shows():
    text = saved(a_file(ODD), notes__0__text="Unfolded.", media__0__primary="y")

    assert "why: because" in text
    assert "codec: h264" in text
    assert "text: Unfolded." in text.replace('"', "")
    assert "{person: dot, role: host}   # she said so" in text


def test_rows_are_added_moved_and_removed():
    files = an_episode("contributors: [{person: a, role: host}, {person: b, role: guest}]\n")
    pairs = pressed(
        form_of(files), "down:contributors:0", "add:contributors", "remove:contributors:0"
    )
    pairs = [*pairs, ("contributors-2-person", "c"), ("contributors-2-role", "producer")]

    front = read(write_fields(files, pairs)["index.md"].text, file="")

    assert [(each.person, each.role) for each in front.contributors] == [
        ("a", "host"),
        ("c", "producer"),
    ]


def test_a_row_that_was_left_empty_is_none():
    files = an_episode()
    pairs = pressed(form_of(files), "add:resources", "add:notes", "add:chapters", "add:aliases")

    assert write_fields(files, pairs) == files


def test_new_keys_stand_where_people_write_them():
    files = an_episode()
    pairs = [*form_of(files, summary="Short."), ("topics", "sex"), ("notes-0-about", "text")]
    pairs += [("notes-0-level", "note"), ("notes-0-text", "Frank.")]

    text = write_fields(files, pairs)["index.md"].text

    keys = [
        line.partition(":")[0] for line in text.split("---")[1].splitlines() if line[:1].isalpha()
    ]
    assert keys == ["guid", "title", "slug", "draft", "summary", "topics", "episode", "notes"]


TWO = "Short.\n\n## One {#one}\n\nFirst.\n\n## Two {#two}\n\nSecond. No end"


def test_parts_are_moved_with_their_bytes():
    files = an_episode(body=TWO)

    after = write_fields(files, pressed(form_of(files), "down:parts:0"))["index.md"].text

    assert after.endswith(
        "Short.\n\n## Two {#two}\n\nSecond. No end\n\n## One {#one}\n\nFirst.\n\n"
    )


def test_a_part_is_added_removed_and_put_back():
    files = an_episode(body=TWO)
    gone = pressed(form_of(files), "remove:parts:0")
    added = [
        *pressed(gone, "add:parts:1"),
        ("parts-2-title", "Three, *really*"),
        ("parts-2-text", "- [ ] I did it."),
    ]

    after = split(write_fields(files, added)["index.md"].text)[1]

    assert after == (
        "Short.\n\n## Two {#two}\n\nSecond. No end\n\n"
        "## Three, *really* {#three-really}\n\n- [ ] I did it.\n\n"
    )
    assert write_fields(files, pressed(gone, "back:parts:0")) == files


def test_a_new_id_is_followed_by_all_that_names_the_part():
    front = (
        "notes: [{about: 'part:one', level: note, text: x}]\n"
        "parts: [{id: one, at: 70, by: ear}]\n"
        "corrections: [{date: 2026-04-01, part: one, text: y}]\n"
    )
    files = an_episode(front, TWO)

    text = saved(files, parts__0__id="uno")

    read_back = read(text, file="")
    assert (
        read_back.notes[0].part == read_back.parts[0].id == read_back.corrections[0].part == "uno"
    )
    assert (read_back.parts[0].at, "by: ear" in text, "## One {#uno}" in text) == (70, True, True)


def test_times_are_typed_as_minutes_and_seconds():
    files = an_episode("parts: [{id: two, at: 70}]\n", TWO)

    front = read(
        saved(files, parts__0__at="1:02:03", parts__1__at="1:11", duration="5:00"), file=""
    )

    assert {part.id: part.at for part in front.parts} == {"one": 3723, "two": 71}
    assert front.episode.duration == 300


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"parts__0__at": "soon"}, "parts-0-at"),
        ({"parts__0__title": " "}, "parts-0-title"),
        ({"parts__0__id": "two"}, "parts-1-id"),
        ({"parts__0__id": "1st"}, "parts-0-id"),
        ({"short": "```", "parts__0__text": "```"}, "f-short"),
        ({"parts__0__text": "```", "parts__1__text": "```\n\n```"}, "parts-0-text"),
        ({"duration": "long"}, "f-duration"),
        ({"chapters__0__title": "no time"}, "chapters-0-time"),
        ({"chapters__0__time": "0:10"}, "chapters-0-title"),
    ],
)
def test_what_no_file_can_hold_is_said_at_its_field(changes: dict[str, str], field: str):
    files = an_episode(body=TWO)

    with pytest.raises(FieldsRefused) as refused:
        write_fields(files, form_of(files, **changes))

    assert [name for name, _why in refused.value.problems] == [field]


def test_a_made_id_is_given_once_its_title_changes():
    files = an_episode(body="## Слово\n\nText.\n\n## Слово\n\nAgain.\n")
    pairs = pressed(form_of(files), "remove:parts:0")

    assert "{#" not in files["index.md"].text
    assert write_fields(files, pairs)["index.md"].text.endswith("---\n## Слово\n\nAgain.\n")
    assert "## Word {#word}\n" in saved(files, parts__0__title="Word")


def test_chapters_keep_what_no_form_shows():
    files = a_file(an_episode()["index.md"].text, CHAPTERS)

    after = json.loads(
        write_fields(files, form_of(files, chapters__1__title="Bee"))["chapters.json"].text
    )

    assert after["author"] == "us"
    assert after["chapters"] == [
        {"startTime": 0, "title": "A", "img": "x"},
        {"startTime": 3.25, "toc": False},
        {"startTime": 84.5, "title": "Bee"},
    ]


def test_the_first_chapter_makes_the_file_and_the_last_one_takes_it_away():
    files = an_episode()

    made = write_fields(files, form_of(files, chapters__0__time="0:41", chapters__0__title="In"))
    gone = write_fields(made, pressed(form_of(made), "remove:chapters:0"))

    assert json.loads(made["chapters.json"].text)["chapters"] == [{"startTime": 41, "title": "In"}]
    assert gone == files


def test_a_question_is_written_and_taken_out():
    files = an_episode()

    text = saved(files, question_text="Why?\nReally?", question_sign_off="Me")
    asked = read(text, file="").question

    assert asked is not None
    assert (asked.text, asked.sign_off, asked.edited) == ("Why?\nReally?", "Me", False)
    assert saved(a_file(text), question_text="", question_sign_off="") == files["index.md"].text


def test_groups_that_a_form_does_not_have_stay():
    files = a_file(ODD, CHAPTERS)
    pairs = [pair for pair in form_of(files) if pair[0] != "here" and pair[0] != "topics"]

    assert write_fields(files, [p for p in pairs if "-" not in p[0]]) == files
