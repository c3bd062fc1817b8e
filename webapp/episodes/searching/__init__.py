"""Search: what episodes say, folded into passages on saving, found on both engines alike."""

from webapp.episodes.searching.passages import save_passages
from webapp.episodes.searching.results import EpisodeHits, Hit, SearchResults
from webapp.episodes.searching.searches import search

__all__ = ["EpisodeHits", "Hit", "SearchResults", "save_passages", "search"]
