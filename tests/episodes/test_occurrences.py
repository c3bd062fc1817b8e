"""In which episodes of a large archive words are, and in how many. On both engines."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.episodes.finding import add_findable
from webapp.episodes.models import Episode
from webapp.episodes.searching.occurrences import ABOUT, find_occurrences

EPISODES = 40


@pytest.fixture(autouse=True)
def small_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the newest five of what counts as a large archive from nine episodes on."""
    monkeypatch.setattr("webapp.episodes.searching.occurrences.NEWEST", 8)
    monkeypatch.setattr("webapp.episodes.searching.occurrences.SAMPLE", 5)
    monkeypatch.setattr("webapp.episodes.searching.occurrences.ABOUT", 3)


@pytest.fixture
def ids(session: Session) -> dict[str, int]:
    """Episodes about ferries; every other has a captain, the oldest two a whale, ten a storm."""
    for number in range(EPISODES):
        words = ["ferries", "captain" * (number % 2), "whale" * (number < 2)]
        words += ["storm"] * (10 <= number < 20)
        add_findable(f"e{number}", question=f"On {' '.join(words)}?", days=number)
    return dict(session.execute(select(Episode.slug, Episode.id)).all())


def test_of_a_word_that_is_about_the_newest_episodes_tell(session: Session, ids: dict[str, int]):
    found = find_occurrences(session, {"ferri": ["ferries", "ferry"]}, EPISODES)

    assert set(found.having["ferri"]) == {ids[f"e{number}"] for number in range(35, 40)}
    assert found.amounts["ferri"] == EPISODES


def test_how_many_have_it_is_concluded_from_its_share(session: Session, ids: dict[str, int]):
    found = find_occurrences(session, {"captain": ["captain"]}, EPISODES)

    assert set(found.having["captain"]) == {ids["e39"], ids["e37"], ids["e35"]}
    assert found.amounts["captain"] == EPISODES * 3 // 5


def test_a_rare_word_is_found_however_old_the_episodes_are(session: Session, ids: dict[str, int]):
    ways = {"ferri": ["ferries"], "whale": ["whale", "whales"], "zebra": ["zebra"]}
    found = find_occurrences(session, ways, EPISODES)

    assert set(found.having["whale"]) == {ids["e0"], ids["e1"]}
    assert found.amounts["whale"] == 2
    assert (found.having["zebra"], found.amounts["zebra"]) == ([], 0)


def test_what_was_once_about_and_is_no_more_is_not_taken_for_a_word_of_every_episode(
    session: Session, ids: dict[str, int]
):
    found = find_occurrences(session, {"storm": ["storm"]}, EPISODES)

    assert set(found.having["storm"]) == {ids[f"e{number}"] for number in range(12, 20)}
    assert found.amounts["storm"] == 8 * EPISODES // 28


def test_a_word_that_the_index_can_name_all_of_is_not_left_to_the_newest(
    session: Session, ids: dict[str, int]
):
    for number in range(3):
        add_findable(f"late-{number}", question="On lanterns?", days=EPISODES + number)
    found = find_occurrences(session, {"lantern": ["lanterns"]}, 9)

    assert len(found.having["lantern"]) == found.amounts["lantern"] == 3


def test_a_theme_of_late_hides_no_old_episode_about_it(
    session: Session, ids: dict[str, int], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("webapp.episodes.searching.occurrences.SAMPLE", 3 * ABOUT)
    monkeypatch.setattr("webapp.episodes.searching.occurrences.ABOUT", ABOUT)
    for number in range(3):
        add_findable(f"late-{number}", question="On whales?", days=EPISODES + number)

    found = find_occurrences(session, {"whale": ["whale", "whales"]}, 1_000)

    assert {ids["e0"], ids["e1"]} < set(found.having["whale"])
    assert found.amounts["whale"] == 5


def test_what_is_not_published_tells_nothing(session: Session, ids: dict[str, int]):
    for number in range(5):
        add_findable(f"draft-{number}", question="A zebra?", published_at=None)

    found = find_occurrences(session, {"zebra": ["zebra"], "ferri": ["ferries"]}, EPISODES)
    assert found.amounts == {"zebra": 0, "ferri": EPISODES}


def test_in_a_small_archive_all_are_told(session: Session, ids: dict[str, int]):
    found = find_occurrences(session, {"whale": ["whale"], "captain": ["captain"]}, 8)

    assert len(found.having["captain"]) == 8  # of many, the newest
    assert len(found.having["whale"]) == 2
