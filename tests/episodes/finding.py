"""Findable episodes, and what a search says of them, short."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from tests import factories
from webapp import storage
from webapp.episodes.document import Document, Note, Part
from webapp.episodes.searching import Hit, SearchResults, save_passages
from webapp.transcripts import Paragraph


def add_findable(
    slug: str,
    *,
    title: str = "An episode",
    summary: str = "",
    question: str = "",
    people: Sequence[str] = (),
    days: int = 0,
    published_at: datetime | None = factories.LONG_AGO,
    **document: object,
) -> None:
    """Add an episode, published some days after the others, and make it findable."""

    def add(session: Session) -> None:
        moment = published_at and published_at + timedelta(days=days)
        episode = factories.add_episode(session, slug=slug, title=title, published_at=moment)
        save_passages(
            session,
            episode_id=episode.id,
            title=title,
            summary=summary,
            question=question,
            people=people,
            document=Document(**document),
        )

    storage.write(add)


def a_part(title: str, text: str, *, part_id: str = "one", adult: bool = False) -> Part:
    """Return a part of an answer."""
    notes = (Note(about=f"part:{part_id}", level="adult", text="Frank."),) if adult else ()
    return Part(id=part_id, number=1, title=title, html="", text=text, notes=notes)


def said(text: str, start: float = 0) -> Paragraph:
    """Return a paragraph of a transcript."""
    return Paragraph(start=start, voice="The Host", text=text)


def slugs(results: SearchResults) -> list[str]:
    """Return the episodes that were found, best first."""
    return [episode.slug for episode in results.episodes]


def marked(hit: Hit) -> list[str]:
    """Return what an excerpt marks."""
    return [text for text, is_match in hit.excerpt if is_match]
