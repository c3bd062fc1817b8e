"""An instance: the folder with a site's keys, database and media."""

from pathlib import Path

from flask import Flask
from sqlalchemy import inspect, text

from webapp import create_app, storage
from webapp.episodes.services import name_podcast_once
from webapp.exceptions import Refused
from webapp.operations.examining.database import connect, sqlite_file
from webapp.settings import Settings
from webapp.storage.sealing import KeyMissing, make_keys


def refuse_unmigrated(settings: Settings) -> None:
    """Raise Refused when the database is not at the newest migration, and Unavailable."""
    with create_app(settings).app_context():
        if not storage.is_migrated():
            raise Refused("The database is not at the newest migration. Run `postbag init`.")


def make_instance(settings: Settings) -> Flask:
    """Make what is missing of an instance and return its app. Safe to repeat.

    Raises KeyMissing when the keys are gone that the database's questions were sealed with.
    """
    settings.instance_path.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings.media_path.mkdir(mode=0o700, exist_ok=True)
    if not any(settings.keys_path.glob("*.key")):
        _refuse_sealed_letters(settings)
    make_keys(settings.keys_path)
    app = create_app(settings)
    with app.app_context():
        storage.migrate()
        if settings.is_public:  # it may have become so since the show was imported
            storage.write(name_podcast_once, site_url=settings.site_url)
    if settings.database.startswith("sqlite"):
        Path(settings.database.removeprefix("sqlite:///")).chmod(0o600)
    return app


def _refuse_sealed_letters(settings: Settings) -> None:
    """Raise KeyMissing where a database has questions: new keys must not pass for theirs."""
    path = sqlite_file(settings)
    if path and not path.exists():
        return
    with connect(settings).connect() as connection:
        is_there = inspect(connection).has_table("questions")
        if is_there and connection.scalar(text("SELECT EXISTS (SELECT 1 FROM questions)")):
            raise KeyMissing(
                f"The database has questions, and the keys that sealed them are not in "
                f"{settings.keys_path}. Put them back: nothing else opens the questions."
            )
