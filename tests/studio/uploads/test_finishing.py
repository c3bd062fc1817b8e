"""From a whole file to a file of the episode: taken up again by whoever comes after a fault."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.studio.uploads.sending import files, left_in, page
from tests.studio.uploads.test_piece_views import FILM, begin, piece, row
from webapp.exceptions import Conflict
from webapp.studio.uploads import finishing


def test_a_whole_file_that_nobody_kept_is_kept_by_the_worker(
    desk: FlaskClient, draft: int, uploads: Path, monkeypatch: pytest.MonkeyPatch
):
    told = begin(desk, draft).get_json()
    with monkeypatch.context() as killed:
        killed.setattr(finishing, "finish", lambda _id: row(told))
        assert piece(desk, told, FILM, 0).get_json()["state"] == "whole"
    assert set(files(draft)) == {"index.md"}
    assert "It is looked at now" in page(desk, draft).text

    assert finishing.finish_all() == 1

    assert row(told).state == "kept"
    assert "video.mp4" in files(draft)
    assert finishing.finish_all() == 0


@pytest.mark.parametrize("step", ["_link", "_save", "_close"])
def test_whoever_is_killed_between_two_steps_leaves_what_can_be_done_again(
    desk: FlaskClient, draft: int, uploads: Path, monkeypatch: pytest.MonkeyPatch, step: str
):
    told = begin(desk, draft).get_json()
    done = getattr(finishing, step)

    def killed(*about: object, **more: object) -> None:
        if step != "_close":
            done(*about, **more)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(finishing, step, killed)
        with pytest.raises(KeyboardInterrupt):
            piece(desk, told, FILM, 0)
    assert row(told).state == "whole"

    assert finishing.finish_all() == 1

    assert row(told).state == "kept"
    assert {"index.md", "video.mp4"} == set(files(draft))
    assert left_in(uploads) == []


def test_a_file_of_somebody_who_has_gone_is_refused(
    app: Flask, desk: FlaskClient, draft: int, monkeypatch: pytest.MonkeyPatch
):
    told = begin(desk, draft).get_json()
    monkeypatch.setattr(finishing, "find_actor", lambda _session, _id: None)

    answer = piece(desk, told, FILM, 0).get_json()

    assert (answer["state"], answer["words"]) == ("refused", finishing.NOBODY)


def test_an_episode_that_is_saved_again_and_again_is_waited_for(
    desk: FlaskClient, draft: int, monkeypatch: pytest.MonkeyPatch
):
    told = begin(desk, draft).get_json()

    def overtaken(*_about: object, **_more: object) -> None:
        raise Conflict("again and again")

    with monkeypatch.context() as busy:
        busy.setattr(finishing, "change_files", overtaken)
        assert piece(desk, told, FILM, 0).get_json()["state"] == "whole"

    assert finishing.finish(row(told).id).state == "kept"


def test_a_whole_file_that_is_gone_from_the_disk_is_refused(
    desk: FlaskClient, draft: int, uploads: Path, monkeypatch: pytest.MonkeyPatch
):
    told = begin(desk, draft).get_json()
    with monkeypatch.context() as killed:
        killed.setattr(finishing, "finish", lambda _id: row(told))
        piece(desk, told, FILM, 0)
    for left in uploads.iterdir():
        left.unlink()

    finishing.finish_all()

    assert row(told).state == "refused"
    assert "gone from the disk" in row(told).reason
