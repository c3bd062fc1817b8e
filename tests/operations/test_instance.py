"""Making an instance, and what is refused to be made anew."""

import shutil
import stat
from pathlib import Path

import pytest

from tests import factories
from webapp import storage
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


def test_keys_that_are_gone_are_made_anew_where_there_is_nothing_to_open(tmp_path: Path):
    settings = Settings.load(instance=tmp_path)
    make_instance(settings)
    shutil.rmtree(settings.keys_path)

    make_instance(settings)
