"""Revisions as editors look at them: the list with what each changed, and one beside another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.episodes.bundle_files import Files
from webapp.settings import Settings
from webapp.studio.comparing import Difference, compare_files
from webapp.studio.models import Revision
from webapp.studio.revisions import files_of, get_revision

PAGE_SIZE = 20
MADE_BY = {
    "started": "started",
    "saved": "saved",
    "imported": "came with an import",
    "restored": "brought back",
    "corrected": "corrected",
    "file": "changed a file",
}


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """A revision in the list: how it came about and what it changed, in words."""

    number: int
    at: datetime
    author: str
    act: str
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RevisionList:
    """A page of revisions, newest first; the next begins below `before`, 0 at the end."""

    lines: tuple[RevisionLine, ...]
    before: int


@dataclass(frozen=True, slots=True)
class Compared:
    """A revision beside another: what differs, and what of it cannot be brought back.

    `against` is None for the first, beside nothing at all.
    """

    line: RevisionLine
    against: int | None
    differences: tuple[Difference, ...]
    gone: tuple[str, ...]
    others: tuple[int, ...]


def list_revisions(session: Session, episode_id: int, *, before: int = 0) -> RevisionList:
    """Return a page of an episode's revisions, newest first."""
    found = select(Revision).where(Revision.episode_id == episode_id)
    if before:
        found = found.where(Revision.number < before)
    newest = found.order_by(Revision.number.desc()).limit(PAGE_SIZE + 1)
    rows = session.scalars(newest).all()
    files = files_of(session, rows)
    shown = rows[:PAGE_SIZE]
    lines = tuple(_line(row, files) for row in shown)
    return RevisionList(lines, shown[-1].number if len(rows) > PAGE_SIZE else 0)


def list_since(session: Session, episode_id: int, seen: int) -> tuple[RevisionLine, ...]:
    """Return the newest of the revisions that were saved after one, newest first."""
    lines = list_revisions(session, episode_id).lines
    return tuple(line for line in lines if line.number > seen)


def get_compared(
    session: Session, settings: Settings, episode_id: int, number: int, *, against: int | None
) -> Compared:
    """Return a revision beside the one before it, or beside another. Raises NotFound."""
    files = get_revision(session, episode_id, number)
    if against is None and number > 1:
        against = number - 1
    other = get_revision(session, episode_id, against) if against else {}
    row = session.get_one(Revision, (episode_id, number))
    numbers = select(Revision.number).where(Revision.episode_id == episode_id)
    return Compared(
        line=_line(row, {number: files}),
        against=against or None,
        differences=compare_files(other, files),
        gone=list_gone(settings, files),
        others=tuple(session.scalars(numbers.order_by(Revision.number.desc()))),
    )


def list_gone(settings: Settings, files: Files) -> tuple[str, ...]:
    """Return the names of files whose bytes are not among the media any more."""
    return tuple(
        name
        for name, file in files.items()
        if not file.is_text and not settings.media_file(file.sha256).is_file()
    )


def _line(row: Revision, files: Mapping[int, Files]) -> RevisionLine:
    """Return a line; what it changed is said where the one before it is at hand."""
    before = files.get(row.number - 1)
    differences: Sequence[Difference] = ()
    if before is not None:
        differences = compare_files(before, files[row.number])
    return RevisionLine(
        number=row.number,
        at=row.at,
        author=row.author,
        act=MADE_BY.get(row.action, row.action),
        changed=tuple(each.words for each in differences),
    )
