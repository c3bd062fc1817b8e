"""An episode's file as the studio writes it: read as it was meant, its other bytes as before."""

from datetime import UTC, datetime

import pytest

from webapp.episodes.front_matter import read
from webapp.studio.drafts import compose, dated

MOMENT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
HEAD = """\
guid: one # kept for ever
title: 'Thin walls'
draft: true
slug: thin-walls
episode: {season: 1, number: 2}
mine:   [unknown,   "and kept"]
"""
BODY = "\nKnock   first.\n\n## Then {#then}\n\ndraft: true\n"
SOURCE = f"---\n{HEAD}---\n{BODY}"


def test_what_is_composed_reads_back_as_it_was_meant():
    front = {
        "guid": "one",
        "title": 'Yes: "no" # and #1',
        "slug": "yes-no",
        "draft": True,
        "question": {"text": "One?\n\n  Two: — ü\n- three", "sign_off": "@me", "asked": "2026-01"},
        "episode": {"season": 1, "number": 2},
    }

    found = read(compose(front, "Later.\n"), file="index.md")

    assert found.title == front["title"]
    assert found.question.text == front["question"]["text"]
    assert found.question.sign_off == "@me"
    assert found.question.asked == "2026-01"
    assert (found.draft, found.date) == (True, None)


def test_a_draft_gets_its_date_and_keeps_all_other_bytes():
    out = dated(SOURCE, MOMENT)

    assert read(out, file="index.md").date == MOMENT
    expected = HEAD.replace("draft: true", "draft: false") + "date: 2026-11-20T08:30:00+00:00\n"
    assert out == f"---\n{expected}---\n{BODY}"


def test_what_is_taken_back_is_a_draft_and_keeps_its_date():
    back = dated(dated(SOURCE, MOMENT), None)

    found = read(back, file="index.md")
    assert (found.draft, found.date) == (True, MOMENT)
    assert back.count("draft: true") == 2


def test_a_file_that_says_so_already_keeps_every_byte():
    written = SOURCE.replace("draft: true\nslug", "date: 2026-11-20 09:30:00 +01:00\nslug")

    assert dated(written, MOMENT) == written
    assert dated(SOURCE, None) == SOURCE


@pytest.mark.parametrize("newline", ["\r\n", "\n"])
def test_a_files_own_newlines_stay(newline: str):
    source = SOURCE.replace("\n", newline)

    out = dated(source, MOMENT)

    assert read(out, file="index.md").date == MOMENT
    assert ("\r\n" in out) is (newline == "\r\n")
    assert out.count("\n") == source.count("\n") + 1


@pytest.mark.parametrize(
    "head",
    [
        "{guid: one, title: a, slug: a, draft: true, episode: {season: 1, number: 2}}\n",
        'guid: one\ntitle: a\nslug: a\n"draft": true\nepisode: {season: 1, number: 2}\n',
        "guid: one\ntitle: a\nslug: a\ndraft:\n  true\nepisode: {season: 1, number: 2}\n",
    ],
)
def test_a_head_that_is_written_otherwise_is_written_anew(head: str):
    out = dated(f"---\n{head}---\n{BODY}", MOMENT)

    found = read(out, file="index.md")
    assert (found.date, found.draft, found.guid) == (MOMENT, False, "one")
    assert out.endswith(BODY)
