"""Revisions: an episode's files as somebody saved them. What a letter says is in none of them."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.episodes.bundle_files import Files, Stored, list_files, text_file
from webapp.episodes.models import Episode
from webapp.episodes.question_block import with_question
from webapp.exceptions import NotFound
from webapp.questions.models import Question
from webapp.questions.unprinting import is_of
from webapp.storage import keyring_of
from webapp.storage.history import Actor
from webapp.storage.sealing import Keyring
from webapp.studio.models import Revision, SourceText

INDEX = "index.md"


def folder_of(slug: str) -> str:
    """Return where an episode's files lie in the bundle, with a slash at the end."""
    return f"episodes/{slug}/"


def add_revision(session: Session, episode: Episode, *, actor: Actor, action: str) -> int:
    """Keep an episode's files as they stand, and return the number; none where nothing changed."""
    files = without_letter(session, episode, list_files(session, folder=folder_of(episode.slug)))
    described = {name: _described(file) for name, file in files.items()}
    last = session.get(Revision, (episode.id, episode.revision))
    if last is not None and last.files == described:
        return last.number
    for file in files.values():
        if file.is_text and session.get(SourceText, file.sha256) is None:
            session.add(SourceText(sha256=file.sha256, text=file.text))
            session.flush()
    episode.revision += 1
    session.add(
        Revision(
            episode_id=episode.id,
            number=episode.revision,
            at=clock.now(),
            author=actor.label,
            author_id=actor.id,
            action=action,
            files=described,
        )
    )
    session.flush()
    return episode.revision


def get_revision(session: Session, episode_id: int, number: int) -> Files:
    """Return an episode's files as they were saved once. Raises NotFound."""
    revision = session.get(Revision, (episode_id, number))
    if revision is None:
        raise NotFound
    return files_of(session, [revision])[number]


def files_of(session: Session, revisions: Sequence[Revision]) -> dict[int, Files]:
    """Return the files of revisions of one episode, by their number."""
    hashes = {file["sha256"] for each in revisions for file in each.files.values()}
    kept = select(SourceText.sha256, SourceText.text).where(SourceText.sha256.in_(hashes))
    texts = {row.sha256: row.text for row in session.execute(kept)}
    return {
        each.number: {name: _stored(file, texts) for name, file in each.files.items()}
        for each in revisions
    }


def without_letter(session: Session, episode: Episode, files: Files) -> Files:
    """Return an episode's files without what they print of a letter in the mailbag."""
    index = files.get(INDEX)
    if index is None or not prints_letter(session, keyring_of(session), episode):
        return files
    return {**files, INDEX: text_file(with_question(index.text, None))}


def prints_letter(session: Session, keyring: Keyring, episode: Episode) -> bool:
    """Return whether what an episode prints as its question is a letter's, not an editor's own.

    The episode knows, unless somebody typed the words, or an older version printed them: then the
    questions that name it are looked at.
    """
    if not episode.question_text or episode.question_from is not None:
        return bool(episode.question_text)
    named = select(Question).where(
        or_(Question.planned_for_id == episode.id, Question.answered_by_id == episode.id)
    )
    texts = session.scalars(named)
    return any(is_of(session, keyring, each, episode.question_text) for each in texts)


def _described(file: Stored) -> dict[str, Any]:
    if file.is_text:
        return {"sha256": file.sha256}
    return {
        "sha256": file.sha256,
        "content_type": file.content_type,
        "size": file.size,
        "duration": file.duration,
    }


def _stored(file: Mapping[str, Any], texts: Mapping[str, str]) -> Stored:
    if "content_type" not in file:
        return text_file(texts[file["sha256"]])
    return Stored(
        file["sha256"],
        file["size"],
        content_type=file["content_type"],
        duration=file["duration"],
    )


def fingerprint_of(files: Files) -> str:
    """Return one SHA-256 over the names and hashes of files."""
    digest = sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{files[name].sha256}\n".encode())
    return digest.hexdigest()
