"""Six words, and what is forgiven in typing them."""

import secrets

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.questions import receipts
from webapp.storage.sealing import PURPOSES, Keyring

KEYS = Keyring({1: b"s" * 32}, {purpose: purpose.encode().ljust(32) for purpose in PURPOSES})
WORDS = receipts.words_for(KEYS, b"a nonce of bytes")


def test_word_list_has_the_length_that_gives_77_bits():
    words = receipts.word_list()

    assert len(words) == 7776
    assert len(set(words)) == 7776
    assert all(word.isascii() and word.isalpha() and word.islower() for word in words)


@given(st.binary(min_size=16, max_size=16))
def test_receipt_is_the_same_each_time_for_one_nonce(nonce: bytes):
    words = receipts.words_for(KEYS, nonce)

    assert words == receipts.words_for(KEYS, nonce)
    assert len(words) == 6
    assert set(words) <= set(receipts.word_list())


def test_receipt_depends_on_the_key():
    other = Keyring(KEYS.sealing, {purpose: secrets.token_bytes(32) for purpose in PURPOSES})

    assert receipts.words_for(other, b"a nonce of bytes") != WORDS
    assert receipts.lookup_for(other, WORDS) != receipts.lookup_for(KEYS, WORDS)


def test_receipt_is_found_by_our_own_key_first_and_by_those_of_houses_that_moved_here():
    both = Keyring(KEYS.sealing, KEYS.purposes, brought=(b"k" * 32,))
    theirs = Keyring({}, {"receipt-lookup": b"k" * 32})

    assert receipts.ways_to_find(both, WORDS) == (
        receipts.lookup_for(KEYS, WORDS),
        receipts.lookup_for(theirs, WORDS),
    )
    assert receipts.lookup_for(both, WORDS) == receipts.lookup_for(KEYS, WORDS)


@pytest.mark.parametrize("separator", [" ", "  ", "-", ", ", "\n", " / ", ".", "\u00a0"])
def test_separators_and_case_do_not_matter(separator: str):
    typed = separator.join(WORDS).upper()

    assert receipts.readings(typed)[0] == WORDS


@settings(deadline=None)
@given(st.integers(0, 5), st.data())
def test_one_slip_in_one_word_is_forgiven(place: int, data: st.DataObject):
    word = WORDS[place]
    at = data.draw(st.integers(0, len(word) - 1))
    slip = data.draw(
        st.sampled_from(
            [
                word[:at] + word[at + 1 :],
                word[:at] + "q" + word[at:],
                word[:at] + "q" + word[at + 1 :],
                word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
            ]
        )
    )
    typed = " ".join((*WORDS[:place], slip, *WORDS[place + 1 :]))

    if slip:
        assert WORDS in receipts.readings(typed)


@pytest.mark.parametrize("place", range(6))
@pytest.mark.parametrize("slip", [";", "0", "é", " ", "-", "\u2019"])
def test_a_slip_that_is_no_letter_is_forgiven(place: int, slip: str):
    word = WORDS[place]
    for slipped in (word[:2] + slip + word[3:], word[:2] + slip + word[2:]):
        typed = " ".join((*WORDS[:place], slipped, *WORDS[place + 1 :]))
        assert WORDS in receipts.readings(typed)


@pytest.mark.parametrize("place", range(5))
def test_a_space_left_out_is_forgiven(place: int):
    joined = WORDS[place] + WORDS[place + 1]
    typed = " ".join((*WORDS[:place], joined, *WORDS[place + 2 :]))

    assert WORDS in receipts.readings(typed)


def test_slips_in_two_words_are_not_forgiven():
    typed = " ".join(("zzzqx", "qqqzx", *WORDS[2:]))

    assert receipts.readings(typed) == ()


@pytest.mark.parametrize(
    "typed", ["", "one two three", " ".join(WORDS) + " more", "1 2 3 4 5 6", "\0"]
)
def test_what_is_not_six_words_is_no_receipt(typed: str):
    assert receipts.readings(typed) == ()


def test_a_megabyte_is_no_receipt_and_costs_nothing():
    assert receipts.readings("word " * 200_000) == ()
