"""An instance: the folder with a site's keys, database and media."""

from pathlib import Path

from flask import Flask

from webapp import create_app, storage
from webapp.episodes.services import name_podcast_once
from webapp.exceptions import Refused
from webapp.questions.queries import has_questions
from webapp.settings import Settings
from webapp.storage.sealing import KeyMissing, make_keys, remove_keys


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
    made = make_keys(settings.keys_path)
    app = create_app(settings)
    with app.app_context():
        storage.migrate()
        if made and has_questions(storage.read()):
            remove_keys(settings.keys_path)
            raise KeyMissing(
                f"The database has questions, and the keys that sealed them are not in "
                f"{settings.keys_path}. Put them back: nothing else opens the questions."
            )
        if settings.is_public:  # it may have become so since the show was imported
            storage.write(name_podcast_once, site_url=settings.site_url)
    if settings.database.startswith("sqlite"):
        Path(settings.database.removeprefix("sqlite:///")).chmod(0o600)
    return app
