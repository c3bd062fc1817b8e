"""What was put into a text and taken out of it, word by word."""

import random

import pytest

from webapp.moderation.diffing import ADDED, SAME, TAKEN, Change, diff, marked
from webapp.questions.giveaways import find_giveaways


def in_short(changes: tuple[Change, ...]) -> str:
    signs = {SAME: "{}", ADDED: "+{}+", TAKEN: "-{}-"}
    return "".join(signs[change.kind].format(change.text) for change in changes)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("I live in Leeds.", "I live in the north.", "I live in -Leeds-+the north+."),
        ("a b", "a x y b", "a +x y +b"),
        ("a x y b", "a b", "a -x y -b"),
        ("one two three", "four five three", "-one two-+four five+ three"),
        ("same", "same", "same"),
        ("", "", ""),
        ("", "All new.", "+All new.+"),
        ("All gone.", "", "-All gone.-"),
        ("One.\n\nTwo.", "One.\n\nThree.", "One.\n\n-Two-+Three+."),
        ("don't", "don’t", "-don't-+don’t+"),
        ("a a a", "a a", "a a- a-"),
    ],
)
def test_changes_are_words(before: str, after: str, shown: str):
    assert in_short(diff(before, after)) == shown


def texts(words: int, length: int, seed: int) -> str:
    chosen = random.Random(seed)  # noqa: S311 - no secret
    text = ""
    while len(text) < length:
        text += f"w{chosen.randrange(words)}{chosen.choice(' ,.')}"
    return text[:length]


@pytest.mark.parametrize("words", [1, 2, 60, 150, 1000])
def test_the_longest_texts_are_compared_whole(words: int):
    before, after = texts(words, 20_000, 1), texts(words, 20_000, 2)

    changes = diff(before, after)

    assert "".join(one.text for one in changes if one.kind != TAKEN) == after
    assert "".join(one.text for one in changes if one.kind != ADDED) == before


def test_what_may_give_away_is_marked_in_the_newer_text_alone():
    before, after = "I asked Daniel.", "I asked my friend Daniel Okafor."
    giveaways = find_giveaways(after, country="GB")

    changes = marked(diff(before, after), giveaways)

    found = "".join(one.text for one in changes if one.giveaway)
    assert found == "".join(giveaway.text for giveaway in giveaways) != ""
    assert "".join(one.text for one in changes if one.kind != TAKEN) == after
