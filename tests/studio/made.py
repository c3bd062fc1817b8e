"""A whole episode for tests of the studio, made by the ways that editors have."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import update

from tests.moderation.clustering import EDITH
from tests.transfer.made_media import jpeg, mp4
from webapp import storage
from webapp.episodes.bundle_files import Files, Stored, list_files, text_file
from webapp.episodes.models import Episode, Show
from webapp.studio import services
from webapp.studio.revisions import INDEX, folder_of
from webapp.studio.saving import change_files
from webapp.studio.starting import start_draft

FRONT = """\
summary: What to say through a wall.
topics: [walls]
aliases: [/old/walls]
question: {text: "Can you hear me through it?", sign_off: "Next Door", asked: 2026-01, edited: true}
media: [{file: video.mp4, primary: true}]
notes: [{about: video, level: note, text: "Loud knocking."}]
contributors: [{person: the-host, role: host, disclosure: "Not a builder."}]
parts: [{id: one, at: 12}]
"""
BODY = "\nKnock quizzically first.\n\n## Knock {#one}\n\nKnock.\n\n## Speak {#two}\n\nSpeak up.\n"
VTT = "WEBVTT\n\n00:00.000 --> 00:02.000\n<v The Host>Hello, overheard neighbour.\n"
CHAPTERS = '{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "The wall"}]}'


def draft(title: str = "Thin walls") -> int:
    """Start an empty draft and return its id."""
    return storage.write(start_draft, actor=EDITH, title=title, season=1)


def edit(episode_id: int, old: str, new: str, *, action: str = "saved") -> int | None:
    """Change words of an episode's index.md, and return the number of the revision."""

    def change(files: Files) -> Files:
        return {**files, INDEX: text_file(files[INDEX].text.replace(old, new))}

    return change_files(change, episode_id=episode_id, actor=EDITH, action=action)


def whole(title: str = "Thin walls") -> int:
    """Make a draft that lacks nothing, and return its id."""
    episode_id = draft(title)

    def change(files: Files) -> Files:
        head = files[INDEX].text.removesuffix("---\n\n")
        head = head.replace("  number: 1\n", "  number: 1\n  duration: 3\n")
        index = f"{head}{FRONT}---\n{BODY}"
        return {
            INDEX: text_file(index),
            "transcript.en.vtt": text_file(VTT),
            "chapters.json": text_file(CHAPTERS),
            "poster.jpg": medium(jpeg(), "image/jpeg"),
            "video.mp4": medium(mp4(), "video/mp4", duration=3),
        }

    assert change_files(change, episode_id=episode_id, actor=EDITH)
    return episode_id


def medium(data: bytes, content_type: str, *, duration: float = 0) -> Stored:
    """Keep bytes among the media, and return them as a file."""
    digest = sha256(data).hexdigest()
    place = storage.current_settings().media_file(digest)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    return Stored(digest, len(data), content_type=content_type, duration=duration)


def finish_show() -> None:
    """Give the show a picture."""
    kept = medium(jpeg(), "image/jpeg")
    values = {
        "artwork_sha256": kept.sha256,
        "artwork_type": kept.content_type,
        "description": "Letters, answered.",
        "podcast": {"categories": ["Society & Culture"]},
    }
    storage.write(lambda session: session.execute(update(Show).values(values)) and None)


def publish(episode_id: int, at: datetime | None = None) -> None:
    """Publish an episode, now or from a moment on."""
    storage.write(services.publish, episode_id=episode_id, actor=EDITH, at=at)


def take_back(episode_id: int) -> None:
    """Take an episode back."""
    storage.write(services.take_back, episode_id=episode_id, actor=EDITH)


def look_up(episode_id: int) -> Episode:
    """Return an episode as it stands now."""
    storage.read().rollback()
    return storage.read().get_one(Episode, episode_id, populate_existing=True)


def files_of(episode_id: int) -> Files:
    """Return an episode's files as they stand now."""
    return list_files(storage.read(), folder=folder_of(look_up(episode_id).slug))


def index_of(episode_id: int) -> str:
    """Return an episode's index.md as it stands now."""
    return files_of(episode_id)[INDEX].text
