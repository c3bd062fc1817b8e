"""An instance: the folder with a site's keys, database and media."""

from flask import Flask

from webapp import create_app, storage
from webapp.settings import Settings
from webapp.storage.sealing import make_keys


def make_instance(settings: Settings) -> Flask:
    """Make what is missing of an instance and return its app. Safe to repeat."""
    settings.instance_path.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings.media_path.mkdir(mode=0o700, exist_ok=True)
    make_keys(settings.keys_path)
    app = create_app(settings)
    with app.app_context():
        storage.migrate()
    return app
