"""An episode's front matter: what it says, and what is refused by which line."""

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.episodes.front_matter import read, split
from webapp.episodes.problems import BundleRefused

EXAMPLE = """\
---
guid: 6b3f1c0e            # permanent
title: "Getting to yes is the wrong way round"
slug: getting-to-yes
date: 2026-03-03T08:00:00+01:00
draft: false
summary: "..."
topics: [communication, sex]
aliases: ["/old/address"]
question: {text: "...", sign_off: "Curious in Kansas", asked: 2026-01, edited: true}
episode: {season: 1, number: 1, type: full, duration: 1867, explicit: true}
media: [{file: video.mp4, primary: true}, {file: audio.m4a}, {url: "https://a.b", label: "Watch"}]
notes: [{about: video, level: adult, text: "..."}, {about: part:three, level: note, text: "..."}]
contributors: [{person: the-host, role: host}, {person: a-guest, role: guest, disclosure: "not"}]
parts: [{id: one, at: 252}]
resources: [{kind: book, title: "T", by: "B", url: "", country: "", cost: "", checked: 2026-03-01}]
corrections: [{date: 2026-04-01, part: two, text: "..."}]
somebodys_own: {key: [1, 2]}
---
Body
"""
LEAST = {
    "guid": "g",
    "title": "T",
    "slug": "s",
    "date": "2026-03-03T08:00:00Z",
    "episode": "{season: 1, number: 2}",
}


def file_with(**keys: str) -> str:
    lines = [f"{key}: {value}" for key, value in (LEAST | keys).items()]
    return "\n".join(["---", *lines, "---", "Body"])


def problems(source: str) -> list[tuple[int, str, str]]:
    with pytest.raises(BundleRefused) as caught:
        read(source, file="index.md")
    assert {problem.file for problem in caught.value.problems} == {"index.md"}
    return [(problem.line, problem.key, problem.expected) for problem in caught.value.problems]


def test_a_whole_head_is_read():
    front = read(EXAMPLE, file="index.md")
    assert front.title == "Getting to yes is the wrong way round"
    assert front.date == datetime(2026, 3, 3, 8, tzinfo=timezone(timedelta(hours=1)))
    assert front.topics == ("communication", "sex")
    assert front.question is not None
    assert (front.question.asked, front.question.edited) == ("2026-01", True)
    assert (front.episode.season, front.episode.duration) == (1, 1867)
    assert [(item.file, item.url, item.primary) for item in front.media] == [
        ("video.mp4", "", True),
        ("audio.m4a", "", False),
        ("", "https://a.b", False),
    ]
    assert [note.part for note in front.notes] == ["", "three"]
    assert front.resources[0].checked == date(2026, 3, 1)
    assert front.corrections[0].part == "two"


def test_what_is_left_out_has_a_default():
    front = read(file_with(), file="index.md")
    assert front.question is None
    assert (front.draft, front.summary, front.media, front.parts) == (False, "", (), ())
    assert (front.episode.type, front.episode.duration, front.episode.explicit) == (
        "full",
        0,
        False,
    )


@pytest.mark.parametrize("empty", ["", "~", "null"])
def test_a_key_without_a_value_counts_as_left_out(empty):
    assert read(file_with(topics=empty, summary=empty), file="index.md").topics == ()


@pytest.mark.parametrize("word", ["no", "yes", "off", "12:30", "1984", "007", "1e3", "2026-03-03"])
def test_a_word_stays_the_word_that_was_written(word):
    assert read(file_with(title=word), file="index.md").title == word


@pytest.mark.parametrize(
    ("written", "hours"),
    [
        ("2026-03-03T08:00:00+01:00", 1),
        ("2026-03-03 08:00:00 +01:00", 1),
        ('"2026-03-03T08:00Z"', 0),
        ("2026-03-03t08:00:00.5-0330", -3.5),
    ],
)
def test_a_date_keeps_its_zone(written, hours):
    moment = read(file_with(date=written), file="index.md").date
    assert moment is not None
    assert moment.utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize(
    "written",
    [
        *("2026-03-03", "2026-03-03T08:00:00", "1772524800", "2026-02-30T08:00:00Z", "soon"),
        *("2026-03-03T25:00:00Z", "0001-01-01T00:00:00+01:00", "[1]", "20260303T080000Z"),
    ],
)
def test_a_date_without_time_or_zone_is_refused_in_plain_words(written):
    assert problems(file_with(date=written)) == [
        (5, "date", "expected a date with a time and a zone, such as 2026-03-03T08:00:00+01:00")
    ]


def test_only_a_draft_needs_no_date():
    assert read(file_with(date="", draft="true"), file="index.md").date is None
    ((line, key, expected),) = problems(file_with(date=""))
    assert (line, key) == (5, "date")
    assert expected.endswith("or draft: true")


def test_every_problem_of_a_file_is_reported_at_once():
    source = file_with(
        slug="Getting To Yes",
        date="2026-03-03",
        draft="no",
        topics="sex",
        question="{text: x, asked: 2026-13}",
        episode="{season: 0, type: ful}",
        media="[{file: ../x.mp4}, {url: 'javascript:x'}, {}, video.mp4]",
        notes="[{about: film, level: adlt, text: x}]",
    )
    assert [(line, key) for line, key, _expected in problems(source)] == [
        (4, "slug"),
        (5, "date"),
        (6, "episode.season"),
        (6, "episode.number"),
        (6, "episode.type"),
        (7, "draft"),
        (8, "topics"),
        (9, "question.asked"),
        (10, "media.1.file"),
        (10, "media.2.url"),
        (10, "media.3.url"),
        (10, "media.4"),
        (11, "notes.1.about"),
        (11, "notes.1.level"),
    ]


def test_missing_keys_are_named():
    assert problems("---\ntitle: T\n---\n")[0] == (
        2,
        "guid",
        "expected an identifier that never changes, such as a UUID; the key is missing",
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("slug", "a--b"),
        ("slug", "-a"),
        ("guid", '" "'),
        ("title", '" "'),
        ("draft", "1"),
        ("aliases", '["https://elsewhere.example/"]'),
        ("aliases", '["//elsewhere.example"]'),
        ("aliases", '["/a", "/a"]'),
        ("topics", "[Sex]"),
        ("topics", "[sex, sex]"),
        ("episode", "{season: 1, number: 1.5}"),
        ("episode", "{season: 1, number: 1, duration: 12:30}"),
        ("episode", "{season: 1, number: 1, duration: -1}"),
        ("episode", "[1]"),
        ("media", "[{file: video.mp4}, {file: video.mp4}]"),
        ("media", "[{file: a.mp4, primary: true}, {file: b.mp4, primary: true}]"),
        ("media", "[{file: a.mp4, url: 'https://a.example'}]"),
        ("media", "[{file: /etc/passwd.mp4}]"),
        ("media", "[{file: 'a/b.mp4'}]"),
        ("media", "[{file: .hidden.mp4}]"),
        ("media", "[{file: video}]"),
        ("parts", "[{id: one, at: 1}, {id: one, at: 2}]"),
        ("parts", "[{id: one}]"),
        ("contributors", "[{person: The Host, role: host}]"),
        ("resources", "[{kind: book, title: x, url: 'ftp://a'}]"),
        ("resources", "[{kind: book, title: x, country: gb}]"),
        ("resources", "[{kind: book, title: x, checked: 2026}]"),
        ("corrections", "[{date: 2026-04-31, text: x}]"),
        ("corrections", "[{date: 2026-04-01}]"),
        ("question", "{sign_off: x}"),
        ("question", '{text: "a", asked: 2026-01-15}'),
    ],
)
def test_wrong_values_are_refused_without_jargon(key, value):
    for _line, at, expected in problems(file_with(**{key: value})):
        assert at.split(".")[0] == key
        assert expected.startswith("expected ")
        for jargon in ("string", "valid", "input", "pydantic", "tuple", "pattern", "dict"):
            assert jargon not in expected


@pytest.mark.parametrize(
    ("written", "meant"),
    [("titel", "title"), ("Title", "title"), ("alias", "aliases"), ("corection", "corrections")],
)
def test_a_misspelt_key_is_refused_with_the_right_one(written, meant):
    right = file_with(aliases="[]", corrections="[]")
    found = problems(right.replace(f"\n{meant}:", f"\n{written}:"))
    assert [(key, expected) for _line, key, expected in found] == [
        (written, f"expected the key “{meant}”")
    ]


def test_misspelt_keys_are_found_inside_lists_too():
    assert problems(file_with(resources="[{kind: book, titel: x, chekced: 2026-03-01}]")) == [
        (7, "resources.1.titel", "expected the key “title”"),
        (7, "resources.1.chekced", "expected the key “checked”"),
    ]


def test_keys_that_resemble_nothing_are_somebodys_own():
    source = file_with(mood="good", layout="wide", topics="[sex]", topic="sex")
    assert read(source, file="index.md").topics == ("sex",)


def test_splitting_keeps_every_byte_of_the_body():
    assert split("---\na: 1\n---\n\n Body\r\n") == ("a: 1\n", "\n Body\r\n")
    assert split("\ufeff--- \r\na: 1\r\n...\r\nBody") == ("a: 1\r\n", "Body")
    assert split("---\na: 1\n---") == ("a: 1\n", "")


@given(st.text(), st.text())
def test_splitting_gives_back_what_was_put_together(yaml_text, body):
    if not any(line.rstrip(" \t\r") in {"---", "..."} for line in yaml_text.split("\n")):
        assert split(f"---\n{yaml_text}\n---\n{body}") == (f"{yaml_text}\n", body)


@pytest.mark.parametrize("source", ["", "Body", " ---\na: 1\n---\n", "---\na: 1\n", "---"])
def test_a_file_without_front_matter_is_refused(source):
    with pytest.raises(ValueError, match="front matter"):
        split(source)
    assert problems(source)[0][:2] == (1, "")
