"""Receipts: six words that are the only way back to a question.

They are derived from a nonce by a key, so that they can be shown before and again after sending
without being stored. At rest there is an HMAC under a second key; no slow hash, since 77 bits
cannot be guessed and slowness would only give attackers a lever.
Words: EFF's large list (CC BY 3.0 US), its four hyphens left out.
"""

import hmac
import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from webapp.storage.sealing import Keyring

WORDS = 6
NONCE_BYTES = 16
CANDIDATES = 64
LONGEST_TYPED = 500


@cache
def word_list() -> tuple[str, ...]:
    """Return the 7,776 words, in order."""
    path = Path(__file__).with_name("eff_large_wordlist.txt")
    return tuple(path.read_text(encoding="ascii").split())


def words_for(keyring: Keyring, nonce: bytes) -> tuple[str, ...]:
    """Return the six words that belong to a nonce."""
    number = int.from_bytes(hmac.digest(keyring.key("receipt-words"), nonce, "sha256"), "big")
    words = word_list()
    picked = []
    for _ in range(WORDS):
        number, index = divmod(number, len(words))
        picked.append(words[index])
    return tuple(picked)


def nonce_hash(keyring: Keyring, nonce: bytes) -> bytes:
    """Return what the database keeps of a spent nonce."""
    return hmac.digest(keyring.key("nonce"), nonce, "sha256")


def lookup_for(keyring: Keyring, words: tuple[str, ...]) -> bytes:
    """Return what the database keeps of a receipt."""
    return ways_to_find(keyring, words)[0]


def ways_to_find(keyring: Keyring, words: tuple[str, ...]) -> tuple[bytes, ...]:
    """Return what the database may keep of a receipt: as ours, then as that of who moved here."""
    receipt = " ".join(words).encode("ascii")
    return tuple(hmac.digest(key, receipt, "sha256") for key in keyring.lookups)


def readings(typed: str) -> tuple[tuple[str, ...], ...]:
    """Return the receipts that may be meant: as typed first, then with one slip mended.

    Case and separators do not matter; the slip may be any character for any other, one too many,
    one too few, two swapped, a space inside a word, or none between two. Empty when it cannot be
    a receipt at all.
    """
    tokens = tuple(re.findall(r"[^\W_]+", typed[:LONGEST_TYPED].casefold()))
    mended = {
        WORDS - 1: _split_one,
        WORDS: _mend_one,
        WORDS + 1: _join_two,
    }.get(len(tokens))
    if mended is None:
        return ()
    exact = (tokens,) if len(tokens) == WORDS and _known() >= set(tokens) else ()
    found = (reading for reading in mended(tokens) if _known() >= set(reading))
    return (*exact, *islice(found, CANDIDATES))


def _mend_one(tokens: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    unknown = [place for place, token in enumerate(tokens) if token not in _known()]
    for place in unknown or range(len(tokens)):
        for word in _one_slip_away(tokens[place]):
            yield (*tokens[:place], word, *tokens[place + 1 :])


def _join_two(tokens: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for place in range(len(tokens) - 1):
        joined = tokens[place] + tokens[place + 1]
        for word in (joined, *_one_slip_away(joined)):
            yield (*tokens[:place], word, *tokens[place + 2 :])


def _split_one(tokens: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for place, token in enumerate(tokens):
        for cut in range(1, len(token)):
            yield (*tokens[:place], token[:cut], token[cut:], *tokens[place + 1 :])


@cache
def _known() -> frozenset[str]:
    return frozenset(word_list())


def _one_slip_away(token: str) -> list[str]:
    found = process.extract(token, word_list(), scorer=OSA.distance, score_cutoff=1, limit=None)
    return [word for word, distance, _ in found if distance == 1]
