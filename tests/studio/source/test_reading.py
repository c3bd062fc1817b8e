"""Opening a folder of somebody else's: nothing outside of it, and text that can be kept."""

import os

import pytest

from tests.transfer.conftest import problems_of
from webapp.studio.source.reading import MAX_TEXT

LINK = "expected a file of this folder, not a link or a way out of it"
PLACE = "episodes/getting-to-yes"


@pytest.mark.parametrize("name", ["index.md", "transcript.en.vtt", "poster.jpg", "video.mp4"])
def test_links_out_of_the_bundle_are_not_followed(show, episode, tmp_path, name):
    outside = tmp_path / name
    (episode / name).rename(outside)
    (episode / name).symlink_to(outside)
    assert f"{PLACE}/{name}: {LINK}" in problems_of(show)


def test_an_unnamed_link_out_of_the_bundle_is_refused_too(show, episode):
    (episode / "notes.txt").symlink_to("/etc/passwd")
    assert problems_of(show) == [f"{PLACE}/notes.txt: {LINK}"]


@pytest.mark.parametrize("name", ["people", "episodes", PLACE])
def test_folders_outside_of_the_bundle_are_not_entered(show, tmp_path, name):
    (show / name).rename(tmp_path / "outside")
    (show / name).symlink_to(tmp_path / "outside")
    assert f"{name}: {LINK}" in problems_of(show)


@pytest.mark.parametrize("target", ["index.md", "missing"])
def test_links_to_themselves_and_to_nothing_are_refused(show, episode, target):
    (episode / "index.md").unlink()
    (episode / "index.md").symlink_to(target)
    (problem,) = problems_of(show)
    assert problem.startswith(f"{PLACE}/index.md: expected a file")


def test_links_inside_the_bundle_are_followed(show, episode):
    (episode / "index.md").rename(show / "index.md")
    (episode / "index.md").symlink_to(show / "index.md")
    (show / "show.yaml").write_text("")
    assert not [problem for problem in problems_of(show) if problem.startswith(PLACE)]


def test_folders_and_pipes_are_no_files(show, episode):
    (episode / "chapters.json").unlink()
    (episode / "chapters.json").mkdir()
    (episode / "video.mp4").unlink()
    os.mkfifo(episode / "video.mp4")
    assert problems_of(show) == [
        f"{PLACE}/chapters.json: expected a file",
        f"{PLACE}/video.mp4: expected a file",
    ]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"name: x\nb: \xff\n", "show.yaml, line 2: expected text in UTF-8"),
        (b"name: x\n\n\0", "show.yaml, line 3: expected text without the character NUL"),
        (b" " * (MAX_TEXT + 1), "show.yaml: expected a text of 2,097,152 bytes at most"),
    ],
)
def test_files_that_are_no_text_are_refused(show, data, problem):
    (show / "show.yaml").write_bytes(data)
    assert problems_of(show) == [problem]


def test_a_name_that_is_no_text_is_reported(show):
    (show / "episodes" / "getting-to-yes" / "caf\udce9.txt").write_text("x")

    assert any("expected names in UTF-8" in problem for problem in problems_of(show))
