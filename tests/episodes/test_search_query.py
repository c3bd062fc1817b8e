"""Reading what was typed into the search: everything is text, nothing is refused."""

import pytest

from webapp.episodes.searching.query import Term, read_query
from webapp.episodes.searching.words import clean_text, find_words


def words(text: str) -> list[str]:
    return [word.folded for word in find_words(text)]


def test_every_word_is_a_beginning_and_a_single_letter_a_word():
    assert read_query("Thin a walls").terms == (
        Term(("thin",), prefix=True),
        Term(("a",), prefix=False),
        Term(("walls",), prefix=True),
    )


def test_words_between_quotes_stand_together():
    assert read_query('so "thin walls" “it is”').terms == (
        Term(("so",), prefix=True),
        Term(("thin", "walls"), prefix=False),
        Term(("it", "is"), prefix=False),
    )


@pytest.mark.parametrize(
    "typed", ['thin AND* walls"', "(thin) +and -walls", "^thin: and/walls", "«thin and, walls"]
)
def test_operators_and_lonely_quotes_are_just_text(typed: str):
    assert [term.words for term in read_query(typed).terms] == [("thin",), ("and",), ("walls",)]


@pytest.mark.parametrize(
    "typed", ["", " ", '""', "***", "🎉👩‍👩‍👧", "؟!", "\x00\ud800\u202e", '"-"']
)
def test_a_query_without_a_word_is_empty(typed: str):
    query = read_query(typed)

    assert (query.text, query.terms, query.cut) == ("", (), False)


def test_the_query_is_given_back_without_what_nobody_sees():
    assert read_query("  cafe\u0301\x00\n\u202ewalls\ud800 ").text == "café walls"


@pytest.mark.parametrize(
    ("typed", "cut"),
    [
        ("wall " * 2_000, True),
        (" ".join(f"w{number}" for number in range(13)), True),
        (" ".join(f"w{number}" for number in range(12)), False),
        ('"' + "wall, a " * 7 + '"', True),
        ("w" * 200, False),
        ("w" * 201, True),
    ],
)
def test_the_beginning_of_a_long_query_is_used(typed: str, cut: bool):
    query = read_query(typed)

    assert query.cut == cut
    assert 1 <= sum(len(term.words) for term in query.terms) <= 12
    assert len(query.text) <= 200


def test_a_word_twice_is_looked_for_once():
    assert len(read_query("wall wall WALL").terms) == 1


def test_a_run_of_letters_without_spaces_stands_together():
    assert read_query("関係性").terms == (Term(("関係", "係性"), prefix=False),)
    assert read_query("関係").terms == (Term(("関係",), prefix=True),)
    assert read_query("関").terms == (Term(("関",), prefix=True),)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Don’t! DON'T don‘t", ["dont", "dont", "dont"]),
        ("the show's, l'amour", ["the", "shows", "l", "amour"]),
        ("Tシャツ", ["t", "シャ", "ャツ", "ツ"]),
        ("½ ﬁne ²", ["12", "fine", "2"]),
        ("snake_case", ["snake", "case"]),
        ("x" * 50, ["x" * 40]),
        ("हिन्दी", ["हनद"]),
    ],
)
def test_words_are_folded(text: str, folded: list[str]):
    assert words(text) == folded


def test_words_say_where_they_stand():
    text = "So — Straße, 関係性"

    assert [text[word.start : word.end] for word in find_words(text)] == [
        "So",
        "Straße",
        "関係",
        "係性",
        "性",
    ]


def test_a_text_is_one_line_of_what_can_be_seen():
    assert clean_text("a\x00b\n\n c\u00ad\u202ed\ud800") == "a b cd"
