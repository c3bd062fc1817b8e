"""Making a backup while the site serves: the database at one moment, then the media it names.

A file among the media never changes and is never removed on the day on which nothing names it any
more, so that what the database names at its moment is still there when it is read.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from webapp import clock, storage
from webapp.operations.backup import postgres
from webapp.operations.backup.archive import SQLITE, About, ArchiveWriter, new_file
from webapp.operations.rotation import Tell
from webapp.storage import db

_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What a backup has: how many files beside the database, and which of them are damaged."""

    files: int
    size: int
    damaged: tuple[str, ...]


def back_up(path: Path, tell: Tell) -> BackedUp:
    """Write a backup of the database and the media, readable for nobody else.

    Keys and settings are not in it. Raises Refused where there is a file already, Unavailable,
    and OSError.
    """
    path = path.absolute()
    with (
        new_file(path) as file,
        TemporaryDirectory(prefix=".postbag-backup-", dir=path.parent) as folder,
    ):
        engine = db.engine.dialect.name
        copy = _copy_sqlite if engine == "sqlite" else _copy_postgres
        migration = copy(Path(folder))
        about = About(clock.now().isoformat(), version("postbag-web"), engine, migration)
        writer = ArchiveWriter(file, about)
        for each in sorted(item for item in Path(folder).rglob("*") if item.is_file()):
            writer.add(each.relative_to(folder).as_posix(), each)
        media = tuple(_media())
        files, damaged = 0, []
        for done, each in enumerate(media, start=1):
            with suppress(FileNotFoundError):  # it was named no more, and swept
                if writer.add(f"media/{each.name[:2]}/{each.name}", each) != each.name:
                    damaged.append(each.name)
                files += 1
            tell(done, len(media))
        writer.finish()
        return BackedUp(files, file.tell(), tuple(damaged))


def _copy_sqlite(folder: Path) -> str:
    """Copy the database as it is at one moment, without what was erased; return its migration.

    Source: https://sqlite.org/lang_vacuum.html#vacuuminto
    """
    place = folder / SQLITE
    connection = db.engine.raw_connection()
    try:
        connection.cursor().execute("VACUUM INTO ?", (str(place),))
    except sqlite3.OperationalError as error:
        raise storage.Unavailable from error
    finally:
        connection.close()
    copy = sqlite3.connect(place)
    try:
        return str(copy.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    finally:
        copy.close()


def _copy_postgres(folder: Path) -> str:
    (folder / "tables").mkdir()
    return postgres.copy_out(db.engine, folder / "tables")


def _media() -> Iterator[Path]:
    folder = storage.current_settings().media_path
    for path in sorted(folder.glob("??/*")):
        if path.is_file() and _HASH.fullmatch(path.name):
            yield path
