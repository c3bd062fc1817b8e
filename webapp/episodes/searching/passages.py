"""Making the passages of an episode, and saving them."""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import nh3
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from webapp.episodes.document import Document
from webapp.episodes.searching.models import EPISODE_BITS, Passage, Strength, passage_id
from webapp.episodes.searching.vocabulary import save_words
from webapp.episodes.searching.words import clean_text, find_words

MOST_LETTERS = 200_000  # of one passage: PostgreSQL indexes 1 MB of different words at most
_BLOCK_END = re.compile(r"(</(?:p|li|h[1-6]|dt|dd|td|th|pre|blockquote)>|<br\s*/?>)")


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage before it has a place in an episode.

    `named` is whether the heading can be read while the text is closed.
    """

    strength: Strength
    kind: str
    anchor: str = ""
    heading: str = ""
    text: str = ""
    closed: bool = False
    at: int | None = None
    named: bool = True


def save_passages(
    session: Session,
    *,
    episode_id: int,
    title: str,
    summary: str,
    question: str,
    people: Sequence[str],
    document: Document,
) -> None:
    """Make an episode findable by what it says now and who speaks in it.

    A draft too: reading leaves drafts out.
    """
    entries = list(make_entries(title, summary, question, people, document))
    entries = entries[: (1 << EPISODE_BITS) - 1]
    written: dict[str, str] = {}
    rows = [_row(episode_id, place, entry, written) for place, entry in enumerate(entries)]
    session.execute(delete(Passage).where(Passage.episode_id == episode_id))
    session.execute(insert(Passage), [_whole(episode_id, written), *rows])
    save_words(session, written)
    session.flush()


def make_entries(
    title: str, summary: str, question: str, people: Sequence[str], document: Document
) -> Iterator[Entry]:
    """Yield what an episode can be found by, in the order of its page."""
    closed = document.is_adult("text")
    yield Entry(Strength.TITLE, "title", heading=title)
    yield Entry(Strength.TEXT, "title", heading=title, text=summary)
    if question:
        yield Entry(Strength.QUESTION, "question", text=question, closed=closed)
    if document.short_answer_html:
        text = _without_marks(document.short_answer_html)
        yield Entry(Strength.TEXT, "short-answer", "page-short-answer", text=text, closed=closed)
    for part in document.parts:
        adult = closed or part.is_adult
        named, anchor = not closed, f"part-{part.id}"
        yield Entry(Strength.HEADING, "part", anchor, part.title, "", adult, named=named)
        yield Entry(Strength.TEXT, "part", anchor, part.title, part.text, adult, named=named)
    for item in document.resources:
        text = " · ".join(filter(None, (item.by, item.country, item.cost)))
        yield Entry(
            Strength.RESOURCE,
            "resource",
            "page-resources",
            item.title,
            text,
            closed,
            named=not closed,
        )
    if people:
        yield Entry(Strength.HEADING, "people", "page-people", text=", ".join(people))
    yield from _transcript(document)


def _transcript(document: Document) -> Iterator[Entry]:
    closed = document.is_transcript_adult
    for said in document.transcript:
        at = int(said.start)
        yield Entry(
            Strength.TRANSCRIPT,
            "transcript",
            f"t={at}",
            said.voice,
            said.text,
            closed,
            at,
            named=not closed,
        )


def _row(episode_id: int, place: int, entry: Entry, written: dict[str, str]) -> dict[str, object]:
    """Return an entry's columns, and add its words to those `written`, by how they are folded."""
    heading, text = clean_text(entry.heading), clean_text(entry.text)
    words: list[str] = []
    # A voice is no heading: it would find all that somebody says.
    for source in (text,) if entry.kind == "transcript" else (heading, text):
        for word in find_words(source):
            words.append(word.folded)
            written.setdefault(word.folded, source[word.start : word.end].lower())
    return {
        "id": passage_id(entry.strength, episode_id, place),
        "episode_id": episode_id,
        "kind": entry.kind,
        "anchor": entry.anchor,
        "closed": entry.closed,
        "at": entry.at,
        "heading": heading if entry.named else "",
        "text": text,
        "words": _between_spaces(words),
    }


def _whole(episode_id: int, written: dict[str, str]) -> dict[str, object]:
    """Return the passage that has every word of an episode, by which no part of it is shown."""
    row = _row(episode_id, 0, Entry(Strength.EPISODE, "episode", closed=True), {})
    return row | {"words": _between_spaces(sorted(written))}


def _between_spaces(words: Iterable[str]) -> str:
    joined = " ".join(words)
    if len(joined) > MOST_LETTERS:
        joined = joined[:MOST_LETTERS].rpartition(" ")[0]
    return f" {joined} " if joined else ""


def _without_marks(source: str) -> str:
    return html.unescape(nh3.clean(_BLOCK_END.sub(r" \1", source), tags=set()))
