from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.feeds.reading import SITE
from webapp import storage
from webapp.operations.instance import make_instance
from webapp.settings import Settings
from webapp.transfer.importing import import_bundle

SEEDS = Path(__file__).parents[2] / "seeds" / "show"


@pytest.fixture(scope="session")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A visitor to the show that comes with the project, at an address of its own."""
    app = make_instance(Settings.load(instance=tmp_path_factory.mktemp("seeds"), site_url=SITE))
    with app.app_context():
        import_bundle(SEEDS)
    yield app.test_client()
    with app.app_context():
        storage.db.engine.dispose()
