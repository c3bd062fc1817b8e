"""The lists in words/, one entry a line, in small letters and with straight apostrophes."""

from functools import cache
from pathlib import Path

from babel import Locale

TITLES = frozenset(("mr", "mrs", "ms", "mx", "miss", "dr", "prof", "rev"))
UPPER = "".join(chr(code) for code in range(0x530) if chr(code).isupper())


@cache
def listed(name: str) -> frozenset[str]:
    """Return the entries of words/<name>.txt."""
    path = Path(__file__).with_name("words") / f"{name}.txt"
    return frozenset(path.read_text(encoding="utf-8").splitlines())


def fold(word: str) -> str:
    """Return a word as the lists have it."""
    return word.casefold().replace("’", "'")


@cache
def wide_places() -> frozenset[str]:
    """Return places in which millions live: countries, states, large cities."""
    named = Locale("en").territories.items()
    return listed("wide_places") | {fold(name) for code, name in named if str(code).isalpha()}
