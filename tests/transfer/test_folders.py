"""An export into a folder: whole or not at all, and nothing lost that is somebody's own."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.transfer.conftest import write_episode
from tests.transfer.test_exporting import EDITOR, INDEX, SEEDS, files_in
from webapp.episodes.bundle_files import text_file
from webapp.episodes.models import Episode
from webapp.exceptions import Refused
from webapp.studio.saving import change_files
from webapp.transfer import folders
from webapp.transfer.exporting import current_source
from webapp.transfer.folders import export_to
from webapp.transfer.importing import import_bundle

EPISODE = "episodes/getting-to-yes"


def export(folder: Path) -> tuple[int, int, int]:
    return export_to(folder, current_source())


def edit(session: Session, before: str, after: str, *, slug: str = "getting-to-yes") -> None:
    """Change an episode's index.md on the site."""
    session.rollback()
    found = session.scalars(select(Episode.id).where(Episode.slug == slug)).one()
    change_files(
        lambda files: {**files, INDEX: text_file(files[INDEX].text.replace(before, after))},
        episode_id=found,
        actor=EDITOR,
    )


def test_the_seeds_come_out_as_they_went_in_and_change_nothing(session: Session, tmp_path: Path):
    import_bundle(SEEDS)

    assert export(tmp_path / "out") == (len(files_in(SEEDS)), 0, 0)

    assert files_in(tmp_path / "out") == files_in(SEEDS)
    plan = import_bundle(tmp_path / "out")
    assert (plan.does_nothing, plan.here, len(plan.unchanged)) == (True, (), 14)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_earlier_export_is_brought_up_to_date(session: Session, show: Path, tmp_path: Path):
    import_bundle(show)
    out = tmp_path / "out"
    export(out)
    inode = (out / EPISODE / "video.mp4").stat().st_ino
    (out / "README.txt").write_text("Ours.")
    (out / EPISODE / "sketch.txt").write_text("Ours.")
    edit(session, "Short answer.", "Shorter.")

    assert export(out) == (1, len(files_in(show)) - 1, 0)

    assert "Shorter." in (out / EPISODE / INDEX).read_text()
    assert (out / EPISODE / "video.mp4").stat().st_ino == inode
    assert (out / "README.txt").read_text() == (out / EPISODE / "sketch.txt").read_text() == "Ours."
    assert not [path for path in out.iterdir() if path.name.startswith(".")]


def test_what_moved_leaves_its_old_folder(session: Session, show: Path, tmp_path: Path):
    import_bundle(show)
    out = tmp_path / "out"
    export(out)
    edit(session, "slug: getting-to-yes", "slug: moved")

    written, _same, removed = export(out)

    assert (written, removed) == (5, 5)
    assert [path.name for path in (out / "episodes").iterdir()] == ["moved"]
    assert import_bundle(out).does_nothing


def test_a_file_that_is_gone_here_goes_there_if_it_is_as_it_was(
    session: Session, show: Path, tmp_path: Path
):
    import_bundle(show)
    out = tmp_path / "out"
    export(out)
    session.rollback()
    found = session.scalars(select(Episode.id).where(Episode.slug == "getting-to-yes")).one()
    gone = {"chapters.json", "poster.jpg"}
    change_files(
        lambda files: {name: file for name, file in files.items() if name not in gone},
        episode_id=found,
        actor=EDITOR,
    )
    (out / EPISODE / "chapters.json").write_text("{}")  # somebody is at work on it

    assert export(out)[2] == 1

    assert not (out / EPISODE / "poster.jpg").exists()
    assert (out / EPISODE / "chapters.json").read_text() == "{}"


def test_a_page_that_was_changed_in_its_old_folder_stops_the_export(
    session: Session, show: Path, tmp_path: Path
):
    import_bundle(show)
    out = tmp_path / "out"
    export(out)
    index = out / EPISODE / INDEX
    index.write_text(index.read_text() + "\nMine.\n")
    edit(session, "slug: getting-to-yes", "slug: moved")
    before = files_in(out)

    with pytest.raises(Refused, match="was changed in that folder"):
        export(out)

    assert files_in(out) == before


def test_a_folder_with_other_things_is_refused(session: Session, show: Path, tmp_path: Path):
    import_bundle(show)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letters.txt").write_text("Mine.")
    (tmp_path / "empty").mkdir()

    with pytest.raises(Refused, match="other things in it"):
        export(tmp_path / "full")

    assert export(tmp_path / "empty")[0] == len(files_in(show))
    assert files_in(tmp_path / "full") == {"letters.txt": b"Mine."}


def test_no_link_leads_an_export_out_of_its_folder(session: Session, show: Path, tmp_path: Path):
    import_bundle(show)
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / "out" / "people").mkdir(parents=True)
    (tmp_path / "out" / "episodes").symlink_to(outside)

    with pytest.raises(Refused, match="leads out"):
        export(tmp_path / "out")

    assert not list(outside.iterdir())


def test_an_export_that_breaks_off_leaves_the_folder_as_it_was(
    session: Session, show: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    import_bundle(show)
    out = tmp_path / "out"
    export(out)
    before = files_in(out)
    edit(session, "Short answer.", "Shorter.")
    write_episode(tmp_path / "more", "another")
    import_bundle(tmp_path / "more")

    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folders.shutil, "copyfile", full)
    with pytest.raises(OSError, match="No space"):
        export(out)

    assert files_in(out) == before
    with pytest.raises(OSError, match="No space"):
        export(tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_what_a_killed_export_left_behind_is_removed(session: Session, show: Path, tmp_path: Path):
    import_bundle(show)
    left = tmp_path / ".out.postbag-export-1234"
    left.mkdir()
    (left / "half").write_text("half")

    export(tmp_path / "out")

    assert [path.name for path in tmp_path.iterdir() if path.name != "show"] == ["out"]
