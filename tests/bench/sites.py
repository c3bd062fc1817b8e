"""Sites of a size, on either engine: made once, and kept where `--keep` says so."""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import psycopg
from flask import Flask
from sqlalchemy import make_url

from tests.postgres import _server_from_wheel
from webapp import storage
from webapp.operations.demo import fill_demo
from webapp.operations.instance import make_instance
from webapp.settings import Settings

ENGINES = ("sqlite", "postgresql")
OPEN = {  # nobody is slowed, and an asker sees at once what staff do
    "limit_reviews": 10**9,
    "limit_sends": 10**9,
    "limit_receipts": 10**9,
    "limit_site_slow": 10**9,
    "limit_site_quarantine": 10**9,
    "undo_seconds": 0,
}

Fill = Callable[[Flask, Settings, int], None]


@dataclass(frozen=True, slots=True)
class Site:
    """A site with so many of something."""

    engine: str
    size: int
    app: Flask
    settings: Settings

    @property
    def environment(self) -> dict[str, str]:
        """Return the settings as another process takes them."""
        given = OPEN | {"instance": self.settings.instance_path}
        if self.engine == "postgresql":
            given["database_url"] = self.settings.database
        return {f"POSTBAG_{name.upper()}": str(value) for name, value in given.items()}


def make_site(folder: Path, kind: str, engine: str, size: int, fill: Fill) -> Site:
    """Return a site of a kind and size; `fill` fills it where no earlier run has."""
    instance = folder / f"{kind}-{engine}-{size}"
    done = instance / "filled"
    if not done.exists():
        shutil.rmtree(instance, ignore_errors=True)
    given = OPEN | {"instance": instance}
    if engine == "postgresql":
        given["database_url"] = _database(folder, instance, is_new=not done.exists())
    settings = Settings.load(**given)
    app = make_instance(settings)
    if not done.exists():
        fill(app, settings, size)
        done.touch()
    with app.app_context():
        storage.db.engine.dispose()
    return Site(engine, size, app, settings)


def fill_with_demo(app: Flask, settings: Settings, _size: int) -> None:
    """Fill a site with the demonstration."""
    fill_demo(app, settings)


def forget_databases(folder: Path) -> None:
    """Drop the databases of the sites in a folder that is not kept."""
    with suppress(psycopg.OperationalError):
        for instance in folder.glob("*-postgresql-*"):
            _drop(_server(folder), _name(instance))


def _database(folder: Path, instance: Path, *, is_new: bool) -> str:
    """Return the URL of an instance's database on PostgreSQL."""
    server, name = _server(folder), _name(instance)
    if is_new:
        _drop(server, name)
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
    url = make_url(server).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)


def _drop(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _server(folder: Path) -> str:
    return os.environ.get("TEST_POSTGRES") or _server_from_wheel(folder)


def _name(instance: Path) -> str:
    place = sha256(str(instance.resolve()).encode()).hexdigest()[:8]
    return f"postbag_bench_{place}"
