"""Search: what episodes say, folded into passages on saving, found on both engines alike."""

from webapp.episodes.searching.likeness import Alike, find_alike
from webapp.episodes.searching.passages import save_passages
from webapp.episodes.searching.results import EpisodeHits, Hit, SearchResults
from webapp.episodes.searching.searches import search

__all__ = [
    "Alike",
    "EpisodeHits",
    "Hit",
    "SearchResults",
    "find_alike",
    "save_passages",
    "search",
]
