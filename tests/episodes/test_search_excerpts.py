"""The excerpt of a hit: pieces of plain text, around what was looked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.episodes.searching.excerpts import LENGTH, make_excerpt
from webapp.episodes.searching.query import read_query
from webapp.episodes.searching.words import clean_text

FILLER = "something else and more of it " * 20


def excerpt(text: str, query: str) -> tuple[tuple[str, bool], ...]:
    return make_excerpt(clean_text(text), read_query(query).terms)


def test_a_short_text_is_given_whole_with_its_matches_marked():
    assert excerpt("Thin walls & thick <b>walls</b>.", "wall") == (
        ("Thin ", False),
        ("walls", True),
        (" & thick <b>", False),
        ("walls", True),
        ("</b>.", False),
    )


def test_an_excerpt_begins_and_ends_between_words():
    pieces = excerpt(f"{FILLER}thin walls {FILLER}", "walls")

    text = "".join(piece for piece, _ in pieces)
    assert text.startswith("… ")
    assert text.endswith(" …")
    assert set(text.strip("… ").split()) <= set(FILLER.split()) | {"thin", "walls"}
    assert [piece for piece, is_match in pieces if is_match] == ["walls"]


def test_an_excerpt_is_where_most_of_the_words_are():
    text = f"A wall. {FILLER} The thin wall. {FILLER}"

    assert [piece for piece, is_match in excerpt(text, "thin wall") if is_match] == ["thin", "wall"]


def test_a_text_without_the_words_is_given_from_its_beginning():
    (piece,) = excerpt(FILLER, "walls")

    assert piece[0].startswith("something else")
    assert not piece[1]


def test_a_phrase_is_marked_where_it_stands_together():
    marked = [piece for piece, is_match in excerpt("You, is it you?", '"it you"') if is_match]

    assert marked == ["it you"]


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("Der Cafe\u0301-Besuch", "cafe", ["Café"]),
        ("私達の関係性について", "関係性", ["関係性"]),
        ("ความสัมพันธ์ที่ดี", "พันธ์", ["พันธ์"]),
    ],
)
def test_matches_are_marked_as_they_are_written(text: str, query: str, marked: list[str]):
    assert [piece for piece, is_match in excerpt(text, query) if is_match] == marked


@given(st.text(max_size=400), st.text(min_size=1, max_size=40))
def test_an_excerpt_is_a_piece_of_the_text(text: str, query: str):
    terms = read_query(query).terms
    if not terms:
        return
    whole = clean_text(text)

    pieces = make_excerpt(whole, terms)

    shown = "".join(piece for piece, _ in pieces)
    assert shown.removeprefix("… ").removesuffix(" …") in whole
    assert len(shown) <= LENGTH + 10
    assert all(piece for piece, _ in pieces)
