"""The words that there are: for finding by their beginning, and near to one that is not there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import Session

from webapp.episodes.searching.engines import insert_new
from webapp.episodes.searching.models import NearWord, SearchWord

SHORTEST_NEAR = 3  # letters: of shorter words, any two are near
LONGEST_NEAR = 24
MOST_ENDINGS = 64
_LAST = "\U0010ffff"


def save_words(session: Session, written: Mapping[str, str]) -> None:
    """Add words, by how they are folded. One that no passage has any more stays, and finds none."""
    query = select(SearchWord.word).where(SearchWord.word.in_(written))
    new = sorted(written.keys() - set(session.scalars(query)))  # sorted, or two savings may lock
    insert_new(session, SearchWord, [{"word": word, "written": written[word]} for word in new])
    near = [word for word in new if SHORTEST_NEAR <= len(word) <= LONGEST_NEAR]
    rows = [{"key": key, "word": word} for word in near for key in sorted(near_keys(word))]
    insert_new(session, NearWord, rows)


def near_keys(word: str) -> set[str]:
    """Return a word, and it without each one of its letters."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def list_beginning(session: Session, beginnings: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the words that begin so, by each beginning: MOST_ENDINGS + 1 of them at most."""
    if not beginnings:
        return {}
    found: dict[str, list[str]] = {beginning: [] for beginning in beginnings}
    for word in session.scalars(union_all(*_ranges(beginnings))):
        for beginning in beginnings:
            if word.startswith(beginning) and word not in found[beginning]:
                found[beginning].append(word)
    return {beginning: tuple(words) for beginning, words in found.items()}


def list_near(session: Session, words: Iterable[str]) -> list[SearchWord]:
    """Return the words that share a key with one of these."""
    keys = {
        key
        for word in words
        if SHORTEST_NEAR <= len(word) <= LONGEST_NEAR
        for key in near_keys(word)
    }
    query = (
        select(SearchWord)
        .join(NearWord, NearWord.word == SearchWord.word)
        .where(NearWord.key.in_(keys))
        .distinct()
    )
    return list(session.scalars(query))


def _ranges(beginnings: Sequence[str]) -> Iterator[Select[str]]:
    for beginning in beginnings:
        few = (
            select(SearchWord.word)
            .where(SearchWord.word >= beginning, SearchWord.word < beginning + _LAST)
            .order_by(SearchWord.word)
            .limit(MOST_ENDINGS + 1)
        )
        yield select(few.subquery().c.word)
