"""What a preview link shows: the page as it is saved, quietly, and nothing of a letter."""

import logging
import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete
from werkzeug.test import TestResponse

from tests import factories
from tests.moderation.clustering import EDITH
from tests.pages import soup
from tests.staff.members import press
from tests.studio.asked import WORDS, chosen, start
from tests.studio.made import draft, edit, publish, take_back, whole
from webapp import clock, storage
from webapp.episodes.models import Topic
from webapp.operations.instance import make_instance
from webapp.settings import Settings
from webapp.studio.preview_links import make_link

LINK = re.compile(r"/preview/[\w-]{43}$")


def make(desk: FlaskClient, episode_id: int, days: str = "7") -> str:
    """Make a link at the desk, and return its path."""
    here = f"/desk/episodes/{episode_id}"
    page = press(desk, here, f"{here}/preview-links", days=days)
    found = LINK.search(soup(page).find(id="made")["value"])
    assert found
    return found[0]


def quiet(answer: TestResponse) -> bool:
    kept = answer.headers["Cache-Control"] == "no-store"
    listed = "noindex" not in answer.headers["X-Robots-Tag"]
    told = answer.headers["Referrer-Policy"] != "no-referrer"
    return kept and not listed and not told and "Set-Cookie" not in answer.headers


def test_a_link_shows_the_page_as_it_is_saved_under_a_banner(
    desk: FlaskClient, client: FlaskClient
):
    episode = whole()
    path = make(desk, episode)
    edit(episode, "Speak up.", "Speak very loudly.")

    answer = client.get(path)

    page = soup(answer)
    assert answer.status_code == 200
    assert quiet(answer)
    assert page.find("meta", attrs={"name": "robots"})["content"] == "noindex"
    banner = page.select_one(".c-preview").get_text(" ", strip=True)
    assert banner.startswith("Not out yet. This link ends on ")
    assert "Speak very loudly." in page.find(id="part-two").get_text()
    assert "Can you hear me through it?" in page.get_text()


def test_its_files_are_under_the_link_and_as_quiet(desk: FlaskClient, app: Flask):
    path = make(desk, whole())
    stranger = app.test_client()
    page = soup(stranger.get(path))
    player, track = page.find("source")["src"], page.find("track")["src"]

    assert player == f"{path}/video.mp4"
    video = stranger.get(player, headers={"Range": "bytes=0-1"})
    assert (video.status_code, len(video.data)) == (206, 2)
    assert quiet(video)
    for file in (track, page.find("video")["poster"], f"{path}/transcript.txt"):
        answer = stranger.get(file)
        assert answer.status_code == 200
        assert quiet(answer)
    assert "overheard" in stranger.get(track).text
    for name in ("index.md", "chapters.json", "nothing.mp4", "..%2Findex.md"):
        assert stranger.get(f"{path}/{name}").status_code == 404
    assert stranger.get("/episodes/thin-walls/media/video.mp4").status_code == 404


def test_the_letter_is_on_none_before_it_is_out(desk: FlaskClient, app: Flask):
    episode = start(chosen())
    path = make(desk, episode)
    planned = app.test_client().get(path).text
    publish(episode, clock.now() + timedelta(days=1))

    scheduled = app.test_client().get(path)

    assert WORDS not in planned
    assert WORDS not in scheduled.text
    assert "The letter that it answers is printed once it is out." in scheduled.text


def test_once_it_is_out_a_link_leads_to_the_page(desk: FlaskClient, app: Flask):
    episode = whole()
    path = make(desk, episode)
    publish(episode)

    answer = app.test_client().get(path)
    assert (answer.status_code, answer.location) == (302, "/episodes/thin-walls")
    assert quiet(answer)
    take_back(episode)
    assert app.test_client().get(path).status_code == 200


def test_ended_unknown_and_expired_are_one_and_the_same(desk: FlaskClient, app: Flask):
    episode = whole()
    ended, late = make(desk, episode), make(desk, episode, "1")
    here = f"/desk/episodes/{episode}"
    form = soup(desk.get(here)).select("form[action$='/end']")[-1]
    assert press(desk, here, form["action"]).location == here
    stranger = app.test_client()

    with time_machine.travel(clock.now() + timedelta(days=2)):
        paths = (ended, late, f"/preview/{'x' * 43}")
        answers = [stranger.get(path + rest) for path in paths for rest in ("", "/video.mp4")]

    assert {each.status_code for each in answers} == {404}
    assert len({each.text for each in answers}) == 1


def test_the_link_is_shown_once_and_the_list_says_who_made_it(desk: FlaskClient):
    episode = draft()
    path = make(desk, episode)

    page = soup(desk.get(f"/desk/episodes/{episode}"))

    assert path not in str(page)
    section = page.find(id="links").parent.get_text(" ", strip=True)
    assert "Ends on" in section
    assert "Made by Edith" in section


def test_a_form_without_a_length_or_with_an_old_token_makes_none(desk: FlaskClient):
    episode = draft()
    here = f"/desk/episodes/{episode}"

    none = press(desk, here, f"{here}/preview-links")
    old = press(desk, here, f"{here}/preview-links", days="7", csrf_token="old")

    assert (none.status_code, old.status_code) == (422, 422)
    assert "Choose how long the link holds." in none.text
    assert not soup(old).find(id="made")


def test_an_episode_that_cannot_be_made_any_more_is_not_there(desk: FlaskClient, app: Flask):
    path = make(desk, whole())
    storage.write(lambda session: session.execute(delete(Topic)) and None)

    assert app.test_client().get(path).status_code == 404


@pytest.mark.parametrize(("surface", "status"), [("desk", 404), ("public", 200)])
def test_the_half_that_serves_readers_serves_the_link(tmp_path: Path, surface: str, status: int):
    half = make_instance(Settings.load(instance=tmp_path, surface=surface))
    with half.app_context():
        storage.write(factories.add_show)
        token = storage.write(make_link, episode_id=draft(), days=1, actor=EDITH)

    assert half.test_client().get(f"/preview/{token}").status_code == status


def test_no_log_has_the_token(
    desk: FlaskClient, app: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    path = make(desk, whole())
    token = path.rpartition("/")[2]
    monkeypatch.setattr("webapp.studio.shared_preview_views.masthead", lambda: 1 / 0)

    with caplog.at_level(logging.DEBUG):
        assert app.test_client().get(path).status_code == 500
        app.test_client().get(f"{path}/nothing")

    assert token not in caplog.text
    assert all(token not in str(vars(record)) for record in caplog.records)
