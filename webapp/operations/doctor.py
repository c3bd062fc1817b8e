"""What is wrong with an instance, in sentences.

Each part is examined by itself, so that one that is broken hides no other, and without starting
the application, which does not start where a key or the database is gone.
"""

from collections.abc import Iterable, Iterator

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from webapp.exceptions import Refused
from webapp.operations.examining import (
    baked,
    clocks,
    database,
    history,
    keys,
    mailbag,
    media_files,
    media_store,
    outbox,
    surroundings,
)
from webapp.operations.examining.findings import Finding
from webapp.settings import Settings

NOTHING = "Nothing is wrong with this instance."
NO_INSTANCE = (
    "There is no instance at {path}. `postbag init` makes a new one there; POSTBAG_INSTANCE says "
    "where another is."
)
UNREADABLE = Finding(
    "A part of the database could not be read. It may be damaged or busy: run `postbag doctor` "
    "again, and if this stays, put a backup in its place."
)


def examine(settings: Settings) -> list[Finding]:
    """Return what is wrong with an instance, then advice. Changes nothing."""
    if not settings.instance_path.is_dir():
        return [Finding(NO_INSTANCE.format(path=settings.instance_path))]
    found = [
        *_carefully(keys.examine_keys(settings)),
        *_carefully(_examine_database(settings)),
        *surroundings.examine_address(settings),
        *surroundings.examine_redis(settings),
        *outbox.examine_webhook(settings),
        *_carefully(surroundings.examine_disk(settings)),
    ]
    return sorted(dict.fromkeys(found), key=lambda finding: finding.is_advice)


def in_words(found: Iterable[Finding]) -> Iterator[str]:
    """Yield what an examination found, as people read it."""
    if all(finding.is_advice for finding in found):
        yield NOTHING
    yield from (f"Advice: {each.words}" if each.is_advice else each.words for each in found)


def _examine_database(settings: Settings) -> Iterator[Finding]:
    try:
        engine = database.connect(settings)
    except Refused as error:
        yield Finding(str(error))
        return
    with engine.connect() as connection:
        yield from _carefully(database.examine_file(connection, settings))
        migrations = _carefully(database.examine_migrations(connection))
    yield from migrations or _examine_rows(engine, settings)


def _examine_rows(engine: Engine, settings: Settings) -> Iterator[Finding]:
    keyring = keys.whole_keys(settings.keys_path)
    with Session(engine) as session:
        for check in (
            mailbag.examine_sealing(session, keyring, settings),
            mailbag.examine_opening(session, keyring),
            mailbag.examine_receipts(session, settings),
            mailbag.examine_counts(session),
            mailbag.examine_overdue(session),
            mailbag.examine_arrivals(session),
            history.examine_chain(session, keyring),
            history.examine_questions(session),
            outbox.examine_outbox(session),
            outbox.examine_answers(session),
            clocks.examine_clock(session),
            baked.examine_baked(session, settings),
            surroundings.examine_media(session, settings),
            media_files.examine_files(session, settings),
            media_store.examine_store(session, settings),
        ):
            yield from _carefully(check)
            session.rollback()  # PostgreSQL would answer nothing more after a fault


def _carefully(check: Iterator[Finding]) -> list[Finding]:
    """Return what a check finds, and where it fails itself, that."""
    found: list[Finding] = []
    try:
        found.extend(check)
    except OSError as error:
        found.append(Finding(f"{error.filename} cannot be looked at: {error.strerror}."))
    except SQLAlchemyError:
        found.append(UNREADABLE)
    return found
