"""What the documents have root type: the lines that change files, below a folder instead of /.

Packages, accounts, services and containers are left to a machine of one's own. systemd reads the
units in test_units.py, nginx and Caddy their whole files in tests/operations/test_proxies.py.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.operations.test_proxies import at_home, required
from tests.test_commands_in_documents import ROOT, blocks

WRITES = re.compile(r"install |sed |printf |password=|\(umask ")
PLACES = re.compile(r"(?<![\w.])/(etc|run|srv|var)/")
OWNER = re.compile(r" -o (\S+) -g (\S+)")
ACCOUNTS = {"postbag", "www-data", "debian-tor"}  # ours, and those that Debian's packages bring
BROUGHT = ("etc/systemd/system", "etc/caddy", "etc/tor", "run", "srv", "var/backups")

SCRIPTS = {
    where: lines
    for where, wanted, script in blocks()
    if wanted == "root" and (lines := [line for line in script.splitlines() if WRITES.match(line)])
}


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which all of those lines have run, beside a checkout's `deploy/`."""
    root = tmp_path_factory.mktemp("machine")
    shutil.copytree(ROOT / "deploy", root / "deploy")
    for place in BROUGHT:
        (root / place).mkdir(parents=True)
    for where, lines in SCRIPTS.items():
        script = OWNER.sub("", PLACES.sub(rf"{root}/\1/", "\n".join(lines)))
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script], cwd=root, capture_output=True, check=False
        )
        assert done.returncode == 0, f"{where}\n{done.stderr.decode()}"
    return root


def mode_of(place: Path) -> int:
    return place.stat().st_mode & 0o777


def test_what_is_written_belongs_to_accounts_that_there_are():
    text = "\n".join(line for lines in SCRIPTS.values() for line in lines)

    assert {name for pair in OWNER.findall(text) for name in pair} == ACCOUNTS


def test_the_folders_are_as_open_as_they_may_be(machine: Path):
    modes = {"srv/postbag": 0o755, "srv/postbag/baked": 0o755, "srv/postbag/instance": 0o700}
    modes |= {"var/backups/postbag": 0o700, "run/postbag-onion": 0o750}

    assert {place: mode_of(machine / place) for place in modes} == modes


def test_every_unit_and_the_onion_service_get_to_their_places(machine: Path):
    units = [
        each for each in (machine / "deploy").iterdir() if each.suffix in {".service", ".timer"}
    ]
    placed = {each.name: each for each in (machine / "etc/systemd/system").iterdir()}

    assert placed.keys() == {unit.name for unit in units}
    for unit in units:
        assert placed[unit.name].read_bytes() == unit.read_bytes()
        assert mode_of(placed[unit.name]) == 0o644
    assert (machine / "etc/tor/torrc").read_bytes() == (machine / "deploy/torrc").read_bytes()


def test_caddy_reads_the_file_that_has_your_name(machine: Path):
    file = machine / "etc/caddy/Caddyfile"
    assert "{$SITE_ADDRESS:your.name} {" in file.read_text(encoding="utf-8")

    command = [required("caddy"), "validate", "--adapter", "caddyfile", "--config", str(file)]
    told = subprocess.run(command, env=at_home(machine), capture_output=True, check=False)
    assert told.returncode == 0, told.stderr


def test_the_secrets_of_the_containers_are_one_password_for_nobody_else(machine: Path):
    secrets = machine / "deploy/secrets.env"
    said = dict(line.split("=") for line in secrets.read_text(encoding="utf-8").splitlines())

    assert said.keys() == {"POSTGRES_PASSWORD", "PGPASSWORD"}
    assert re.fullmatch("[0-9a-f]{48}", said["PGPASSWORD"])
    assert said["POSTGRES_PASSWORD"] == said["PGPASSWORD"]
    assert mode_of(secrets) == 0o600
    named = (machine / "deploy/.env").read_text(encoding="utf-8")
    assert named == "SITE_ADDRESS=show.example\n"
