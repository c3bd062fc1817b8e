"""What tests of the studio watch."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.staff.members import add_staff, sign_in
from webapp import storage


@pytest.fixture
def statements(in_app: Flask) -> Iterator[list[str]]:
    """The statements that are run on the database, as they come."""
    seen: list[str] = []
    engine = storage.db.engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> Iterator[FlaskClient]:
    """An editor at the desk."""
    add_staff(app, name="Edith", role="editor")
    sign_in(client, email="edith@example.org")
    with app.app_context():
        yield client


@pytest.fixture
def owner_desk(app: Flask, client: FlaskClient) -> Iterator[FlaskClient]:
    """An owner at the desk."""
    add_staff(app, name="Olga", role="owner")
    sign_in(client, email="olga@example.org")
    with app.app_context():
        yield client
