"""Values that have broken programs, and ways to bend what is right until it is wrong."""

from collections.abc import Callable, Sequence
from urllib.parse import quote_from_bytes

from hypothesis import strategies as st

from tests.hostile import ATTACKS

NOTHING = ("", " ", "\0", "\t", "\r", "\n", "\r\n", "\u00a0", "\u200b", "\ufeff", "\u2028")
BROKEN = ("\ud800", "\udfff", "\ud83d", "a\ud800b", "\ufffe", "\uffff", "\x1b[2J", "\x85", "\x7f")
NUMBERS = (
    *("0", "-0", "-1", "1", "2", "00", "+1", " 1 ", "1_0", "1e3", "1e309", "0x10", "1.5"),
    *("2147483647", "2147483648", "-2147483649", "9223372036854775808", "9" * 20, "9" * 5_000),
    *("NaN", "Infinity", "-Infinity", "\u0663", "\u00b2", "\u00bd", "\u2460", "\u4e09"),
)
MOMENTS = (
    *("2026-02-30", "2026-02-28", "0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01"),
    *("2026-03-29T01:30", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00", "24:00"),
    *("99:99:99", "2026-W01-1", "20260101", "2026-01", "2026-1-1", "-2026-01-01", "12:30:60"),
)
NAMES = (
    *("00000000-0000-0000-0000-000000000001", "the-host", "walls", "thin-walls", "noise-draft"),
    *("on", "yes", "true", "null", "None", "undefined", "__proto__", "constructor", "length"),
    *("..", "../..", "..\\..", "/etc/passwd", "CON", "con.md", "a/b", "//evil.example", "C:\\x"),
)
LETTERS = (
    "ß",
    "İ",
    "ı",
    "ﬁ",
    "e\u0301",
    "\u0301",
    "👩‍👩‍👧‍👦",
    "🏳️‍🌈",
    "田中",
    "שלום",
    "\u202etxt.exe",
)
SEARCHES = (
    *('"', '""', '"a', 'a"b"c', "*", "a*", "^a", "-a", "+a", "NOT", "AND", "OR", "NEAR(a b, 2)"),
    *("a:b", "text:a", "{a b}:c", "(", ")", "((((", "a & b", "a | !b", "a <-> b", ":*", "a:*AB"),
    *("'", "''", "\\", "\\'", "%", "_", "%%", "'; DROP TABLE questions; --", "a\0b", "#", "~"),
)
LONG = (
    "a" * 5_001,
    "a " * 5_000,
    "é" * 70_000,
    "\n" * 5_000,
    "<" * 5_000,
    "[" * 1_000,
    "&" * 5_000,
)
TYPED = "I have lived beside them for years, and still do not know how to begin."

VALUES = (
    *NOTHING,
    *BROKEN,
    *NUMBERS,
    *MOMENTS,
    *NAMES,
    *LETTERS,
    *SEARCHES,
    *ATTACKS,
    *LONG,
    TYPED,
)

ANY_TEXT = st.text(st.characters(), max_size=30)  # halves of characters as well
TEXT = st.one_of(
    st.sampled_from(VALUES),
    ANY_TEXT,
    st.lists(st.sampled_from(VALUES[:-6]), min_size=2, max_size=4).map("".join),
)

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


def bent(seeds: Sequence[bytes], marks: Sequence[bytes] = ()) -> st.SearchStrategy[bytes]:
    """Return a strategy for right files with some wrong: bytes cut, doubled, put in, changed.

    `marks` are what the format is made of, which is put in too.
    """
    places = st.floats(0, 1, allow_nan=False)
    pieces = st.sampled_from((*marks, b"\0", b"\xff" * 4, b"\x7f\xff\xff\xff", b"\r", b"\n"))
    change = st.tuples(
        st.sampled_from(_CHANGES), places, st.integers(0, 64), pieces | st.binary(max_size=8)
    )
    return st.builds(_bend, st.sampled_from(list(seeds)), st.lists(change, min_size=1, max_size=6))


def _bend(seed: bytes, changes: list[tuple["_Change", float, int, bytes]]) -> bytes:
    for change, place, length, piece in changes:
        at = int(place * len(seed))
        seed = change(seed, at, length, piece)
    return seed[:2_000_000]


_Change = Callable[[bytes, int, int, bytes], bytes]
_CHANGES: tuple[_Change, ...] = (
    lambda data, at, _length, piece: data[:at] + piece + data[at:],
    lambda data, at, _length, piece: data[:at] + piece + data[at + len(piece) :],
    lambda data, at, length, _piece: data[:at] + data[at + length :],
    lambda data, at, length, _piece: data[: at + length] + data[at:],
    lambda data, at, length, piece: data[:at] + piece * (length + 1) + data[at:],
    lambda data, at, length, _piece: data[:at] + bytes([length * 4 % 256]) + data[at + 1 :],
    lambda data, at, _length, _piece: data[:at],
    lambda data, at, length, piece: data[:at] + piece * (length * 50) + data[at:],
)


def in_utf8(text: str) -> bytes:
    """Return a text as bytes, halves of characters as they would be written."""
    return text.encode("utf-8", "surrogatepass")


def is_text(text: str) -> bool:
    """Return whether a text has no halves of characters."""
    return not any("\ud800" <= char <= "\udfff" for char in text)


def in_percents(text: str) -> str:
    """Return a text as it stands in an address or a form, halves of characters too."""
    return quote_from_bytes(in_utf8(text), safe="")
