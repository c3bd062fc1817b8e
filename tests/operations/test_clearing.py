"""Baked pages that nobody keeps fresh any more are not served for long."""

import time
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from tests.operations.processes import wait_for
from tests.operations.test_baking import bake_rest
from tests.web.test_page_cache import add_episode, broken_database, rename_show
from webapp import clock
from webapp.operations import doctor
from webapp.operations.baked_folder import NOW
from webapp.operations.baking import Baker, baking_beside
from webapp.operations.clearing import LOOK_SECONDS, LOOKS, OLD, Clearer
from webapp.operations.examining import baked
from webapp.settings import Settings


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    """A folder of baked pages whose baker is gone."""
    bake_rest(Baker(app, tmp_path / "baked"))
    return tmp_path / "baked"


@pytest.fixture
def clearer(app: Flask, folder: Path) -> Clearer:
    return Clearer(app, folder)


def look(clearer: Clearer, times: int = LOOKS) -> None:
    for _ in range(times):
        clearer.look()


def is_served(folder: Path) -> bool:
    return (folder / NOW / "about" / "index.html").exists()


def test_pages_of_the_show_as_it_is_stay_without_a_baker(clearer: Clearer, folder: Path):
    look(clearer, 3 * LOOKS)

    assert is_served(folder)


def test_old_pages_are_taken_away_and_it_is_said(
    app: Flask, clearer: Clearer, folder: Path, caplog: pytest.LogCaptureFixture
):
    rename_show(app, "Another Show")
    look(clearer, LOOKS - 1)
    assert is_served(folder)

    look(clearer, LOOKS)

    assert not (folder / NOW).is_symlink()
    assert caplog.messages == [OLD]


def test_pages_are_old_when_an_episode_has_come_out(app: Flask, tmp_path: Path):
    add_episode(app, "walls", published_at=clock.now() + timedelta(hours=1))
    bake_rest(Baker(app, tmp_path / "baked"))

    with time_machine.travel(clock.now() + timedelta(hours=1), tick=True):
        look(Clearer(app, tmp_path / "baked"))

    assert not (tmp_path / "baked" / NOW).is_symlink()


def test_a_baker_that_is_slow_to_begin_anew_keeps_its_pages(app: Flask, tmp_path: Path):
    baker = Baker(app, tmp_path / "baked")
    bake_rest(baker)
    clearer = Clearer(app, tmp_path / "baked")
    for name in ("One", "Two", "Three", "Four"):
        rename_show(app, name)
        look(clearer, LOOKS - 1)
        bake_rest(baker)

    assert is_served(tmp_path / "baked")


def test_a_baker_that_lives_is_not_disturbed(
    app: Flask, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    clearer = Clearer(app, tmp_path / "baked")
    with baking_beside(app, Settings.load(instance=tmp_path, baked=tmp_path / "baked")):
        wait_for(lambda: is_served(tmp_path / "baked"))
        rename_show(app, "Another Show")
        for _ in range(LOOKS):
            clearer.look()
            time.sleep(LOOK_SECONDS)  # as its thread does: in between the baker has its time
        clearer.look()
        wait_for(lambda: is_served(tmp_path / "baked"))

    assert OLD not in caplog.messages


def test_while_the_database_is_away_the_pages_stay(app: Flask, clearer: Clearer, folder: Path):
    rename_show(app, "Another Show")
    with broken_database(app):
        look(clearer, 3 * LOOKS)

    assert is_served(folder)


def test_where_nothing_is_baked_there_is_nothing_to_take_away(app: Flask, tmp_path: Path):
    look(Clearer(app, tmp_path / "baked"))

    assert not (tmp_path / "baked").exists()


def test_what_the_doctor_says_of_old_pages(
    app: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(baked, "PATIENCE", 0.3)
    settings = app.extensions["postbag.settings"].model_copy(update={"baked": folder})
    words = f"The pages in {folder / NOW} are old"

    def is_said() -> bool:
        return any(found.words.startswith(words) for found in doctor.examine(settings))

    assert not is_said()
    rename_show(app, "Another Show")
    assert is_said()
    (folder / NOW).unlink()
    assert not is_said()
