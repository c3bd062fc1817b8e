"""Putting a backup in the place of a site that is not there.

All is made ready in `restoring` of the instance, with the database last: what is broken off leaves
no half of a site, and is begun anew by the next try.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from webapp import create_app, storage
from webapp.exceptions import Refused
from webapp.operations.backup import archive, postgres
from webapp.operations.backup.erasures import NAME, erase_again, read_list
from webapp.operations.backup.placing import put_database, put_keys, put_media
from webapp.operations.examining import mailbag
from webapp.operations.examining.database import connect, sqlite_file
from webapp.operations.instance import make_instance
from webapp.operations.purging import purge_now
from webapp.operations.rotation import Tell
from webapp.settings import PACKAGE, Settings
from webapp.storage import db, read
from webapp.storage.database import alembic
from webapp.storage.sealing import read_keys

PLACE = "restoring"

THERE = (
    "There is a site at {path} already. A backup is put where there is none: name an empty folder "
    "with POSTBAG_INSTANCE, or move this one away first."
)
LOG_THERE = (
    "{path} is left of a database that was here, and would be taken into this one. Move it to the "
    "database that it belongs to: it may have questions that are not in that file."
)
OTHER_KEYS = (
    "{path} is another key than that of the same name which belongs to the backup. Move it away "
    "first, and keep it: what it has sealed opens with nothing else."
)
TABLES_THERE = (
    "The database that POSTBAG_DATABASE_URL names has tables already. A backup is put into an "
    "empty one: `dropdb` and `createdb` make it that."
)
OTHER_ENGINE = (
    "This backup is of {of}, and this instance is set to {here}. Restore it to {of}; "
    "`postbag move-database` moves a site from SQLite to PostgreSQL."
)
NEWER = "A newer Postbag has made this backup. Install that one first. Nothing was changed."
WRONG_KEYS = "These are not the keys of this backup. {why} Nothing was changed."
ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and what was erased of it again, by the list and by date."""

    made_at: str
    files: int
    erased: int
    purged: int


def restore(
    settings: Settings,
    file: Path,
    *,
    keys: Path | None = None,
    ask_for_keys: Callable[[], Path],
    tell: Tell,
) -> Restored:
    """Put a backup in place. `ask_for_keys` is asked where neither `keys` nor the instance has any.

    What was killed is done again from its beginning, and has the same outcome.
    Raises Refused in words, KeyMissing, Unavailable and OSError; then there is no site.
    """
    _refuse_site(settings)
    instance = settings.instance_path
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = instance / PLACE
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700)
    try:
        with file.open("rb") as backup:
            about = archive.unpack(backup, place)
        _refuse_other(settings, about)
        own = settings.keys_path if any(settings.keys_path.glob("*.key")) else None
        keys = keys or own or ask_for_keys()
        read_keys(keys)
        _refuse_others(keys, settings.keys_path)
        with _all_or_no_tables(settings):
            restored = _make_ready(settings, place, about, keys)
            put_keys(keys, settings.keys_path)
            files = put_media(place, settings, tell)
        put_database(place, settings)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    with make_instance(settings).app_context():
        db.engine.dispose()
    return Restored(about.made_at, files, *restored)


@contextmanager
def _all_or_no_tables(settings: Settings) -> Iterator[None]:
    """Leave a database on a server, which was empty before, as empty where something fails."""
    try:
        yield
    except BaseException:
        if sqlite_file(settings) is None:
            engine = connect(settings)
            postgres.clear(engine)
            engine.dispose()
        raise


def _make_ready(
    settings: Settings, place: Path, about: archive.About, keys: Path
) -> tuple[int, int]:
    """Bring the database to today: its migrations, what was erased since, what is due.

    Returns how many questions were erased, by the list and by date.
    """
    database = None if about.engine == "sqlite" else settings.database_url
    own = settings.model_copy(update={"instance": place, "keys": keys, "database_url": database})
    app, kept = create_app(own), settings.keys_path / NAME
    try:
        with app.app_context():
            return _brought_to_today(about, place, read_list(keys / NAME) | read_list(kept))
    finally:
        with app.app_context():
            db.engine.dispose()


def _brought_to_today(
    about: archive.About, place: Path, erased_since: Iterable[UUID]
) -> tuple[int, int]:
    if about.engine == "postgresql":
        alembic.upgrade(about.migration)
        postgres.copy_in(db.engine, place / "tables")
    storage.migrate()
    _refuse_wrong_keys()
    erased = erase_again(erased_since)
    done = purge_now()
    if about.engine == "sqlite":
        _into_one_file()
    return erased, done.texts + done.questions


def _refuse_site(settings: Settings) -> None:
    path = sqlite_file(settings)
    if path is not None:
        if path.exists():
            raise Refused(THERE.format(path=path))
        for beside in (path.with_name(f"{path.name}{end}") for end in ("-wal", "-journal")):
            if beside.exists():
                raise Refused(LOG_THERE.format(path=beside))
        return
    engine = connect(settings)
    with engine.connect() as connection:
        if inspect(connection).get_table_names():
            raise Refused(TABLES_THERE)


def _refuse_other(settings: Settings, about: archive.About) -> None:
    """Raise Refused for a backup of another engine, or of a version that is newer than this."""
    here = "sqlite" if sqlite_file(settings) else "postgresql"
    if about.engine != here:
        of = ENGINES.get(about.engine, "another database")
        raise Refused(OTHER_ENGINE.format(of=of, here=ENGINES[here]))
    folder = str(PACKAGE / "storage/migrations")
    script = ScriptDirectory(folder, version_locations=[folder])
    if about.migration not in {step.revision for step in script.walk_revisions()}:
        raise Refused(NEWER)


def _refuse_wrong_keys() -> None:
    """Raise Refused unless the questions open with the keys that there are."""
    keyring, session = storage.current_keyring(), read()
    found = (
        *mailbag.examine_sealing(session, keyring, storage.current_settings()),
        *mailbag.examine_opening(session, keyring),
    )
    if wrong := [
        each.words for each in found if not each.is_advice and "older key" not in each.words
    ]:
        raise Refused(WRONG_KEYS.format(why=wrong[0]))


def _into_one_file() -> None:
    """Take SQLite's log into its file, which is moved alone."""
    read().rollback()
    connection = db.engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA journal_mode = DELETE")
    finally:
        connection.close()


def _refuse_others(keys: Path, target: Path) -> None:
    """Raise Refused where a key would be written over by another one."""
    for path in keys.glob("*.key"):
        there = target / path.name
        if there.exists() and there.read_bytes() != path.read_bytes():
            raise Refused(OTHER_KEYS.format(path=there))
