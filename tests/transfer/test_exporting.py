"""Taking the show along: the same bytes come out that went in, and no letter before its time."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.studio.asked import chosen, start
from tests.transfer.conftest import write_episode
from webapp import clock, storage
from webapp.episodes.bundle_files import move_files, save_text
from webapp.episodes.models import Episode
from webapp.exceptions import NotFound, Refused
from webapp.storage.history import Actor
from webapp.studio.services import publish, take_back
from webapp.transfer.exporting import (
    current_source,
    get_folder,
    list_folders,
    read_all,
    read_folder,
)
from webapp.transfer.folders import export_to
from webapp.transfer.importing import import_bundle

SEEDS = Path(__file__).parents[2] / "seeds" / "show"
EDITOR = Actor("Sam", "editor", 1)
WEB = "Does it rain on the neighbours?"
INDEX = "index.md"


def files_in(folder: Path) -> dict[str, bytes]:
    """Return all files in a folder, by their paths."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def exported() -> dict[str, bytes]:
    """Return all files of an export, by their paths."""
    source = current_source()
    return {
        path: file.text.encode() if file.is_text else source.place(file).read_bytes()
        for path, file in read_all(source, list_folders(source))
    }


def test_an_export_of_the_seeds_is_the_seeds(session: Session):
    import_bundle(SEEDS)

    assert {path: data for path, data in exported().items() if "noise" not in path} == files_in(
        SEEDS
    )


def test_what_means_nothing_here_comes_out_again(session: Session, show: Path):
    place = write_episode(show, "odd")
    index = place / INDEX
    odd = index.read_text().replace("topics:", "mood: [odd,   even]  # ours\r\ntopics:")
    index.write_bytes(odd.encode())
    (place / "notes.txt").write_bytes(b"\xff\x00 not a text")
    (place / "script.fdx").write_text("INT. KITCHEN")
    import_bundle(show)

    found = exported()

    assert found["episodes/odd/index.md"] == odd.encode()
    assert found["episodes/odd/notes.txt"] == b"\xff\x00 not a text"
    assert found == files_in(show)


def test_one_episode_is_exported_alone(session: Session, show: Path):
    import_bundle(show)
    source = current_source()
    known = select(Episode.id).where(Episode.slug == "getting-to-yes")

    folder = get_folder(source, session.scalars(known).one())

    assert set(read_folder(source, folder)) == {
        path for path in files_in(show) if path.startswith("episodes/")
    }
    with pytest.raises(NotFound):
        get_folder(source, 999_999)


def test_a_file_that_is_lost_stops_an_export_before_it_begins(
    session: Session, show: Path, media: Path
):
    import_bundle(show)
    source = current_source()
    video = read_folder(source, "episodes/getting-to-yes/")["episodes/getting-to-yes/video.mp4"]
    source.place(video).rename(media / "aside")

    try:
        with pytest.raises(Refused, match=r"episodes/getting-to-yes/video\.mp4"):
            list_folders(source)
    finally:
        (media / "aside").rename(source.place(video))


def test_an_export_without_an_episode_that_was_renamed_meanwhile_is_none(
    session: Session, show: Path, tmp_path: Path
):
    import_bundle(show)
    source = current_source()
    folders = list_folders(source)
    storage.write(move_files, folder="episodes/getting-to-yes/", to="episodes/getting-to-no/")

    with pytest.raises(Refused, match="another address"):
        list(read_all(source, folders))


def test_a_letter_is_in_no_export_until_it_is_out(session: Session, show: Path):
    import_bundle(show)
    episode_id = start(chosen(), web=WEB)
    source = current_source()

    def said() -> str:
        folder = get_folder(source, episode_id)
        return read_folder(source, folder)[f"{folder}{INDEX}"].text

    assert WEB not in said()
    soon = clock.now().replace(microsecond=0) + timedelta(hours=1)
    storage.write(publish, episode_id=episode_id, actor=EDITOR, at=soon)
    with source.sessions() as reading:
        assert reading.get_one(Episode, episode_id).question_text == WEB
    assert WEB not in said()
    storage.write(publish, episode_id=episode_id, actor=EDITOR, at=soon - timedelta(hours=2))
    assert WEB in said()
    storage.write(take_back, episode_id=episode_id, actor=EDITOR)
    assert WEB not in said()


def test_a_letter_stays_printed_when_its_export_is_taken_in(
    session: Session, show: Path, tmp_path: Path
):
    import_bundle(show)
    episode_id = start(chosen(), web=WEB)
    soon = clock.now().replace(microsecond=0) + timedelta(hours=1)
    storage.write(publish, episode_id=episode_id, actor=EDITOR, at=soon, sign_off="Tusk")
    export_to(tmp_path / "out", current_source())
    index = tmp_path / "out" / "episodes" / "rain" / INDEX
    assert WEB not in index.read_text()
    index.write_text(index.read_text() + "\nA longer answer.\n")

    plan = import_bundle(tmp_path / "out")

    assert plan.changed == ("episodes/rain",)
    session.rollback()
    row = session.get_one(Episode, episode_id, populate_existing=True)
    assert (row.question_text, row.question_sign_off) == (WEB, "Tusk")
    assert "A longer answer." in row.document
    assert import_bundle(tmp_path / "out").does_nothing


def test_an_older_export_brings_no_letter_back_to_a_draft(
    session: Session, show: Path, tmp_path: Path
):
    import_bundle(show)
    episode_id = start(chosen(), web=WEB)
    storage.write(publish, episode_id=episode_id, actor=EDITOR)
    export_to(tmp_path / "out", current_source())
    assert WEB in (tmp_path / "out" / "episodes" / "rain" / INDEX).read_text()
    import_bundle(tmp_path / "out")
    storage.write(take_back, episode_id=episode_id, actor=EDITOR)

    import_bundle(tmp_path / "out")

    session.rollback()
    row = session.get_one(Episode, episode_id, populate_existing=True)
    assert (row.published_at, row.question_text) == (None, "")


def test_words_of_an_editors_own_are_exported_with_a_draft(session: Session, show: Path):
    index = show / "episodes" / "getting-to-yes" / INDEX
    own = 'draft: true\nquestion: {text: "Why do you ask?"}\ntopics:'
    index.write_text(index.read_text().replace("topics:", own))
    import_bundle(show)

    assert exported()["episodes/getting-to-yes/index.md"] == index.read_bytes()


def test_there_is_nothing_to_export_at_first(session: Session):
    with pytest.raises(Refused, match="nothing to export"):
        list_folders(current_source())


def test_a_folder_comes_as_it_stands_when_it_is_read(session: Session, show: Path):
    import_bundle(show)
    source = current_source()
    walk = read_all(source, list_folders(source))
    next(walk)

    storage.write(save_text, path="episodes/getting-to-yes/aside.txt", text="Said since.")

    assert dict(walk)["episodes/getting-to-yes/aside.txt"].text == "Said since."
