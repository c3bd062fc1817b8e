"""Every test about questions has one published episode."""

import pytest
from flask import Flask

from tests import factories
from webapp import storage


@pytest.fixture
def episode(app: Flask) -> None:
    with app.app_context():
        storage.write(lambda session: factories.add_episode(session).id)
