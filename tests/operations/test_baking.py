"""Baked pages: what the site answers, as files, and never older than the site."""

import gzip
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import brotli
import pytest
import time_machine
from flask import Flask

from tests import factories
from tests.web.kept_site import KeptSite, kept_site
from tests.web.test_page_cache import add_episode, broken_database, rename_show
from webapp import clock, storage
from webapp.operations.baked_folder import NOW
from webapp.operations.baking import LOOK_SECONDS, Baker, bake, bake_all, baking_beside
from webapp.settings import Settings
from webapp.web.headers import SECURITY_HEADERS


@pytest.fixture
def site(app: Flask) -> Iterator[KeptSite]:
    """A server process of the same app."""
    with kept_site(app) as made:
        yield made


@pytest.fixture
def baker(app: Flask, tmp_path: Path) -> Baker:
    """What keeps the baked pages fresh."""
    return Baker(app, tmp_path / "baked")


def bake_rest(baker: Baker) -> None:
    while baker.step():
        pass


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for what another thread does, for ten seconds at most."""
    for _ in range(200):
        if is_so():
            return
        time.sleep(0.05)
    raise AssertionError("it has not come to that")


def address_of(file: str) -> str:
    return "/" + file.removesuffix("index.html").rstrip("/")


def test_each_file_is_byte_for_byte_what_the_site_answers(
    app: Flask, site: KeptSite, baker: Baker, tmp_path: Path
):
    add_episode(app, "walls")
    bake_rest(baker)

    baked = files_of(tmp_path / "baked" / NOW)

    plain = {name: body for name, body in baked.items() if not name.endswith((".gz", ".br"))}
    assert {"index.html", "episodes/walls/index.html", "ask/index.html"} <= plain.keys()
    for name, body in plain.items():
        answer = site.get(address_of(name))
        assert answer.body == body
        assert {name: answer.headers[name.lower()] for name in SECURITY_HEADERS} == SECURITY_HEADERS
        if f"{name}.gz" in baked:
            assert site.get(address_of(name), accept_encoding="gzip").body == baked[f"{name}.gz"]
            assert site.get(address_of(name), accept_encoding="br").body == baked[f"{name}.br"]
            assert gzip.decompress(baked[f"{name}.gz"]) == body
            assert brotli.decompress(baked[f"{name}.br"]) == body


def test_a_change_empties_the_folder_before_anything_is_baked(
    app: Flask, baker: Baker, tmp_path: Path
):
    bake_rest(baker)
    before = files_of(tmp_path / "baked" / NOW)
    rename_show(app, "Another Show")

    baker.step()

    now = files_of(tmp_path / "baked" / NOW)
    assert set(now) == {"index.html", "index.html.br", "index.html.gz"}
    assert b"Another Show" in now["index.html"]
    bake_rest(baker)
    assert files_of(tmp_path / "baked" / NOW).keys() == before.keys()
    assert len(list((tmp_path / "baked").iterdir())) == 2, "the link, and the folder it leads to"


def test_what_others_keep_in_the_folder_stays(app: Flask, baker: Baker, tmp_path: Path):
    key = tmp_path / "baked" / "instance" / "keys" / "seal-1.key"
    key.parent.mkdir(parents=True)
    key.write_bytes(b"key")

    bake_rest(baker)

    assert key.read_bytes() == b"key"


def test_two_bakers_of_one_folder_mix_nothing_old_into_what_is_new(
    app: Flask, baker: Baker, tmp_path: Path
):
    baker.step()
    rename_show(app, "Another Show")
    other = Baker(app, tmp_path / "baked")
    bake_rest(other)
    bake(app, baker._fresh, "/about")  # as the first one does that has not looked again yet

    bake_rest(baker)

    assert b"Another Show" in files_of(tmp_path / "baked" / NOW)["about/index.html"]
    assert len(list((tmp_path / "baked").iterdir())) == 2


def test_an_episode_is_baked_from_its_moment_on(app: Flask, baker: Baker, tmp_path: Path):
    add_episode(app, "walls", published_at=clock.now() + timedelta(hours=1))
    bake_rest(baker)
    page = tmp_path / "baked" / NOW / "episodes" / "walls" / "index.html"
    assert not page.exists()

    with time_machine.travel(clock.now() + timedelta(hours=1), tick=True):
        bake_rest(baker)
        assert page.exists()
    bake_rest(baker)
    assert not page.exists()


def test_nothing_is_baked_anew_without_a_reason(app: Flask, baker: Baker, tmp_path: Path):
    bake_rest(baker)
    folder = (tmp_path / "baked" / NOW).resolve()
    with app.app_context():
        storage.write(factories.add_question)

    assert not baker.step()
    assert (tmp_path / "baked" / NOW).resolve() == folder


def test_while_the_database_is_away_the_pages_stay(app: Flask, baker: Baker, tmp_path: Path):
    bake_rest(baker)
    before = files_of(tmp_path / "baked" / NOW)
    with broken_database(app):
        assert not baker.step()

    assert files_of(tmp_path / "baked" / NOW) == before


def test_pages_that_others_have_taken_away_are_baked_anew(app: Flask, baker: Baker, tmp_path: Path):
    bake_rest(baker)
    before = files_of(tmp_path / "baked" / NOW)
    (tmp_path / "baked" / NOW).unlink()

    bake_rest(baker)

    assert files_of(tmp_path / "baked" / NOW) == before


def test_a_disk_that_takes_nothing_is_said_once_and_tried_again(
    app: Flask, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    (tmp_path / "baked").write_text("in the way", encoding="utf-8")
    settings = Settings.load(instance=tmp_path, baked=tmp_path / "baked")
    with baking_beside(app, settings):
        wait_until(lambda: "FileExistsError" in caplog.text or "NotADirectory" in caplog.text)
        time.sleep(3 * LOOK_SECONDS)  # it is tried again, and not said again
        (tmp_path / "baked").unlink()
        wait_until((tmp_path / "baked" / NOW / "about" / "index.html").exists)

    said = [each for each in caplog.records if getattr(each, "what", "") == "baked pages"]
    assert len(said) == 1


def test_an_archive_has_every_sitemap(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    add_episode(app, "walls")
    monkeypatch.setattr("webapp.feeds.sitemap.MOST", 6)  # the pages that every show has

    bake_all(app, tmp_path / "archive", lambda *_so_far: None)

    files = files_of(tmp_path / "archive")
    assert b"<sitemapindex" in files["sitemap.xml"]
    named = [name for name in files if name.startswith("sitemaps/") and name.endswith(".xml")]
    assert "sitemaps/show.xml" in named
    assert any(b"/episodes/walls<" in files[name] for name in named)


def test_an_archive_has_pages_files_and_stylesheets(app: Flask, tmp_path: Path):
    add_episode(app, "walls")
    told: list[tuple[int, int]] = []

    done = bake_all(app, tmp_path / "archive", lambda *so_far: told.append(so_far))

    files = files_of(tmp_path / "archive")
    assert done == len([name for name in files if not name.endswith((".gz", ".br"))])
    assert told[-1][0] == told[-1][1] >= done
    assert any(name.startswith("static/site.") for name in files)
    assert {"feeds/podcast.xml", "episodes/walls/embed/index.html", "sitemap.xml"} <= files.keys()
    assert "search/index.html" not in files
