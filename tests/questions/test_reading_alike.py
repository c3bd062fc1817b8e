"""How alike two letters are: those of the seeds that ask the same, and those that only sound it."""

import pytest

from webapp.questions.reading_alike import ALIKE, compare, read

SNORES = "My husband snores through earplugs. How do I sleep elsewhere without a row?"
SNORING = "New boyfriend, lovely, snores. The earplugs fall out. How do I tell him?"
TEXTS = "He takes two days to text back. How long may somebody text back slowly and like you?"
TEXTING = "why does it take her a whole day to text back when shes on her phone? do i bring it up"
DEPOSIT = "My landlord keeps our deposit for limescale. How do I get the money from him?"


def score(one: str, other: str, **rarity: float) -> int:
    return compare(read(one, "en-GB"), read(other, "en-GB"), rarity).score


@pytest.mark.parametrize(("one", "other"), [(SNORES, SNORING), (TEXTS, TEXTING)])
def test_letters_that_ask_the_same_are_alike_either_way(one: str, other: str):
    assert score(one, other) >= ALIKE
    assert score(one, other) == score(other, one)


@pytest.mark.parametrize("other", [SNORES, TEXTS, TEXTING])
def test_letters_that_ask_something_else_are_not(other: str):
    assert score(DEPOSIT, other) < ALIKE


def test_the_same_letter_is_as_alike_as_can_be():
    assert score(SNORES, SNORES) > 70
    assert score(SNORES, SNORES) <= 100


def test_the_words_of_both_are_named_as_the_first_has_them():
    assert compare(read(SNORES, "en-GB"), read(SNORING, "en-GB"), {}).words == (
        "earplugs",
        "snores",
    )
    assert "text back" in compare(read(TEXTS, "en-GB"), read(TEXTING, "en-GB"), {}).words


def test_words_of_every_letter_make_none_alike():
    one = "My girlfriend says everyone is honest, except me. Is it fair? What do I say?"
    other = "It is fair, everyone says so, except my boyfriend. What do I say? Honestly?"

    assert score(one, other) == 0


def test_a_rare_word_tells_more_than_a_common_one():
    assert score(SNORES, SNORING, snore=1.0, earplug=1.0) >= score(
        SNORES, SNORING, snore=0.2, earplug=0.2, sleep=1.0, elsewher=1.0
    )


@pytest.mark.parametrize("text", ["", "?", "1 2 3", "😀"])
def test_a_letter_without_words_is_like_nothing(text: str):
    assert score(text, text) == 0


def test_other_languages_are_compared_word_for_word():
    one = read("Mein Freund schnarcht. Darf ich im Wohnzimmer schlafen?", "de")
    other = read("Sie schnarcht furchtbar. Soll ich ins Wohnzimmer ziehen?", "de")

    assert {"Wohnzimmer", "schnarcht"} <= set(compare(one, other, {}).words)
