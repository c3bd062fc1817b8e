"""Whose an upload is: only who began it goes on with it, and an owner may stop it too."""

import os
import sys
from io import BytesIO
from pathlib import Path

import pytest

from tests.studio.uploads.sending import left_in
from webapp import storage
from webapp.exceptions import NotFound, Refused
from webapp.storage.history import Actor
from webapp.studio.models import Upload
from webapp.studio.uploads import receiving
from webapp.studio.uploads.queries import get_upload
from webapp.web.large_bodies import open_part

EDITH = Actor("Edith", "editor", 1)
OTTO = Actor("Otto", "editor", 2)
OWNER = Actor("Sam", "owner", 3)


@pytest.fixture
def upload(draft: int, uploads: Path) -> Upload:
    """A film of ten bytes that Edith has begun."""
    return receiving.begin(
        episode_id=draft, actor=EDITH, purpose="medium", name="film.mp4", size=10
    )


def test_only_who_began_a_file_goes_on_with_it(upload: Upload):
    with pytest.raises(Refused, match="only they can go on"):
        receiving.receive(upload_id=upload.id, staff_id=2, offset=0, block=b"x")

    assert receiving.receive(upload_id=upload.id, staff_id=1, offset=0, block=b"x").received == 1


def test_another_editor_who_sends_the_same_begins_anew(upload: Upload, draft: int):
    other = receiving.begin(
        episode_id=draft, actor=OTTO, purpose="medium", name="film.mp4", size=10
    )

    assert other.id != upload.id


def test_an_owner_may_stop_what_is_anothers_and_an_editor_may_not(upload: Upload, uploads: Path):
    with pytest.raises(Refused):
        receiving.cancel(upload_id=upload.id, actor=OTTO)
    assert left_in(uploads) == [upload.id.hex]

    receiving.cancel(upload_id=upload.id, actor=OWNER)

    assert left_in(uploads) == []
    with pytest.raises(NotFound):
        get_upload(storage.read(), upload.id)


def test_a_moderator_begins_nothing_and_leaves_nothing(draft: int, uploads: Path):
    with pytest.raises(Refused):
        receiving.begin(
            episode_id=draft, actor=Actor("Mo", "moderator", 4), purpose="medium", name="a", size=1
        )

    assert left_in(uploads) == []


def test_nothing_is_begun_for_an_episode_that_is_not_there(draft: int, uploads: Path):
    with pytest.raises(NotFound):
        receiving.begin(episode_id=draft + 99, actor=EDITH, purpose="medium", name="a", size=1)

    assert left_in(uploads) == []


def test_what_has_lost_its_bytes_is_begun_anew(upload: Upload, draft: int, uploads: Path):
    (uploads / upload.id.hex).unlink()

    anew = receiving.begin(
        episode_id=draft, actor=EDITH, purpose="medium", name="film.mp4", size=10
    )

    assert anew.id != upload.id
    assert left_in(uploads) == [anew.id.hex]


def test_a_file_that_came_with_a_form_is_not_copied(draft: int, uploads: Path):
    uploads.mkdir(exist_ok=True)
    with open_part(str(uploads)) as part:
        part.write(b"0123456789")
        inode = os.fstat(part.fileno()).st_ino
        taken = receiving.take_whole(
            part, episode_id=draft, actor=EDITH, purpose="medium", name="film.mp4"
        )

    place = uploads / taken.id.hex
    assert (taken.state, place.read_bytes()) == ("whole", b"0123456789")
    if sys.platform == "linux":
        assert place.stat().st_ino == inode


def test_a_file_in_memory_is_written_out(draft: int, uploads: Path):
    taken = receiving.take_whole(
        BytesIO(b"0123456789"), episode_id=draft, actor=EDITH, purpose="medium", name="film.mp4"
    )

    assert (uploads / taken.id.hex).read_bytes() == b"0123456789"


def test_what_is_too_large_leaves_nothing(draft: int, uploads: Path, tmp_path: Path):
    with (tmp_path / "sparse").open("w+b") as file:
        file.truncate(storage.current_settings().upload_limit + 1)
        with pytest.raises(Refused, match="larger than the"):
            receiving.take_whole(
                file, episode_id=draft, actor=EDITH, purpose="medium", name="film.mp4"
            )

    assert left_in(uploads) == []
