from collections.abc import Iterator
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask

from tests import factories
from tests.postgres import temporary_database
from tests.transfer.mailbag.houses import a_house, fill, settings_of
from webapp import storage
from webapp.settings import Settings

ENGINES = ("sqlite", "postgresql")


@pytest.fixture(params=ENGINES)
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """A site with something of everything, and two media."""
    with a_house(request, request.param, tmp_path / "house") as app:
        fill(app)
        for words in (b"a film", b"a poster"):
            place = settings_of(app).media_file(sha256(words).hexdigest())
            place.parent.mkdir(exist_ok=True)
            place.write_bytes(words)
        yield app


@pytest.fixture
def small(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """A site on SQLite with a show and one question."""
    with a_house(request, "sqlite", tmp_path / "house") as app:
        with app.app_context():
            storage.write(factories.add_question)
        yield app


@pytest.fixture
def empty(house: Flask, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Where there is no site yet, on the same engine."""
    with ExitStack() as stack:
        given: dict[str, object] = {"instance": tmp_path / "back"}
        if settings_of(house).database_url is not None:
            shared = request.getfixturevalue("tmp_path_factory").getbasetemp()
            given["database_url"] = stack.enter_context(temporary_database(shared))
        yield Settings.load(**given)
