"""What a text gives away: how the marks are cut, named, found again and reworded."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.work import bounded_work
from webapp.questions.giveaways import (
    Giveaway,
    Piece,
    find_giveaways,
    find_marked,
    pieces,
    reword,
    reword_all,
)

LETTER = "My boyfriend Daniel snores. Daniel lives with me on Sundays. I told Daniel’s mum."

# Bits of letters, so that any order of them meets the rules and not only plain text.
BITS = st.sampled_from(
    re.findall(
        r"[^\s]+|\n",
        """
        my our a the boyfriend girlfriends sister ex friend, boss head of claims Daniel Daniel’s and
        Okafor Anna, Will Mr Dr. Uncle & called is he’s name St Bride's Academy school University in
        on at to live lives from Hebden Bridge I’m 34 thirty-four years old work for Thornbeck 14
        February May 2024 3/4/2025 9 Larkspur Row HX7 8AB AB12 CDE 07700 900142 +44 @daniel u/daniel
        dan@example.org dan [at] example [dot] org instagram.com/dan Thanks, Love X somebody a town
        company private ( ) , . – : - ’ ask (Daniel) Hi since 3rd teach Mrs wife: ex-husband, he
        """,
    )
)
LETTERS = st.lists(BITS, max_size=25).map(" ".join)
TEXTS = st.one_of(st.text(), LETTERS)


def test_a_text_without_details_has_no_marks():
    assert find_giveaways("Is it normal to miss him?") == ()


def test_a_giveaway_says_what_it_is_why_and_what_to_write_instead():
    assert find_giveaways("I told Daniel, my boyfriend.") == (
        Giveaway(
            start=7,
            end=27,
            text="Daniel, my boyfriend",
            kind="name",
            why="Somebody who knows you both may recognise the name.",
            instead="my boyfriend",
        ),
    )


def test_pieces_are_plain_and_marked_in_turn():
    text = "Ring 07700 900142 soon"
    (number,) = find_giveaways(text)

    assert pieces(text, (number,)) == (
        Piece("Ring "),
        Piece("07700 900142", number),
        Piece(" soon"),
    )


def test_a_text_without_marks_is_one_piece_and_an_empty_one_is_none():
    assert pieces("Is it me?", ()) == (Piece("Is it me?"),)
    assert pieces("", ()) == ()


@pytest.mark.parametrize("text", ["a@example.org 07700 900142", "I met him on 14 February"])
def test_marks_may_stand_at_either_end(text: str):
    cut = pieces(text, find_giveaways(text))

    assert "".join(piece.text for piece in cut) == text
    assert cut[-1].giveaway


def test_one_giveaway_is_reworded_and_the_rest_stays():
    first, second, third = find_giveaways(LETTER)

    assert reword(LETTER, second) == (
        "My boyfriend Daniel snores. My boyfriend lives with me on Sundays. I told Daniel’s mum."
    )
    assert [first.instead, third.instead] == ["My boyfriend", "my boyfriend"]


def test_all_giveaways_are_reworded_at_once():
    assert reword_all(LETTER, find_giveaways(LETTER)) == (
        "My boyfriend snores. My boyfriend lives with me on Sundays. I told my boyfriend’s mum."
    )


def test_a_mark_names_the_fragment_and_which_of_its_kind_it_is():
    assert [giveaway.mark for giveaway in find_giveaways(LETTER)] == [
        "1:My boyfriend Daniel",
        "1:Daniel",
        "2:Daniel",
    ]


def test_a_mark_is_found_in_a_text_that_has_grown_meanwhile():
    grown = f"Dear show, this is hard to write. {LETTER} Thank you."

    found = find_marked(grown, "2:Daniel")

    assert found is not None
    assert grown[found.start : found.end + 6] == "Daniel’s mum"


def test_a_mark_stands_for_the_last_of_its_fragment_when_others_have_gone():
    shorter = "My boyfriend Daniel snores. I told Daniel’s mum."

    found = find_marked(shorter, "2:Daniel")

    assert found is not None
    assert shorter[found.start :] == "Daniel’s mum."


def test_a_mark_does_not_mind_how_a_browser_sends_its_spaces():
    assert find_marked("Ring 07700\u00a0900142 soon", "1:07700 900142") is not None


@pytest.mark.parametrize(
    "mark",
    ["", "Daniel", "1:", ":Daniel", "1:Kate", "x:Daniel", "²:Daniel", "9" * 5000 + ":Daniel"],
)
def test_a_mark_that_names_nothing_in_the_text_finds_nothing(mark: str):
    assert find_marked(LETTER, mark) is None


def test_a_mark_is_looked_for_with_the_same_country():
    text = "My number is 612 345 678."

    assert find_marked(text, "1:612 345 678") is None
    assert find_marked(text, "1:612 345 678", country="ES") is not None


@settings(deadline=None)
@given(TEXTS)
@example(LETTER)
def test_pieces_join_to_the_text(text: str):
    assert "".join(piece.text for piece in pieces(text, find_giveaways(text))) == text


@settings(deadline=None)
@given(TEXTS)
@example(LETTER)
def test_giveaways_are_in_order_apart_and_where_they_say(text: str):
    done = 0
    for giveaway in find_giveaways(text, country="GB"):
        assert done <= giveaway.start < giveaway.end
        assert text[giveaway.start : giveaway.end] == giveaway.text
        assert giveaway.instead
        done = giveaway.end


@settings(deadline=None)
@given(TEXTS)
@example(LETTER)
def test_rewording_changes_only_the_fragment(text: str):
    for giveaway in find_giveaways(text):
        reworded = reword(text, giveaway)
        assert reworded.startswith(text[: giveaway.start] + giveaway.instead)
        assert reworded.endswith(giveaway.instead + text[giveaway.end :])
        assert len(reworded) - len(text) == len(giveaway.instead) - len(giveaway.text)


@settings(deadline=None)
@given(TEXTS)
@example(LETTER)
def test_a_mark_finds_its_own_giveaway(text: str):
    for giveaway in find_giveaways(text):
        assert find_marked(text, giveaway.mark) == giveaway


@settings(deadline=None)
@given(TEXTS)
@example(LETTER)
def test_suggested_words_give_nothing_away_themselves(text: str):
    for giveaway in find_giveaways(text):
        start, end = giveaway.start, giveaway.start + len(giveaway.instead)
        again = find_giveaways(reword(text, giveaway))
        assert not [found for found in again if start <= found.start and found.end <= end]


@settings(deadline=None)
@given(TEXTS)
@example(LETTER)
def test_taking_every_suggestion_comes_to_an_end(text: str):
    rounds = 0
    while giveaways := find_giveaways(text):
        text = reword_all(text, giveaways)
        rounds += 1
        assert rounds <= 4


@pytest.mark.parametrize(
    "unit",
    [
        *("a", "A", "1", "@", ". ", "((", "[[", "\n", "-", "’", "é", "字", "\U0001f600", "\0"),
        *("A-", "a@", "a.", "@a.", "1-", "12 ", "+1", "u/", "www.", "a [at] b ", "a at b dot "),
        *("Aa ", "Aa & ", "Aa of ", "St A’s ", "Aa, IL ", "1 Aa ", "rue ", "of ", "the the "),
        *("my ", "my friend ", "my friend Anna ", "Anna, my friend, ", "his name is Aa ", "Mr Aa "),
        *(
            "07700 900142,",
            "+44 7700 900142; ",
            "14 May ",
            "1/2/2024 ",
            "is 34 ",
            "lives ",
            "work ",
        ),
    ],
)
def test_a_hostile_text_costs_little(unit: str):
    text = (unit * 4000)[:4000]

    with bounded_work(30):
        find_giveaways(text, country="GB")
