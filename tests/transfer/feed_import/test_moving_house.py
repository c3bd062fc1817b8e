"""A show of our own moves from one site to another by nothing but its feed."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from tests.feeds.conftest import SEEDS
from tests.transfer.feed_import.feed_server import FeedServer, Handler
from tests.transfer.feed_import.same_feed import assert_same
from tests.transfer.feed_import.test_same_feed import fetched
from webapp import storage
from webapp.cli import main
from webapp.operations.instance import make_instance
from webapp.settings import Settings
from webapp.transfer.importing import import_bundle


@pytest.fixture
def old_house(server: FeedServer, tmp_path: Path) -> Iterator[FeedServer]:
    """A site with the seed show and four of its episodes, served on this machine."""
    shutil.copytree(SEEDS, tmp_path / "show")
    for folder in sorted((tmp_path / "show" / "episodes").iterdir())[4:]:
        shutil.rmtree(folder)
    settings = Settings.load(instance=tmp_path / "old", site_url=server.at(""))
    app = make_instance(settings)
    with app.app_context():
        import_bundle(tmp_path / "show")
    client = app.test_client()

    def answer(handler: Handler) -> None:
        found = client.get(handler.path)
        kind = {"Content-Type": found.headers["Content-Type"]}
        handler.answer(found.data, status=found.status_code, headers=kind)

    server.others = answer
    yield server
    _close(app)


@pytest.fixture
def new_house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An empty site, and the settings of its commands."""
    monkeypatch.setenv("POSTBAG_INSTANCE", str(tmp_path / "new"))
    monkeypatch.setenv("POSTBAG_IMPORT_FROM_LOOPBACK", "true")
    app = make_instance(Settings.load())
    yield app
    _close(app)


def _close(app: Flask) -> None:
    with app.app_context():
        storage.db.engine.dispose()


def postbag(*arguments: str) -> str:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_show_moves_by_its_feed_says_the_same_and_moves_once(
    old_house: FeedServer, new_house: Flask
):
    feed = old_house.at("/feeds/podcast.xml")

    done = postbag("import-feed", feed, "--although-locked")

    assert "0 wait" in done
    client = new_house.test_client()
    assert_same(
        client.get("/feeds/podcast.xml").data,
        fetched(feed),
        here=lambda url: client.get(url).data,
        there=fetched,
    )
    again = postbag("import-feed", feed, "--although-locked").splitlines()
    assert not [line for line in again if line.startswith(("new:", "changed:", "merged:"))]
    assert again[-1] == "0 files came, 0 wait"


def test_a_feed_that_is_refused_ends_the_command_with_1(new_house: Flask, tmp_path: Path):
    page = tmp_path / "page.html"
    page.write_text("<html></html>")

    result = CliRunner().invoke(main, ["import-feed", str(page)])

    assert result.exit_code == 1
    assert "This is a web page." in result.output
