"""From the files of a bundle to the columns of tables."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from webapp.episodes import document
from webapp.episodes.front_matter import ContentNote, CorrectionItem
from webapp.studio.source.files import EpisodeFolder, Known, Person
from webapp.studio.source.lids import lead_to_lids
from webapp.studio.source.media import MediaFile
from webapp.studio.source.schema import HelpFile, ShowFile, TopicsFile
from webapp.transcripts import paragraphs, write_vtt
from webapp.writing import file_names, render_text

Columns = dict[str, Any]

RENDERING = 4  # raised when finished pages come out otherwise: the next import makes all anew


def of_show(show: ShowFile) -> tuple[Columns, list[Columns]]:
    """Return the columns of the show, and of its seasons."""
    values = show.model_dump(exclude={"about", "ask", "seasons", "sign_offs", "links", "podcast"})
    values |= {
        "about_html": render_text(show.about),
        "ask_lead": show.ask.lead,
        "ask_who_reads": show.ask.who_reads,
        "ask_when": show.ask.when,
        "sign_offs": list(show.sign_offs),
        "links": [link.model_dump() for link in show.links],
        "podcast": show.podcast.model_dump(mode="json"),
        "rendering": RENDERING,
    }
    return values, [season.model_dump() for season in show.seasons]


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
        "links": [link.model_dump(exclude_defaults=True) for link in person.head.links],
        "bio_html": render_text(person.bio),
    }


def of_episode(episode: EpisodeFolder, known: Known) -> Columns:
    """Return what `episodes.services.save_episode` takes, but for the guid."""
    front = episode.front
    return {
        "columns": _episode_columns(episode, known.timezone),
        "topics": [known.topics[slug] for slug in front.topics],
        "contributions": [
            {
                "person_id": known.people[item.person],
                "role": item.role,
                "disclosure": item.disclosure,
            }
            for item in front.contributors
        ],
        "media": list(_media_rows(episode)),
        "aliases": [unquote(path) for path in front.aliases],
    }


def _episode_columns(episode: EpisodeFolder, timezone: str) -> Columns:
    front = episode.front
    question = front.question
    page = _document(episode, timezone)
    published_at = None if front.draft else front.date
    return {
        "slug": front.slug,
        "title": front.title,
        "summary": front.summary,
        "season": front.episode.season,
        "number": front.episode.number,
        "kind": front.episode.type,
        "duration": front.episode.duration,
        "explicit": front.episode.explicit,
        "published_at": published_at,
        "updated_at": updated_at(published_at, page.corrections, timezone),
        "question_text": question.text if question else "",
        "question_sign_off": question.sign_off if question else "",
        "question_asked": question.asked if question else "",
        "question_edited": question.edited if question else False,
        "reading_minutes": page.reading_minutes,
        "video_note": _highest(front.notes, {"video", "pictures"}),
        "audio_note": _highest(front.notes, {"audio"}),
        "text_note": _highest(front.notes, {"text"}),
        "document": page.model_dump_json(),
        "transcript_vtt": write_vtt(episode.cues) if episode.cues else "",
        "look": episode.look,
    }


def updated_at(
    published_at: datetime | None, corrections: Iterable[document.Correction], timezone: str
) -> datetime | None:
    """Return when a page last changed in earnest: at its last correction, if not when it came out.

    One of a day counts from the beginning of that day. Only a correction moves it (RFC 4287,
    4.2.15: "in a way the publisher considers significant").
    """
    if published_at is None:
        return None
    zone = ZoneInfo(timezone)
    return max([published_at, *(item.moment(zone) for item in corrections)])


def _highest(notes: Iterable[ContentNote], media: AbstractSet[str]) -> str:
    """Return the highest level of the notes about some media, or an empty text."""
    levels = {note.level for note in notes if note.about in media}
    return "adult" if "adult" in levels else next(iter(levels), "")


def _document(episode: EpisodeFolder, timezone: str) -> document.Document:
    front, expansion = episode.front, episode.expansion
    zone = ZoneInfo(timezone)
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
    named = file_names(expansion.pictures)
    page = document.Document(
        notes=notes,
        short_answer_html=expansion.short_answer_html,
        parts=parts,
        footnotes_html=expansion.footnotes_html,
        missing_pictures=tuple(name for name in named if name not in episode.pictures),
        resources=tuple(document.Resource(**item.model_dump()) for item in front.resources),
        corrections=tuple(_correction(item, zone) for item in front.corrections),
        feed_season=front.episode.feed_season,
        feed_number=front.episode.feed_number,
        feed_display=front.episode.feed_display,
        feed_author=front.episode.feed_author,
        feed_groups=tuple(item.group for item in front.contributors),
        chapters=episode.chapters,
        transcript=paragraphs(episode.cues),
        transcript_language=episode.language,
        words=expansion.words,
        reading_minutes=expansion.reading_minutes,
    )
    return lead_to_lids(page)


def _correction(item: CorrectionItem, zone: ZoneInfo) -> document.Correction:
    at = item.date if isinstance(item.date, datetime) else None
    on = at.astimezone(zone).date() if at else item.date
    return document.Correction(date=on, at=at, part=item.part, text=item.text)


def _media_rows(episode: EpisodeFolder) -> Iterator[Columns]:
    brought = {"poster": episode.poster, "square": episode.square}
    for role, picture in (brought | episode.drawn).items():
        if picture is not None:
            yield _file_row(picture, role=role, label="", primary=False)
    for picture in episode.pictures.values():
        yield _file_row(picture, role="picture", label="", primary=False)
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
