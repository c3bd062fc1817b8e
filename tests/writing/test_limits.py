import time
from contextlib import suppress

import pytest

from webapp.writing import (
    WritingRefused,
    WritingTooDeep,
    WritingTooLong,
    render_expansion,
    render_text,
)

SECONDS = 20  # of this process's own time; the worst text takes a third of it

HOSTILE = {
    "brackets": "[" * 400_000,
    "brackets in words": ("[" * 4_900 + " ") * 9,
    "picture brackets": ("![" * 2_400 + " ") * 9,
    "footnote brackets": "[^1]: x\n\n" + ("[^" * 2_400 + " ") * 9,
    "link ends": ("](" * 2_400 + " ") * 9,
    "quotation marks": ">" * 100_000,
    "quotation marks apart": "> " * 2_000 + "a",
    "lazy lines in quotations": "> " * 30 + "a\n" + "a\n" * 15_000,
    "deep lists": "\n".join("  " * depth + "- a" for depth in range(400)),
    "deep lists on a line": "- " * 2_000 + "a",
    "long checklist": "- [ ] a\n\n" * 15_000,
    "emphasis": ("*a_" * 1_600 + " ") * 10,
    "code": "".join("e" + "`" * count for count in range(400)),
    "half addresses": ("http://a.b/(" * 400 + " ") * 10,
    "definitions": "a\n: b\n\n" * 8_000,
    "no letters": ("&" * 4_900 + " ") * 10,
    "empty lines": "\n" * 400_000,
    "spaces": "a" + " " * 390_000 + "b",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_are_rendered_or_refused_in_bounded_time(text):
    before = time.process_time()
    with suppress(WritingRefused):
        render_expansion(text, prefix="e")
    assert time.process_time() - before < SECONDS


def test_a_megabyte_is_refused_with_its_size():
    with pytest.raises(WritingTooLong, match="1,000,000 characters"):
        render_text("[" * 1_000_000)


def test_long_texts_that_people_could_write_are_taken():
    paragraph = "It is probably you, and that is good news. " * 20
    assert len(render_text(f"{paragraph}\n\n" * 400)) > 340_000


def test_a_block_without_an_empty_line_has_a_limit():
    with pytest.raises(WritingTooLong, match="without an empty line"):
        render_text("word\r\n" * 25_000)


def test_a_word_has_a_limit():
    with pytest.raises(WritingTooLong, match="word"):
        render_text("a" * 5_001)


@pytest.mark.parametrize("text", ["> " * 30 + "a", "- " * 30 + "a"])
def test_text_that_would_vanish_in_the_depth_is_refused(text):
    with pytest.raises(WritingTooDeep):
        render_text(text)


def test_lists_as_deep_as_people_nest_them_are_taken():
    text = "\n".join("  " * depth + f"- level {depth}" for depth in range(8))
    assert "level 7" in render_text(text)


def test_refusals_are_value_errors():
    assert issubclass(WritingTooLong, ValueError)
    assert issubclass(WritingTooDeep, WritingRefused)
