"""An owner at the desk of a show whose files are there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.staff.members import add_staff, sign_in
from tests.studio.show.made import save_files


@pytest.fixture
def owner(app: Flask, client: FlaskClient) -> Iterator[FlaskClient]:
    """An owner at the desk."""
    add_staff(app, name="Olive", role="owner")
    sign_in(client, email="olive@example.org")
    with app.app_context():
        save_files()
        yield client


@pytest.fixture
def seeds() -> Path:
    """The folder of the show that is shipped."""
    return Path(__file__).parents[3] / "seeds" / "show"
