"""What this process says of itself to whatever watches over it."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from webapp import storage
from webapp.operations import health
from webapp.operations.instance import make_instance
from webapp.settings import Settings


def test_a_site_that_lives_and_can_serve_says_so(client: FlaskClient):
    alive, ready = client.get("/healthz"), client.get("/readyz")

    assert (alive.status_code, alive.text) == (200, "alive\n")
    assert (ready.status_code, ready.text) == (200, "ready\n")
    for response in (alive, ready):
        assert response.mimetype == "text/plain"
        assert response.headers["Cache-Control"] == "no-store"


def test_without_its_database_it_lives_and_cannot_serve(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    def away(*_about: object, **_more: object) -> None:
        raise OperationalError("SELECT", {}, Exception("postbag@db.internal is away"))

    monkeypatch.setattr("alembic.runtime.migration.MigrationContext.get_current_heads", away)
    ready = client.get("/readyz")

    assert client.get("/healthz").status_code == 200
    assert (ready.status_code, ready.text) == (503, f"{health.NO_DATABASE}\n")
    assert int(ready.headers["Retry-After"]) > 0


def test_at_an_older_migration_it_cannot_serve(tmp_path: Path):
    app = make_instance(Settings.load(instance=tmp_path))
    with app.app_context(), storage.db.engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))

    ready = app.test_client().get("/readyz")

    assert (ready.status_code, ready.text) == (503, f"{health.NOT_MIGRATED}\n")


def test_without_the_folder_of_keys_it_cannot_serve(tmp_path: Path):
    app = make_instance(Settings.load(instance=tmp_path))
    (tmp_path / "keys").rename(tmp_path / "elsewhere")

    ready = app.test_client().get("/readyz")

    assert (ready.status_code, ready.text) == (503, f"{health.NO_KEYS}\n")
    assert str(tmp_path) not in ready.text


@pytest.mark.parametrize("surface", ["public", "desk"])
def test_either_half_of_the_site_is_watched(tmp_path: Path, surface: str):
    app: Flask = make_instance(Settings.load(instance=tmp_path, surface=surface))

    for path in ("/healthz", "/readyz"):
        assert app.test_client().get(path).status_code == 200
