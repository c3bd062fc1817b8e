"""No text keeps a process busy, and what is too long is said in words."""

from contextlib import suppress

import pytest

from tests.work import bounded_work
from webapp.writing import (
    WritingRefused,
    WritingTooDeep,
    WritingTooLong,
    render_expansion,
    render_text,
)

BLOCK = 98_000  # characters: nearly the longest block, beyond which time grows with the length only


def filled(mark: str) -> str:
    """Return a block of one mark again and again, in words that are nearly too long."""
    word = mark * (4_900 // len(mark)) + " "
    return word * (BLOCK // len(word))


def lined(line: str) -> str:
    """Return a block of one line again and again."""
    return line * (BLOCK // len(line))


MARKS = ["[", "![", "*", "_", "`", "<", "[^1]", "](", "{#id}", "&#x", "\u0301", "\u202e", "\0", "•"]
LINES = [
    *(
        "## a\n\n",
        "## a {#a}\n\n[a](#a)\n\n",
        "- [ ] a\n",
        "☐ a\n",
        "– a\n",
        "a\n--\n",
        "**a**\nb\n",
    ),
    *(
        "**a **b ",
        "~~~ x\n",
        "| a |\n|--|\n",
        "[a]: b\n",
        "&lt;&amp; ",
        "&nbsp;\n",
        "http://a.b\x1c",
    ),
]
HOSTILE = {
    **{f"filled with {mark!r}": filled(mark) for mark in MARKS},
    **{f"lines of {line!r}": lined(line) for line in LINES},
    "footnotes": "".join(f"[^{n}] " for n in range(5_000))
    + "".join(f"\n\n[^{n}]: n" for n in range(5_000)),
    "one footnote": "[^1]: x\n\n" + lined("[^1] "),
    "footnote brackets": "[^1]: x\n\n" + ("[^" * 2_400 + " ") * 9,
    "wide table": "a | " * 8_000 + "\n" + "- | " * 8_000 + "\n" + "b\n" * 9_000,
    "definitions of links": "".join(f"[r{n}]: /x\n\n" for n in range(10_000)) + "[r1] " * 10_000,
    "unclosed fences": "".join("~" * n + " x\n" for n in range(400, 3, -1)) + "```x\n\n" * 10_000,
    "quotation marks": ">" * 4_900,
    "quotation marks apart": "> " * 2_000 + "a",
    "lazy lines in quotations": "> " * 30 + "a\n" + "a\n" * 6_000,
    "deep lists": "\n".join("  " * depth + "- a" for depth in range(400)),
    "deep lists on a line": "- " * 2_000 + "a",
    "deep bullets": "\n".join(" " * (depth % 200) + "• a" for depth in range(900)),
    "emphasis": ("*a_" * 1_600 + " ") * 10,
    "code": "".join("e" + "`" * count for count in range(400)),
    "half addresses": ("http://a.b/(" * 400 + " ") * 10,
    "terms": "a\n: b\n\n" * 8_000,
    "empty lines": "\n" * 400_000,
    "spaces": "a" + " " * 90_000 + "b" + "\u00a0" * 9_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_are_rendered_or_refused_in_bounded_time(text):
    with bounded_work(800), suppress(WritingRefused):
        render_expansion(text, prefix="e")


@pytest.mark.parametrize("mark", [mark for mark in MARKS if len(mark) == 1])
def test_a_megabyte_is_refused_with_its_size(mark):
    with pytest.raises(WritingTooLong, match="1,000,000 characters"):
        render_text(mark * 1_000_000)


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"[^{n}] [^{n}]: n\n\n" for n in range(50_000)),
        "|a" * 10_000 + "|\n" + "|-" * 10_000 + "|\n",
        "&amp;" * 10_000,
    ],
    ids=["50,000 footnotes", "10,000 columns", "a word of entities"],
)
def test_what_nobody_writes_is_refused_in_words(text):
    with pytest.raises(WritingTooLong, match=r"characters.*\."):
        render_expansion(text, prefix="e")


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
