"""Making an instance, and what is refused to be made anew."""

import shutil
import stat
from pathlib import Path

import pytest
from sqlalchemy import select

from tests import factories
from webapp import storage
from webapp.episodes.models import Show
from webapp.episodes.podcast import name_of_feed
from webapp.operations.instance import make_instance
from webapp.settings import Settings
from webapp.storage.sealing import KeyMissing


def test_an_instance_is_its_owners_alone(tmp_path: Path):
    settings = Settings.load(instance=tmp_path / "instance")
    make_instance(settings)

    for path in (settings.instance_path, settings.keys_path, settings.media_path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert stat.S_IMODE((settings.instance_path / "postbag.sqlite3").stat().st_mode) == 0o600


def test_keys_that_are_gone_are_not_replaced_where_there_are_questions(tmp_path: Path):
    settings = Settings.load(instance=tmp_path)
    app = make_instance(settings)
    with app.app_context():
        storage.write(factories.add_show)
        storage.write(factories.add_question)
    shutil.rmtree(settings.keys_path)

    with pytest.raises(KeyMissing, match="Put them back"):
        make_instance(settings)

    assert not list(settings.keys_path.glob("*.key"))


def test_no_keys_are_made_for_an_old_mailbag_though_the_start_breaks_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    settings = Settings.load(instance=tmp_path)
    app = make_instance(settings)
    with app.app_context():
        storage.write(factories.add_show)
        storage.write(factories.add_question)
    shutil.rmtree(settings.keys_path)

    def locked() -> None:
        raise storage.Unavailable

    monkeypatch.setattr(storage, "migrate", locked)
    for _ in range(2):
        with pytest.raises(KeyMissing, match="Put them back"):
            make_instance(settings)


def test_keys_that_are_gone_are_made_anew_where_there_is_nothing_to_open(tmp_path: Path):
    settings = Settings.load(instance=tmp_path)
    make_instance(settings)
    shutil.rmtree(settings.keys_path)

    make_instance(settings)


def test_a_show_is_named_once_among_podcasts_when_its_address_is_public(tmp_path: Path):
    at_home = Settings.load(instance=tmp_path)
    app = make_instance(at_home)
    with app.app_context():
        storage.write(factories.add_show)

    def named(**settings: object) -> str:
        app = make_instance(Settings.load(instance=tmp_path, **settings))
        with app.app_context():
            return storage.read().scalars(select(Show.podcast_guid)).one()

    assert named() == ""
    first = named(site_url="https://show.example")
    assert first == name_of_feed("https://show.example/feeds/podcast.xml")
    assert named(site_url="https://moved.example") == first
