"""The question in an episode's file: put in and taken out, all other bytes as they were."""

import pytest

from webapp.episodes.front_matter import read
from webapp.episodes.question_block import keepable, with_question

ASKED = {
    "text": "One?\n\n  Two: — ü\n- three",
    "sign_off": "@me",
    "asked": "2026-01",
    "edited": True,
}
HEAD = """\
guid: one # kept for ever
title: 'Thin walls'
slug: thin-walls
date: 2026-03-03 09:00:00 +01:00
{}episode: {{season: 1, number: 2}}
mine:   [unknown,   "and kept"]
"""
BODY = "\nKnock   first.\n\nquestion: no key\n"
WITHOUT = f"---\n{HEAD.format('')}---\n{BODY}"


def test_a_question_is_put_in_before_the_numbers_and_taken_out_again():
    printed = with_question(WITHOUT, ASKED)

    assert read(printed, file="index.md").question.model_dump() == ASKED
    assert printed.index("question:\n") < printed.index("episode:")
    assert with_question(printed, None) == WITHOUT


def test_another_one_takes_its_place():
    printed = with_question(with_question(WITHOUT, ASKED), ASKED | {"text": "Another."})

    assert read(printed, file="index.md").question.text == "Another."
    assert with_question(printed, None) == WITHOUT


@pytest.mark.parametrize(
    "block",
    [
        "question: {text: 'A secret', sign_off: x}\n",
        "question:\n  text: |\n    A secret\n\n    of mine\n  # A secret too\n  sign_off: x\n",
        "question:\n  text: >-\n    A secret\n  edited: true\n",
        '"question":\n    text: "A \\\n      secret"\n',
    ],
)
def test_however_it_was_written_nothing_of_it_stays(block: str):
    source = f"---\n{HEAD.format(block)}---\n{BODY}"

    assert with_question(source, None) == WITHOUT


def test_a_file_without_one_keeps_every_byte():
    assert with_question(WITHOUT, None) == WITHOUT


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_files_own_newlines_stay(mark: str):
    source = mark + WITHOUT.replace("\n", "\r\n")

    printed = with_question(source, ASKED)

    assert read(printed, file="index.md").question.text == ASKED["text"]
    assert printed.count("\n") == printed.count("\r\n")
    assert with_question(printed, None) == source


def test_one_that_has_no_line_for_each_key_is_written_anew():
    head = (
        "{guid: one, title: a, slug: a, draft: true, question: {text: old}, "
        "episode: {season: 1, number: 2}}\n"
    )

    printed = with_question(f"---\n{head}---\n{BODY}", ASKED)
    out = with_question(f"---\n{head}---\n{BODY}", None)

    assert read(printed, file="index.md").question.text == ASKED["text"]
    assert read(out, file="index.md").question is None
    assert "old" not in printed + out
    assert out.endswith(BODY)


def test_what_no_file_may_have_is_left_out():
    assert keepable("a\x00b\r\nc\x85d\rе") == "ab\ncd\nе"
