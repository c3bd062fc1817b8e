"""`postbag mailbag`: out of one house and into another, from the command line."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from tests.operations.processes import POSTBAG
from tests.operations.rotating import add_many
from tests.transfer.mailbag.houses import a_house, ids, settings_of
from webapp import storage
from webapp.cli import main

MANY = 300


@pytest.fixture
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    with a_house(request, "sqlite", tmp_path / "old") as app:
        yield app


@pytest.fixture
def new(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    with a_house(request, getattr(request, "param", "sqlite"), tmp_path / "new") as app:
        yield app


def in_house(app: Flask) -> dict[str, str]:
    """Return the environment in which a command works on a house."""
    settings = settings_of(app)
    url = settings.database_url
    there = {"POSTBAG_DATABASE_URL": url.get_secret_value()} if url else {}
    return {"POSTBAG_INSTANCE": str(settings.instance)} | there


def postbag(app: Flask, *arguments: object) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments)], env=in_house(app))


def fill(app: Flask, count: int) -> None:
    with app.app_context():
        storage.write(add_many, count)


def test_a_mailbag_moves_house_and_the_doctor_is_content(old: Flask, new: Flask, tmp_path: Path):
    fill(old, 20)
    file, keys = tmp_path / "mailbag", settings_of(old).keys_path

    out = postbag(old, "mailbag", "export", file)
    back = postbag(new, "mailbag", "import", file, "--keys", keys)
    again = postbag(new, "mailbag", "import", file, "--keys", keys)

    assert (out.exit_code, back.exit_code, again.exit_code) == (0, 0, 0)
    assert f"Carry the folder of keys, {keys}, apart from it." in out.output
    assert "Close this house now" in out.output
    assert out.output.startswith("Exported: 20 of 20\n")
    assert back.output.startswith("Imported: 20 of 20\n20 new, 0 there already.\n")
    assert back.output.endswith("Copy it to where you keep the keys.\n")
    assert again.output.endswith("\n0 new, 20 there already.\n")
    assert ids(new) == ids(old)
    assert postbag(new, "doctor").output.startswith("Nothing is wrong with this instance.")


def test_the_doctor_misses_a_key_that_receipts_are_found_by(old: Flask, new: Flask, tmp_path: Path):
    fill(old, 2)
    file = tmp_path / "mailbag"
    postbag(old, "mailbag", "export", file)
    postbag(new, "mailbag", "import", file, "--keys", settings_of(old).keys_path)
    [key] = settings_of(new).keys_path.glob("receipt-lookup-*.key")

    key.write_text("5eed")
    damaged = postbag(new, "doctor")
    key.unlink()
    missing = postbag(new, "doctor")

    assert f"The key {key.name} in {key.parent} has not 32 bytes." in damaged.output
    assert f"The key {key.name} is not in {key.parent}. Questions that moved" in missing.output
    assert (damaged.exit_code, missing.exit_code) == (1, 1)


def test_what_is_refused_is_refused_in_words(old: Flask, new: Flask, tmp_path: Path):
    file = tmp_path / "mailbag"
    postbag(old, "mailbag", "export", file)

    wrong_keys = postbag(new, "mailbag", "import", file)
    no_keys = postbag(new, "mailbag", "import", file, "--keys", tmp_path)
    twice = postbag(old, "mailbag", "export", file)
    nowhere = postbag(old, "mailbag", "export", tmp_path / "no" / "mailbag")
    no_file = postbag(new, "mailbag", "import", tmp_path / "nothing")

    assert "are not those of the house that this file comes from" in wrong_keys.output
    assert "There is no sealing key in" in no_keys.output
    assert "is there already. Choose another name." in twice.output
    assert "No such file or directory" in nowhere.output
    refused = (wrong_keys, no_keys, twice, nowhere)
    assert [result.exit_code for result in refused] == [1, 1, 1, 1]
    assert no_file.exit_code == 2


@pytest.mark.parametrize("new", ["sqlite", "postgresql"], indirect=True)
def test_an_import_that_is_killed_leaves_nothing(old: Flask, new: Flask, tmp_path: Path):
    fill(old, MANY)
    file, keys = tmp_path / "mailbag", settings_of(old).keys_path
    postbag(old, "mailbag", "export", file)
    command = [POSTBAG, "mailbag", "import", file, "--keys", keys]

    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | in_house(new)
    ) as importing:
        first = importing.stdout.readline()
        importing.kill()

    assert first == f"Imported: 100 of {MANY}\n"
    assert ids(new) == set()
    assert not list(settings_of(new).keys_path.glob("receipt-lookup-*"))
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env=os.environ | in_house(new)
    )
    assert f"{MANY} new, 0 there already." in done.stdout
