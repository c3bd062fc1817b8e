"""YAML as it was typed: values stay text, and each knows its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.episodes.marked_yaml import MAX_CHARACTERS, dotted, load
from webapp.episodes.problems import BundleRefused


def refused(text: str, first_line: int = 1) -> list[tuple[int, str, str]]:
    with pytest.raises(BundleRefused) as caught:
        load(text, file="show.yaml", first_line=first_line)
    return [(problem.line, problem.key, problem.expected) for problem in caught.value.problems]


def test_values_stay_the_text_in_the_file():
    text = "a: no\nb: 012\nc: 12:30\nd: 2026-01-02\ne: 1_000\nf: 'true'\ng: |\n  x\n  y\nh:\ni: ~"
    assert load(text, file="f").value == {
        "a": "no",
        "b": "012",
        "c": "12:30",
        "d": "2026-01-02",
        "e": "1_000",
        "f": "true",
        "g": "x\ny\n",
        "h": None,
        "i": None,
    }


def test_every_value_has_its_line():
    marked = load("a: 1\nb:\n  - c\n  - {d: 1,\n     e: 2}\n", file="f", first_line=10)
    assert marked.line_of(("a",)) == 10
    assert marked.line_of(("b",)) == 11
    assert marked.line_of(("b", 1, "e")) == 14
    assert marked.line_of(("b", 1, "missing")) == 13


@pytest.mark.parametrize("text", ["", "# a comment", "---\n"])
def test_an_empty_file_has_no_value(text):
    assert load(text, file="f").value is None


def test_repeated_keys_are_refused_at_any_depth():
    assert refused("a: 1\nb: {c: 1, c: 2}\na: 3") == [
        (2, "b.c", "expected each key once; it stands already on line 2"),
        (3, "a", "expected each key once; it stands already on line 1"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("a: b: c", 1, "quotation marks"),
        ("a: 1\n\tb: 2", 2, "tabs"),
        ('a: "b\nc: 1', 1, "closing quotation mark"),
        ("a: 0\nb: [1, 2\nc: 3", 2, "closing bracket ]"),
        ("a: {b: 1\nc: 2", 1, "closing bracket }"),
        ("a: 'it's'", 1, "double quotation marks"),
        ("a: @b", 1, "@"),
        ('a: "\\q"', 1, "backslashes"),
        ("a: *b", 1, "value itself"),
        ("a: &b [*b]", 1, "value itself"),
        ("a: &b 1\nc: *b", 2, "value itself"),
        ("a: 1\n---\nb: 2", 2, "one document"),
        ("a: !!python/object:os.system x", 1, "tag"),
        ("a: !mine x", 1, "tag"),
        ('a: "b\\0c"', 1, "control characters"),
        ('a: "b\\ud800c"', 1, "control characters"),
        ("a: \x01", 1, "YAML"),
        ("[" * 5_000, 1, "YAML"),
        ("a: " * 5_000, 1, "quotation marks"),
        ("x" * (MAX_CHARACTERS + 1), 0, "characters"),
    ],
)
def test_mistakes_of_notation_are_named_by_line_and_in_words(text, line, word):
    found = refused(text)
    assert found[0][0] == line
    assert word in found[0][2]


def test_lines_count_from_the_line_that_is_given():
    assert refused("a: b: c", first_line=7)[0][0] == 7


def test_many_aliases_of_aliases_are_refused_at_once():
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    assert len(refused("\n".join(lines))) < 100


def test_places_are_written_as_people_count():
    assert dotted(("resources", 1, "checked")) == "resources.2.checked"


@given(st.text(alphabet="ab:-[]{}&*!|>'\"#%@,\n \t?0", max_size=60))
def test_any_text_is_read_or_refused(text):
    try:
        load(text, file="f")
    except BundleRefused as error:
        assert error.problems  # noqa: PT017 - either outcome is right
