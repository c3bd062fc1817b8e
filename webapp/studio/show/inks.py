"""Inks that can be read on a season's colour."""

import re

from webapp.studio.source.colours import LEAST_CONTRAST, contrast

BLACK, WHITE = "#000000", "#FFFFFF"
STEPS = 256

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


def is_colour(text: str) -> bool:
    """Return whether a text is a colour as #RRGGBB."""
    return _COLOUR.fullmatch(text) is not None


def nearest_ink(field: str, ink: str) -> str:
    """Return the ink itself, or the nearest to it on the way to black or white that can be read.

    One of the two ends can be read on every colour: no colour is nearer than 4.58 to both.
    """
    for step in range(STEPS + 1):
        for end in (WHITE, BLACK):
            tried = _mixed(ink, end, step / STEPS) if step else ink
            if contrast(field, tried) >= LEAST_CONTRAST:
                return tried
    return WHITE  # pragma: no cover - arithmetic forbids it


def contrast_in_words(field: str, ink: str) -> str:
    """Return how well an ink can be read on a colour; "" where either is no colour."""
    if not (is_colour(field) and is_colour(ink)):
        return ""
    ratio = int(contrast(field, ink) * 100) / 100
    if ratio >= LEAST_CONTRAST:
        return f"Contrast {ratio:.2f}. It can be read."
    near = nearest_ink(field, ink)
    return (
        f"Contrast {ratio:.2f}, and it takes {LEAST_CONTRAST}. "
        f"The nearest that can be read is {near}."
    )


def _mixed(one: str, other: str, share: float) -> str:
    """Return a colour on the way from one to another, a share of the way along."""
    parts = (
        round(int(one[at : at + 2], 16) * (1 - share) + int(other[at : at + 2], 16) * share)
        for at in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02X}" for part in parts)
