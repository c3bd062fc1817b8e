"""The folder of what is out, for another server to serve."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from webapp import clock, storage
from webapp.episodes.models import Episode, Show
from webapp.operations.offering import Offering

OUT, SOON, LATER, DRAFT, ARTWORK = ("a" * 64, "b" * 64, "c" * 64, "d" * 64, "e" * 64)


def add(session: Session) -> None:
    moments = {
        OUT: clock.now() - timedelta(days=1),
        SOON: clock.now() + timedelta(hours=23),
        LATER: clock.now() + timedelta(hours=30),
        DRAFT: None,
    }
    for number, (sha256, moment) in enumerate(moments.items(), start=1):
        one = factories.add_episode(session, slug=f"s{number}", number=number, published_at=moment)
        factories.add_medium(session, one, file="a film.mp4", sha256=sha256)
    show = session.scalars(select(Show)).one()
    show.artwork_sha256, show.artwork_type = ARTWORK, "image/png"


@pytest.fixture
def folder(app: Flask, media: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder, of a show with something out, something scheduled and a draft."""
    for sha256 in (OUT, SOON, LATER, DRAFT, ARTWORK):
        (media / sha256[:2]).mkdir(exist_ok=True)
        (media / sha256[:2] / sha256).write_bytes(sha256[:10].encode())
    update = {"media_url": "https://media.example", "media_folder": tmp_path / "offered"}
    settings = app.extensions["postbag.settings"].model_copy(update=update)
    monkeypatch.setitem(app.extensions, "postbag.settings", settings)
    with app.app_context():
        storage.write(add)
    return tmp_path / "offered"


def keep(app: Flask, offering: Offering | None = None) -> dict[str, int]:
    """Keep the folder, and return what was done."""
    done: dict[str, int] = {}
    with app.app_context():
        for step in (offering or Offering()).keep(clock.today()):
            done |= step
    return done


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


ALL = {f"{OUT}/a film.mp4", f"{SOON}/a film.mp4", f"{ARTWORK}/{ARTWORK[:12]}.png"}


def test_it_has_what_is_out_and_what_comes_out_within_a_day(app: Flask, folder: Path):
    assert keep(app) == {"offered": 3, "taken": 0}

    assert names(folder) == ALL
    assert (folder / OUT / "a film.mp4").read_bytes() == b"a" * 10


def test_a_web_server_with_another_account_can_read_it(app: Flask, folder: Path):
    keep(app)

    assert folder.stat().st_mode & 0o777 == 0o755
    assert (folder / OUT).stat().st_mode & 0o777 == 0o755
    assert (folder / OUT / "a film.mp4").stat().st_mode & 0o777 == 0o644


def test_a_file_takes_no_room_twice(app: Flask, folder: Path, media: Path):
    keep(app)

    assert (folder / OUT / "a film.mp4").samefile(media / OUT[:2] / OUT)


def test_on_another_disk_it_is_a_copy(
    app: Flask, folder: Path, media: Path, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_about: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr("os.link", refuse)
    keep(app)

    assert names(folder) == ALL
    assert not (folder / OUT / "a film.mp4").samefile(media / OUT[:2] / OUT)


def test_what_is_taken_back_is_taken_out(app: Flask, folder: Path):
    def take_back(session: Session) -> None:
        session.scalars(select(Episode).where(Episode.slug == "s1")).one().published_at = None

    offering = Offering()
    keep(app, offering)
    with app.app_context():
        storage.write(take_back)

    assert keep(app, offering) == {"offered": 0, "taken": 1}
    assert not (folder / OUT).exists()


def test_it_is_looked_through_only_when_something_has_changed(app: Flask, folder: Path):
    offering = Offering()
    keep(app, offering)

    assert keep(app, offering) == {}


def test_what_is_not_ours_stays(app: Flask, folder: Path):
    (folder / "theirs").mkdir(parents=True)
    (folder / "theirs" / "film.mp4").write_bytes(b"x")
    (folder / "index.html").write_bytes(b"x")

    keep(app)

    assert names(folder) == ALL | {"theirs/film.mp4", "index.html"}


def test_a_file_that_is_not_here_holds_up_no_other(app: Flask, folder: Path, media: Path):
    (media / OUT[:2] / OUT).unlink()

    assert keep(app) == {"offered": 2, "taken": 0}


def test_where_media_are_served_by_the_site_there_is_no_folder(
    app: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    settings = app.extensions["postbag.settings"].model_copy(update={"media_url": None})
    monkeypatch.setitem(app.extensions, "postbag.settings", settings)

    assert keep(app) == {}
    assert not folder.exists()
