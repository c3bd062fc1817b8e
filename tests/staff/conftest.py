"""What the tests of people share."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from webapp import storage


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session of its own: requests that a test makes must not share its app context.

    What Flask-Login knows of somebody stands in the app context, and would outlive a request.
    """
    with app.app_context():
        engine = storage.db.engine
    with Session(engine) as session:
        yield session
