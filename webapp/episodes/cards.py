"""Typographic cards: words, set large in a season's colour.

They are posters, the pictures that other sites show of an episode, and the show's artwork, so
that all of it looks like the same show and nothing needs a designer.
"""

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from webapp.episodes.pages import split_letter

POSTER = (1280, 720)
SQUARE = (1400, 1400)  # the least that podcast directories take

_BOLD = 700
_ASKING = 600  # the weight of the words
_LEADING = 1.08  # line to line, in sizes of the type
_HANG = 0.46  # width of the quotation mark that stands outside the text, likewise
_SMALLEST = 6.2  # of the type of the words, in hundredths of the card's shorter side
_LARGEST = 22.0


@dataclass(frozen=True, slots=True)
class _Setting:
    """How words are broken into lines, and at what size."""

    lines: tuple[str, ...]
    font: ImageFont.FreeTypeFont

    @property
    def leading(self) -> float:
        return self.font.size * _LEADING

    @property
    def height(self) -> float:
        return self.leading * len(self.lines)


def draw_card(
    *,
    head: str,
    words: str,
    field: str,
    ink: str,
    size: tuple[int, int],
    fonts: Path,
    mark: str = "",
    quoted: bool = False,
    sign_off: str = "",
) -> bytes:
    """Return a JPEG of `size` pixels: words in `ink` on `field` (#RRGGBB).

    Above them stand a `head` to the left and a `mark` to the right, such as "2.1". What is quoted
    is a letter: it is shown by the sentence in which it asks, and signed. `fonts` is the folder of
    vendored fonts.
    """
    head, words, sign_off = (" ".join(text.split()) for text in (head, words, sign_off))
    card = Image.new("RGB", size, field)
    draw = ImageDraw.Draw(card)
    unit = min(size) / 100
    left, right = size[0] * 0.085, size[0] * 0.915
    top, foot = unit * 13, size[1] - unit * 10
    draw.text((left, top), head, ink, _font_for(head, fonts, unit * 4.6, unit * 60), anchor="ls")
    draw.text((right, top), mark, ink, _font(fonts, unit * 8, _BOLD), anchor="rs")
    room = (right - left, foot - top - unit * 15)
    setting = _fit(f"{split_letter(words)[1]}”" if quoted else words, room, fonts, unit)
    corner = (left, top + unit * 6 + (room[1] - setting.height) / 2)
    _draw_lines(draw, setting, corner, ink)
    if quoted:
        draw.text((left - setting.font.size * _HANG, corner[1]), "“", ink, setting.font)
    signed = _font_for(sign_off, fonts, unit * 4.6, (right - left) * 0.8)
    _draw_sign_off(draw, sign_off, signed, (right, foot), ink)
    return _jpeg(card)


def _fit(text: str, room: tuple[float, float], fonts: Path, unit: float) -> _Setting:
    """Return the largest setting of a text in a room, shortened if none is small enough."""
    small, large = _SMALLEST * unit, _LARGEST * unit
    best = None
    while large - small > unit / 4:
        middle = (small + large) / 2
        setting = _set(text, _font(fonts, middle, _ASKING), room[0])
        if setting is not None and setting.height <= room[1]:
            best, small = setting, middle
        else:
            large = middle
    return best or _shorten(text, _font(fonts, _SMALLEST * unit, _ASKING), room)


def _shorten(text: str, font: ImageFont.FreeTypeFont, room: tuple[float, float]) -> _Setting:
    """Return as many words as there is room for."""
    end = "…”" if text.endswith("”") else "…"
    words = text.removesuffix("”").split()
    best, fitting, too_many = _Setting(("…",), font), 0, len(words) + 1
    while too_many - fitting > 1:
        count = (fitting + too_many) // 2
        setting = _set(" ".join(words[:count]).rstrip(",;: ") + end, font, room[0])
        if setting is not None and setting.height <= room[1]:
            best, fitting = setting, count
        else:
            too_many = count
    return best


def _set(text: str, font: ImageFont.FreeTypeFont, width: float) -> _Setting | None:
    """Return a text in lines of even length, or None if a word alone is wider than the room."""
    lines = _wrap(text, font, width)
    if max(map(font.getlength, lines)) > width:
        return None
    narrow, wide = width / 2, width
    while wide - narrow > 8:
        middle = (narrow + wide) / 2
        tried = _wrap(text, font, middle)
        if len(tried) == len(lines) and max(map(font.getlength, tried)) <= middle:
            lines, wide = tried, middle
        else:
            narrow = middle
    return _Setting(lines, font)


def _wrap(text: str, font: ImageFont.FreeTypeFont, width: float) -> tuple[str, ...]:
    words = text.split()
    starts = [0]
    for end in range(1, len(words)):
        if font.getlength(" ".join(words[starts[-1] : end + 1])) > width:
            starts.append(end)
    return tuple(" ".join(words[start:end]) for start, end in pairwise((*starts, len(words))))


def _draw_lines(
    draw: ImageDraw.ImageDraw, setting: _Setting, corner: tuple[float, float], ink: str
) -> None:
    left, top = corner
    for place, line in enumerate(setting.lines):
        draw.text((left, top + place * setting.leading), line, ink, setting.font)


def _draw_sign_off(
    draw: ImageDraw.ImageDraw,
    sign_off: str,
    font: ImageFont.FreeTypeFont,
    corner: tuple[float, float],
    ink: str,
) -> None:
    """Draw a sign-off, if any, to the right after a stroke of the pen, as a letter ends."""
    if not sign_off:
        return
    right, baseline = corner
    draw.text((right, baseline), sign_off, ink, font, anchor="rs")
    start = right - font.getlength(sign_off) - font.size * 0.7
    height = baseline - font.size * 0.3
    draw.line((start - font.size * 2.5, height, start, height), ink, max(2, round(font.size / 14)))


def _font_for(text: str, fonts: Path, size: float, width: float) -> ImageFont.FreeTypeFont:
    """Return the bold font at a size, or smaller so that the text keeps within a width."""
    font = _font(fonts, size, _BOLD)
    length = font.getlength(text)
    return font if length <= width else _font(fonts, size * width / length, _BOLD)


def _font(fonts: Path, size: float, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(BytesIO(_font_file(fonts)), size)
    font.set_variation_by_axes([weight])
    return font


@cache
def _font_file(fonts: Path) -> bytes:
    return next(fonts.glob("fraunces-*/fraunces-latin-wght-normal.woff2")).read_bytes()


def _jpeg(card: Image.Image) -> bytes:
    kept = BytesIO()
    card.save(kept, "JPEG", quality=88, optimize=True, progressive=True, subsampling=0)
    return kept.getvalue()
