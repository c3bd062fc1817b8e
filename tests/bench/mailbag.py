"""A mailbag of any size: letters of real words, sealed, and found by their words."""

import json
import random
import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from flask import Flask

from tests.bench.bulk import Bulk, filling
from tests.bench.words import Letters
from webapp import clock, storage
from webapp.operations.demo import fill_demo
from webapp.questions import terms
from webapp.questions.models import Question, QuestionTerm
from webapp.settings import Settings
from webapp.storage.sealing import Keyring, seal

COMMON, RARE = "partner", "rhinoceros"
RARE_ONES = 10  # questions, however many there are
DIFFERENT = 2_000  # letters
WORDS = 8
DAYS = 80
LANGUAGE = "en-GB"
STATES = ("new",) * 16 + ("shortlisted", "declined", "answered", "ready")
COLUMNS = (
    *("id", "received_on", "sort_key", "texts_until", "kept_until", "prolonged"),
    *("text_sealed", "sign_off_sealed", "consent", "language", "state", "lane"),
    *("lane_reasons", "decline_reason", "is_compared", "version", "receipt_lookup"),
)

Kept = tuple[str, list[bytes]]  # a letter, and what the index keeps of its words


def fill_mailbag(app: Flask, settings: Settings, count: int) -> None:
    """Fill a new site with the demonstration and so many questions more."""
    fill_demo(app, settings)
    with app.app_context():
        keyring = storage.current_keyring()
        storage.db.engine.dispose()
    rng = random.Random(count)  # noqa: S311 - the same mailbag in each run
    letters = _letters(keyring, count)
    with filling(settings) as bulk:
        places: list[tuple[str, str, int, Kept]] = []
        rows = _questions(keyring, rng, count, letters, places)
        bulk.add(Question.__table__, COLUMNS, rows)
        bulk.add(
            QuestionTerm.__table__,
            ("term", "received_on", "sort_key", "question_id"),
            _terms(places),
        )
        _count(bulk)


def _letters(keyring: Keyring, count: int) -> list[Kept]:
    """Return the letters to choose from; the last one has the rare word."""
    made, kept = Letters(WORDS), []
    for number in range(min(DIFFERENT, count) + 1):
        text = f"{made.write()} {COMMON}" + (f" {RARE}" if number == min(DIFFERENT, count) else "")
        found = terms.ways_to_find(keyring, text, LANGUAGE)
        kept.append((text, [ways[0] for ways in found]))
    return kept


def _questions(
    keyring: Keyring,
    rng: random.Random,
    count: int,
    letters: Sequence[Kept],
    places: list[tuple[str, str, int, Kept]],
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows, in the order of their ids, and note where each has which letter."""
    today = clock.today()
    days = [(today - timedelta(days=1 + day)).isoformat() for day in range(DAYS)]
    later = (today + timedelta(days=30)).isoformat()
    rare = set(rng.sample(range(count), RARE_ONES))
    for number in range(count):
        question_id = f"{(number << 128) // count | rng.getrandbits(90):032x}"
        letter = letters[-1] if number in rare else letters[number % (len(letters) - 1)]
        day, sort_key = days[rng.randrange(DAYS)], rng.getrandbits(63)
        places.append((question_id, day, sort_key, letter))
        row_id = _dashed(question_id)
        yield (
            *(question_id, day, sort_key, later, later, False),
            seal(keyring, row_id, "questions.text_sealed", letter[0]),
            seal(keyring, row_id, "questions.sign_off_sealed", "Thin Walls"),
            *("read_aloud", LANGUAGE, STATES[rng.randrange(len(STATES))], "ordinary"),
            *(json.dumps([]), "", True, 1, secrets.token_bytes(32)),
        )


def _terms(places: Sequence[tuple[str, str, int, Kept]]) -> Iterator[tuple[Any, ...]]:
    """Yield the index of words in its own order, so that nothing has to be sorted twice."""
    having: dict[bytes, list[tuple[str, int, str]]] = {}
    for question_id, day, sort_key, (_, words) in sorted(places, key=lambda place: place[1:3]):
        for word in words:
            having.setdefault(word, []).append((day, sort_key, question_id))
    for word in sorted(having):
        for place in having[word]:
            yield word, *place


def _count(bulk: Bulk) -> None:
    """Set the counts that moves keep otherwise."""
    bulk.run("UPDATE queue_counts SET count = 0")
    found: Counter[tuple[str, str]] = Counter()
    for lane, state, count in bulk.run(
        "SELECT lane, state, count(*) FROM questions GROUP BY lane, state"
    ).fetchall():
        found[lane, state] = count
    for (lane, state), count in found.items():
        bulk.run(
            f"UPDATE queue_counts SET count = {count} "  # noqa: S608 - our own words
            f"WHERE lane = '{lane}' AND state = '{state}'"
        )


def _dashed(digits: str) -> str:
    """Return an id as it is sealed with: as UUID writes it."""
    ends = (8, 12, 16, 20, 32)
    return "-".join(digits[start:end] for start, end in zip((0, *ends), ends, strict=False))
