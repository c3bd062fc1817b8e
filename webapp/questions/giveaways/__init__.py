"""What in a text may give its asker away, with words that could stand in its place.

Marked for the asker, never stored, never forced. It would rather miss a name than mark a film.
"""

from webapp.questions.giveaways.finding import find_giveaways, find_marked
from webapp.questions.giveaways.marks import Giveaway, Piece, pieces, reword, reword_all

__all__ = [
    "Giveaway",
    "Piece",
    "find_giveaways",
    "find_marked",
    "pieces",
    "reword",
    "reword_all",
]
