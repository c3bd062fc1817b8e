"""The pictures that are drawn of a show and its episodes. What is for adults is on none of them."""

from collections.abc import Iterator

from webapp.episodes.cards import POSTER, SQUARE, draw_card
from webapp.episodes.pages import SeasonLabel
from webapp.settings import PACKAGE
from webapp.studio.source.files import EpisodeFolder

FONTS = PACKAGE / "static" / "vendor"


def draw_artwork(show: str, season: SeasonLabel) -> bytes:
    """Return the show's artwork, for a show that brings none: its name."""
    return draw_card(
        head="", words=show, field=season.field, ink=season.ink, size=SQUARE, fonts=FONTS
    )


def draw_pictures(
    episode: EpisodeFolder, show: str, season: SeasonLabel
) -> Iterator[tuple[str, bytes]]:
    """Yield the pictures of an episode by their role, each a JPEG.

    A poster and a square for podcast apps, if it brings none; and, if anything in it is for adults,
    a neutral card that other sites may show instead of the poster, and a square in any case.
    """
    numbers = episode.front.episode
    adult = {note.about for note in episode.front.notes if note.level == "adult"}

    def draw(size: tuple[int, int], *, neutral: bool) -> bytes:
        question = None if neutral else episode.front.question
        return draw_card(
            head=show,
            mark=f"{numbers.season}.{numbers.number}",
            words=question.text if question else episode.front.title,
            quoted=question is not None,
            sign_off=question.sign_off if question else "",
            field=season.field,
            ink=season.ink,
            size=size,
            fonts=FONTS,
        )

    if episode.poster is None:
        yield "poster", draw(POSTER, neutral="text" in adult)
    if adult:
        yield "card", draw(POSTER, neutral=True)
    if adult or episode.square is None:
        yield "square", draw(SQUARE, neutral=bool(adult))
