"""From the files of a bundle to the columns of tables."""

from collections.abc import Iterator
from typing import Any

from webapp.episodes import document
from webapp.transcripts import paragraphs, write_vtt
from webapp.transfer.files import EpisodeFolder, Known, Person
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


def of_episode(episode: EpisodeFolder, known: Known) -> Columns:
    """Return what `episodes.services.save_episode` takes, but for the guid."""
    front = episode.front
    return {
        "columns": _episode_columns(episode),
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
        chapters=episode.chapters,
        transcript=paragraphs(episode.cues),
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
