"""Searching the published episodes."""

from sqlalchemy.orm import Session

from webapp.episodes.searching import finding
from webapp.episodes.searching.query import Query, read_query
from webapp.episodes.searching.results import Fit, SearchResults
from webapp.episodes.searching.showing import list_hits
from webapp.episodes.searching.suggestions import list_suggestions
from webapp.episodes.searching.vocabulary import list_beginning

SHORTEST_EXPANDED = 4  # letters; SQLite's index has all shorter beginnings ready


def search(session: Session, query: str, *, limit: int = 20) -> SearchResults:
    """Return what published episodes say of a query, `limit` episodes at most.

    Every word is looked for as the beginning of one. Where no single place has them all, episodes
    are given that have them all somewhere, else those with some of them.
    """
    wanted = read_query(query)
    if not wanted.terms:
        return SearchResults("", cut=wanted.cut)
    episodes, fit = _find(session, wanted, limit + 1)
    if not episodes:
        near = list_suggestions(session, wanted)
        return SearchResults(wanted.text, suggestions=near, cut=wanted.cut)
    is_loose = fit != "place"
    terms = wanted.words if is_loose else wanted.terms
    hits = list_hits(session, episodes[:limit], terms, some=is_loose)
    more = len(episodes) > limit
    return SearchResults(wanted.text, hits, cut=wanted.cut, fit=fit, more=more)


def _find(session: Session, query: Query, limit: int) -> tuple[list[int], Fit]:
    """Return the ids of episodes, best first, and how well they fit the query."""
    beginnings = {word for term in query.terms if term.prefix for word in term.words}
    long = sorted(word for word in beginnings if len(word) >= SHORTEST_EXPANDED)
    endings = list_beginning(session, long)
    episodes = finding.with_all_in_one_place(session, query.terms, endings, limit=limit)
    if episodes or len(query.words) == 1:
        return episodes, "place"
    episodes = finding.with_all_anywhere(session, query.words, endings, limit=limit)
    if episodes:
        return episodes, "episode"
    return finding.with_any(session, query.words, endings, limit=limit), "some"
