"""Near queries, for one that found nothing."""

from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz.distance import OSA, JaroWinkler
from sqlalchemy import exists, literal, select, union_all
from sqlalchemy.orm import Session

from webapp.episodes.archive import published
from webapp.episodes.models import Episode
from webapp.episodes.searching.engines import matching
from webapp.episodes.searching.models import Passage, SearchWord
from webapp.episodes.searching.query import Query
from webapp.episodes.searching.vocabulary import list_near

MOST = 3
TRIED = 5  # near words of each word, of which some may stand only in drafts
FARTHEST = 2  # letters wrong, in a word of LONG letters; one in a shorter one
LONG = 5


def list_suggestions(session: Session, query: Query) -> tuple[str, ...]:
    """Return up to MOST queries made of words near to these that everybody may read somewhere."""
    asked = [word for term in query.words for word in term.words]
    known = list_near(session, asked)
    near = {word: _nearest(word, known) for word in asked}
    readable = _readable(session, {item.word for items in near.values() for item in items})
    choices = [
        [item.written for item in near[word] if item.word in readable][:MOST] for word in asked
    ]
    return tuple(dict.fromkeys(_combined([words for words in choices if words])))


def _nearest(word: str, known: Iterable[SearchWord]) -> list[SearchWord]:
    farthest = FARTHEST if len(word) >= LONG else 1
    ranked = (
        (distance, -JaroWinkler.similarity(word, item.word), item.word, item)
        for item in known
        if (distance := OSA.distance(word, item.word)) <= farthest
    )
    return [item for *_, item in sorted(ranked, key=lambda rank: rank[:3])[:TRIED]]


def _readable(session: Session, words: Iterable[str]) -> set[str]:
    """Return those of the words that stand in a published passage that is not closed."""
    queries = []
    for word in sorted(words):
        match = matching(session, [[word]])
        found = (
            select(match.id)
            .select_from(match.source)
            .join(Episode, Episode.id == Passage.episode_id)
            .where(match.condition, published(), ~Passage.closed)
        )
        queries.append(select(literal(word)).where(exists(found)))
    return set(session.scalars(union_all(*queries))) if queries else set()


def _combined(choices: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the first choices of all words together, then the second, as far as there are any."""
    for turn in range(max(map(len, choices), default=0)):
        yield " ".join(words[min(turn, len(words) - 1)] for words in choices)
