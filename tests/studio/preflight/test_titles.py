"""Which titles have an episode's number in them, and which have any other."""

import pytest

from webapp.studio.preflight.titles import is_numbered


@pytest.mark.parametrize(
    "title",
    [
        "Episode 12",
        "Episode 12: Thin walls",
        "episode 12 Thin walls",
        "Ep. 12 – Thin walls",
        "EP12 | Thin walls",
        "Ep #12: Thin walls",
        "[Ep 12] Thin walls",
        "Episode 3.5: Thin walls",
        "S1E12 Thin walls",
        "S01 E12 - Thin walls",
        "Season 1, Episode 12: Thin walls",
        "E12: Thin walls",
        "#12 Thin walls",
        "#12: Thin walls",
        "No. 12: Thin walls",
        "12. Thin walls",
        "12: Thin walls",
        "12 – Thin walls",
        "12) Thin walls",
        "007 - Thin walls",
        "Thin walls (Episode 12)",
        "Thin walls [Ep. 12]",
        "Thin walls – Episode 12",
        "Thin walls | Ep 12",
    ],
)
def test_a_number_in_a_title_is_found(title: str):
    assert is_numbered(title, 3)


@pytest.mark.parametrize(
    "title",
    [
        "Thin walls",
        "10 things nobody says",
        "1984",
        "1984: a letter from then",
        "7",
        "3.5 ways to knock",
        "9-to-5 and after",
        "50/50",
        "24/7 noise",
        "12 angry neighbours",
        "#metoo, and after",
        "#1",
        "No 12-step programme",
        "No. Just no.",
        "Episode of a lifetime",
        "An episode 12 people remember",
        "Episode 4 of my life",
        "E10 petrol",
        "Epic 12 hours",
        "Why I left at 12: an answer",
        "Catch 22",
        "Size 12",
        "We met at 12:30",
        "12:30 and still awake",
        "Part 2: the wall again",
        "Se7en",
        "",
    ],
)
def test_any_other_number_is_left_alone(title: str):
    assert not is_numbered(title, 3)


def test_four_digits_are_a_year_unless_they_are_the_episodes_own():
    assert not is_numbered("2026: what we learned", 3)
    assert is_numbered("2026: what we learned", 2026)


def test_a_long_title_takes_no_time():
    assert not is_numbered("(" * 300 + "episode " * 5_000, 3)
