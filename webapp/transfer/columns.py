"""From the files of a bundle to the columns of tables."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.episodes import document
from webapp.episodes.models import Person as PersonRow
from webapp.episodes.models import Season, Topic
from webapp.episodes.pages import SeasonLabel
from webapp.episodes.problems import BundleProblem
from webapp.episodes.queries import find_show
from webapp.transcripts import paragraphs, write_vtt
from webapp.transfer.files import Bundle, EpisodeFolder, Person
from webapp.transfer.media import MediaFile
from webapp.transfer.schema import HelpFile, ShowFile, TopicsFile
from webapp.writing import render_text

Columns = dict[str, Any]


def of_show(show: ShowFile) -> tuple[Columns, list[Columns]]:
    """Return the columns of the show, and of its seasons."""
    values = show.model_dump(exclude={"about", "ask", "seasons", "sign_offs", "links"})
    values |= {
        "about_html": render_text(show.about),
        "ask_lead": show.ask.lead,
        "ask_who_reads": show.ask.who_reads,
        "ask_when": show.ask.when,
        "sign_offs": list(show.sign_offs),
        "links": [link.model_dump() for link in show.links],
    }
    return values, [season.model_dump() for season in show.seasons]


def show_and_seasons(session: Session, bundle: Bundle) -> tuple[str, dict[int, SeasonLabel]]:
    """Return the show's name, and its seasons by number, as they will be after an import."""
    known = find_show(session)
    seasons = {season.number: season for season in (known.seasons if known else ())}
    if bundle.show is None:
        return known.name if known else "", seasons
    brought = {season.number: SeasonLabel(**season.model_dump()) for season in bundle.show.seasons}
    return bundle.show.name, seasons | brought


def of_topics(topics: TopicsFile) -> list[Columns]:
    """Return the columns of the topics, in their order."""
    return [topic.model_dump() for topic in topics.topics]


def of_help(help_file: HelpFile) -> list[Columns]:
    """Return the columns of the countries: the default one first, the others in their order."""
    countries = sorted(help_file.countries, key=lambda country: country.code != help_file.default)
    return [
        {
            "code": country.code,
            "name": country.name,
            "emergency_number": country.emergency.number,
            "emergency_text": country.emergency.text,
            "services": [
                service.model_dump(mode="json", by_alias=True) for service in country.services
            ],
        }
        for country in countries
    ]


def of_person(person: Person) -> Columns:
    """Return the columns of a contributor."""
    values = person.head.model_dump(exclude={"links"})
    return values | {
        "links": [link.model_dump() for link in person.head.links],
        "bio_html": render_text(person.bio),
    }


@dataclass(frozen=True, slots=True)
class Known:
    """What an episode may name: seasons by number, people and topics by slug, with their ids."""

    seasons: frozenset[int]
    people: dict[str, int]
    topics: dict[str, int]

    @classmethod
    def read(cls, session: Session) -> "Known":
        """Return what the database knows."""
        people = session.execute(select(PersonRow.slug, PersonRow.id))
        topics = session.execute(select(Topic.slug, Topic.id))
        return cls(
            seasons=frozenset(session.scalars(select(Season.number))),
            people={row.slug: row.id for row in people},
            topics={row.slug: row.id for row in topics},
        )

    def find_unknown(self, episode: EpisodeFolder) -> Iterator[BundleProblem]:
        """Yield what an episode names and nobody knows."""
        front = episode.front
        if front.episode.season not in self.seasons:
            words = f"there is no season {front.episode.season} in show.yaml"
            yield BundleProblem(episode.index, 0, "episode, season", words)
        for slug in front.topics:
            if slug not in self.topics:
                words = f"there is no topic {slug} in topics.yaml"
                yield BundleProblem(episode.index, 0, "topics", words)
        for contributor in front.contributors:
            if contributor.person not in self.people:
                words = f"there is no file people/{contributor.person}.md"
                yield BundleProblem(episode.index, 0, "contributors", words)

    def of_episode(self, episode: EpisodeFolder) -> Columns:
        """Return what `episodes.services.save_episode` takes, but for the guid."""
        front = episode.front
        return {
            "columns": _episode_columns(episode),
            "topics": [self.topics[slug] for slug in front.topics],
            "contributions": [
                {
                    "person_id": self.people[item.person],
                    "role": item.role,
                    "disclosure": item.disclosure,
                }
                for item in front.contributors
            ],
            "media": list(_media_rows(episode)),
        }


def _episode_columns(episode: EpisodeFolder) -> Columns:
    front = episode.front
    question = front.question
    page = _document(episode)
    levels = {note.level for note in front.notes if note.about == "video"}
    return {
        "slug": front.slug,
        "title": front.title,
        "summary": front.summary,
        "season": front.episode.season,
        "number": front.episode.number,
        "kind": front.episode.type,
        "duration": front.episode.duration,
        "explicit": front.episode.explicit,
        "published_at": None if front.draft else front.date,
        "question_text": question.text if question else "",
        "question_sign_off": question.sign_off if question else "",
        "question_asked": question.asked if question else "",
        "question_edited": question.edited if question else False,
        "reading_minutes": page.reading_minutes,
        "video_note": "adult" if "adult" in levels else next(iter(levels), ""),
        "document": page.model_dump_json(),
        "transcript_vtt": write_vtt(episode.cues) if episode.cues else "",
        "fingerprint": episode.fingerprint,
    }


def _document(episode: EpisodeFolder) -> document.Document:
    front, expansion = episode.front, episode.expansion
    notes = tuple(document.Note(**note.model_dump()) for note in front.notes)
    times = {part.id: part.at for part in front.parts}
    parts = tuple(
        document.Part(
            id=part.id,
            number=part.number,
            title=part.title,
            html=part.html,
            text=part.text,
            at=times.get(part.id),
            notes=tuple(note for note in notes if note.about == f"part:{part.id}"),
        )
        for part in expansion.parts
    )
    return document.Document(
        notes=notes,
        short_answer_html=expansion.short_answer_html,
        parts=parts,
        footnotes_html=expansion.footnotes_html,
        resources=tuple(document.Resource(**item.model_dump()) for item in front.resources),
        corrections=tuple(document.Correction(**item.model_dump()) for item in front.corrections),
        chapters=tuple(document.Chapter(start=c.start, title=c.title) for c in episode.chapters),
        transcript=tuple(
            document.Paragraph(start=p.start, voice=p.voice, text=p.text)
            for p in paragraphs(episode.cues)
        ),
        transcript_language=episode.language,
        words=expansion.words,
        reading_minutes=expansion.reading_minutes,
    )


def _media_rows(episode: EpisodeFolder) -> Iterator[Columns]:
    if episode.poster is not None:
        yield _file_row(episode.poster, role="poster", label="", primary=False)
    for medium in episode.front.media:
        if medium.file:
            file = episode.media[medium.file]
            yield _file_row(file, role="media", label=medium.label, primary=medium.primary)
        else:
            yield {
                "role": "elsewhere",
                "file": "",
                "url": medium.url,
                "label": medium.label,
                "primary": False,
                "content_type": "",
                "size": 0,
                "sha256": "",
            }


def _file_row(file: MediaFile, *, role: str, label: str, primary: bool) -> Columns:
    return {
        "role": role,
        "file": file.path.name,
        "url": "",
        "label": label,
        "primary": primary,
        "content_type": file.content_type,
        "size": file.size,
        "sha256": file.sha256,
    }
