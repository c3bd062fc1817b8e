"""`postbag import` and `export`: out, in, what both sides changed, and a process that is killed."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.transfer.conftest import HELP, SHOW, write_episode
from tests.transfer.test_exporting import files_in
from webapp import create_app, storage
from webapp.cli import main
from webapp.episodes.bundle_files import save_text
from webapp.episodes.models import BundleFile
from webapp.settings import Settings

PAGE = "episodes/getting-to-yes/index.md"


def postbag(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An instance, made as an operator makes it."""
    monkeypatch.setenv("POSTBAG_INSTANCE", str(tmp_path / "instance"))
    postbag("init")
    return tmp_path / "instance"


@pytest.fixture
def show(tmp_path: Path) -> Path:
    """The folder of a small show."""
    folder = tmp_path / "show"
    write_episode(folder, "getting-to-yes")
    (folder / "people").mkdir()
    (folder / "show.yaml").write_text(SHOW)
    (folder / "topics.yaml").write_text("- {slug: sex, name: Sex}\n")
    (folder / "help.yaml").write_text(HELP)
    (folder / "people" / "the-host.md").write_text("---\nname: Dot\n---\nShe *asks*.\n")
    return folder


def change_both(show: Path) -> None:
    """Change the title here and in the bundle."""
    text = (show / PAGE).read_text()
    (show / PAGE).write_text(text.replace("Getting to yes", "Getting to maybe"))
    with create_app(Settings.load()).app_context():
        ours = text.replace("Getting to yes", "Getting to no")
        storage.write(save_text, path=PAGE, text=ours)


def stands() -> str:
    with create_app(Settings.load()).app_context():
        return storage.read().get_one(BundleFile, PAGE).text


def test_what_was_imported_is_exported_and_changes_nothing(
    instance: Path, show: Path, tmp_path: Path
):
    postbag("import", show)

    result = postbag("export", tmp_path / "out")

    assert result.exit_code == 0
    assert result.output.splitlines()[-1] == "9 files written, 0 as they were, 0 removed"
    assert files_in(tmp_path / "out") == files_in(show)
    again = postbag("import", tmp_path / "out")
    assert again.output.splitlines()[-1] == "0 new, 0 changed, 5 unchanged"


def test_an_export_over_other_things_is_refused(instance: Path, show: Path, tmp_path: Path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")

    result = postbag("export", tmp_path / "full")

    assert result.exit_code == 1
    assert "has other things in it" in result.output


def test_what_both_sides_changed_refuses_the_import_and_says_how_to_go_on(
    instance: Path, show: Path
):
    postbag("import", show)
    change_both(show)

    refused, dry = postbag("import", show), postbag("import", show, "--dry-run")

    assert (refused.exit_code, dry.exit_code) == (1, 1)
    assert f"{PAGE}: title: changed here and in the bundle" in refused.output
    assert 'here: title: "Getting to no"' in refused.output
    assert 'there: title: "Getting to maybe"' in refused.output
    assert "--keep here:FILE:FIELD" in refused.output
    assert f"conflict: {PAGE}: title" in dry.output
    assert "Getting to no" in stands()


def test_keep_says_which_is_to_stay(instance: Path, show: Path):
    postbag("import", show)
    change_both(show)

    for keep, words in (
        ("both", "neither here nor there"),
        ("here:show.yaml", "show.yaml is in no conflict"),
        (f"there:{PAGE}:titel", "titel is in no conflict"),
    ):
        refused = postbag("import", show, "--keep", keep)
        assert refused.exit_code == 1
        assert words in refused.output
        assert "Getting to no" in stands()
    kept = postbag("import", show, "--keep", f"there:{PAGE}:title")

    assert kept.exit_code == 0
    assert "Getting to maybe" in stands()


def test_an_import_that_is_killed_leaves_nothing_and_can_be_run_again(instance: Path, show: Path):
    for number in range(4):
        write_episode(show, f"more-{number}")
    started = subprocess.Popen([sys.executable, "-m", "webapp.cli", "import", str(show)])
    media = instance / "media"
    until = time.monotonic() + 60
    while not list(media.rglob("*")) and time.monotonic() < until:
        time.sleep(0.02)
    started.kill()
    started.wait()

    with create_app(Settings.load()).app_context():
        assert storage.read().query(BundleFile).count() == 0
    result = postbag("import", show)
    assert result.output.splitlines()[-1] == "9 new, 0 changed, 0 unchanged"


def test_an_archive_is_baked_into_an_empty_folder_alone(instance: Path, show: Path, tmp_path: Path):
    archive = tmp_path / "archive"
    assert postbag("import", show).exit_code == 0

    first, again = postbag("bake", archive), postbag("bake", archive)

    assert first.exit_code == 0
    assert (archive / "index.html").exists()
    assert again.exit_code == 1
    assert "Name an empty folder" in again.output
