from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.transfer.mailbag.houses import a_house, fill, packed


@pytest.fixture
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The house that is left; a test may ask for another engine than SQLite."""
    engine = getattr(request, "param", "sqlite")
    with a_house(request, engine, tmp_path / "old") as app:
        yield app


@pytest.fixture
def new(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The house that is moved to, with keys of its own."""
    engine = getattr(request, "param", "sqlite")
    with a_house(request, engine, tmp_path / "new") as app:
        yield app


@pytest.fixture
def file(old: Flask, tmp_path: Path) -> Path:
    """The file of the old house's mailbag, which has something of everything."""
    fill(old)
    path = tmp_path / "mailbag"
    path.write_bytes(packed(old))
    return path
