"""Typographic cards."""

from io import BytesIO

import pytest
from PIL import Image

from webapp.episodes.cards import POSTER, SQUARE, draw_card
from webapp.settings import PACKAGE

FONTS = PACKAGE / "static" / "vendor"


def draw(size: tuple[int, int] = POSTER, **changes: object) -> Image.Image:
    values = {
        "head": "The Test Show",
        "mark": "1.2",
        "words": "I snore. He minds. Shall we sleep apart?",
        "quoted": True,
        "sign_off": "Wide Awake",
        "field": "#B02E1D",
        "ink": "#FFF1DC",
    }
    return Image.open(BytesIO(draw_card(size=size, fonts=FONTS, **(values | changes))))


@pytest.mark.parametrize("size", [POSTER, SQUARE])
def test_a_card_is_a_jpeg_of_its_size_in_its_colours(size: tuple[int, int]):
    card = draw(size)

    assert (card.format, card.mode, card.size) == ("JPEG", "RGB", size)
    assert card.getpixel((5, 5)) == pytest.approx((0xB0, 0x2E, 0x1D), abs=6)
    lightest = max(card.convert("L").get_flattened_data())
    assert lightest > 200  # something is written on it


@pytest.mark.parametrize(
    "words",
    ["", "?", "x" * 4000, "word " * 800, "Ünïcödé – “quotes” … 🐶?", "one\n\ntwo\nthree?"],
)
@pytest.mark.parametrize("quoted", [True, False])
def test_a_card_takes_any_words(words: str, quoted: bool):
    assert draw(words=words, quoted=quoted, sign_off=words[:60]).size == POSTER
