"""The units of systemd: what they start is there, and what they keep a process from it can miss."""

import ctypes
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.said import calls_in, hold
from tests.left_out import leave_out
from tests.operations.processes import POSTBAG
from tests.serving import free_port, wait_until_served
from webapp.operations.instance import make_instance
from webapp.settings import PREFIX, Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
COMMAND = "/srv/postbag/.venv/bin/postbag"
BACKUPS = "/var/backups/postbag"
OLD_BACKUP = "postbag-2020-01-01-002000.tar"
DENY_WRITE_EXECUTE = 65  # prctl(2): PR_SET_MDWE
MOST_EXPOSED = 20  # tenths, of ten: what `systemd-analyze security` counts; a bare unit has 9.6

is_a_service = pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)


def lines_of(unit: Path) -> list[tuple[str, str]]:
    """Return the settings of a unit, in their order."""
    lines = unit.read_text(encoding="utf-8").splitlines()
    pairs = [line.split("=", 1) for line in lines if "=" in line and not line.startswith("#")]
    return [(name, value) for name, value in pairs]


def value_of(unit: Path, name: str) -> str:
    return dict(lines_of(unit))[name]


def started_by(unit: Path) -> list[str]:
    """Return what a unit runs, as a shell would read it."""
    return [
        value.replace("%%", "%").replace("$$", "$")
        for name, value in lines_of(unit)
        if name.startswith(("ExecStart", "ExecStop"))
    ]


@pytest.fixture(scope="module")
def analyze() -> str:
    """Where systemd's own reader of units is."""
    found = shutil.which("systemd-analyze")
    if found is None:
        leave_out("there is no systemd-analyze on this machine", unless="TEST_SYSTEMD")
    return found


@pytest.fixture
def here(tmp_path: Path) -> list[str]:
    """The units with the command of this checkout in the place of an installed one."""
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace(COMMAND, str(POSTBAG))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    return [str(tmp_path / unit.name) for unit in UNITS]


def test_systemd_reads_every_unit(analyze: str, here: list[str]):
    told = subprocess.run(
        [analyze, "verify", "--man=no", *here], capture_output=True, text=True, check=False
    )

    ours = [line for line in told.stderr.splitlines() if "postbag" in line]
    assert (ours, told.returncode) == ([], 0)


def test_systemd_finds_every_service_well_fenced(analyze: str, here: list[str]):
    for unit in here:
        if unit.endswith(".service"):
            fenced = [analyze, "security", "--offline=true", f"--threshold={MOST_EXPOSED}"]
            told = subprocess.run([*fenced, unit], capture_output=True, text=True, check=False)
            assert told.returncode == 0, told.stdout.splitlines()[-1]


@is_a_service
def test_a_unit_starts_a_command_with_options_that_there_are(unit: Path):
    for line in started_by(unit):
        words = shlex.split(line)
        assert words[0] == COMMAND or shutil.which(words[0])
        for call in calls_in(words[2] if words[0] == "/bin/sh" else line):
            hold(call)
    assert "postbag" in " ".join(started_by(unit))


@is_a_service
def test_a_unit_names_settings_and_keeps_times_and_memory_off_the_disk(unit: Path):
    for name, value in lines_of(unit):
        if name == "Environment":
            setting, _, given = value.partition("=")
            field = setting.removeprefix(PREFIX).lower()
            assert field in Settings.model_fields
            Settings(**{field: given})
    assert value_of(unit, "StandardError") == "append:/srv/postbag/postbag.log"
    assert value_of(unit, "LimitCORE") == "0"
    assert value_of(unit, "ReadWritePaths").startswith("/srv/postbag/instance")
    assert value_of(unit, "User") == "postbag"


def test_a_desk_and_its_public_pages_are_two_halves_of_one_site():
    surfaces = {
        unit.stem: dict(re.findall(rf"{PREFIX}(SURFACE)=(\w+)", unit.read_text(encoding="utf-8")))
        for unit in SERVICES
    }

    assert surfaces["postbag-public"] == {"SURFACE": "public"}
    assert surfaces["postbag-desk"] == {"SURFACE": "desk"}
    assert not any(surfaces[name] for name in ("postbag", "postbag-worker", "postbag-backup"))


def test_every_service_is_fenced_alike():
    fences = [
        {
            pair
            for pair in lines_of(unit)
            if re.match(r"Protect|Restrict|Private|System|Lock", pair[0])
        }
        for unit in SERVICES
    ]

    assert all(len(fence) > 15 for fence in fences)
    fences = [fence - {("Restart", "on-failure"), ("RestartSec", "2s")} for fence in fences]
    assert all(fence == fences[0] for fence in fences)


@pytest.fixture
def backups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of backups, with what is old there, beside an instance."""
    monkeypatch.setenv("POSTBAG_INSTANCE", str(tmp_path / "instance"))
    make_instance(Settings.load())
    folder = tmp_path / "backups"
    copy = folder / ".postbag-backup-abc"
    copy.mkdir(parents=True)
    for file in (folder / OLD_BACKUP, folder / f"{OLD_BACKUP}.part", folder / "notes.tar", copy):
        file.touch()
        os.utime(file, (0, 0))
    return folder


def run_backup(backups: Path, postbag: Path | str = POSTBAG) -> list[int]:
    """Run what the unit runs; return how each command ended."""
    ends = []
    for line in started_by(DEPLOY / "postbag-backup.service"):
        there = line.replace(COMMAND, str(postbag)).replace(BACKUPS, str(backups))
        run = subprocess.run(shlex.split(there), capture_output=True, check=False)
        ends.append(run.returncode)
    return ends


def test_the_unit_of_the_backup_makes_one_and_removes_old_ones(backups: Path):
    assert run_backup(backups) == [0, 0, 0]

    made = [file for file in backups.iterdir() if file.name != "notes.tar"]
    assert len(made) == 1
    assert re.fullmatch(r"postbag-\d{4}-\d\d-\d\d-\d{6}\.tar", made[0].name)
    assert made[0].stat().st_size > 0


def test_old_backups_stay_as_long_as_no_new_one_is_made(backups: Path):
    assert run_backup(backups, postbag="/bin/false") == [1, 0, 0]

    assert {file.name for file in backups.iterdir()} == {OLD_BACKUP, "notes.tar"}


def test_old_backups_go_even_if_the_new_one_names_what_is_damaged(backups: Path):
    damaged = Settings.load().media_file("0" * 64)
    damaged.parent.mkdir(parents=True)
    damaged.write_bytes(b"not those bytes")

    assert run_backup(backups) == [1, 0, 0]

    assert not (backups / OLD_BACKUP).exists()
    assert len(list(backups.glob("postbag-*.tar"))) == 1


def test_the_timer_is_a_moment_of_every_day(analyze: str):
    when = value_of(DEPLOY / "postbag-backup.timer", "OnCalendar")

    told = subprocess.run([analyze, "calendar", when], capture_output=True, check=True)
    assert b"Next elapse" in told.stdout


def test_the_server_runs_where_no_memory_may_be_written_and_run(tmp_path: Path):
    """As under MemoryDenyWriteExecute=yes, which Linux 6.3 lets a process ask for by itself."""
    instance, port = tmp_path / "instance", free_port()
    make_instance(Settings.load(instance=instance))

    server = subprocess.Popen(
        [sys.executable, Path(__file__), str(POSTBAG), "serve", "--port", str(port)],
        env=os.environ | {"POSTBAG_INSTANCE": str(instance)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_until_served(server, port)
    except RuntimeError as refused:
        if "this kernel cannot" in str(refused):
            leave_out("this kernel cannot deny it to a process", unless="TEST_SYSTEMD")
        raise
    finally:
        server.terminate()
        said = server.communicate(timeout=40)[0]
    assert "Traceback" not in said


if __name__ == "__main__":
    if ctypes.CDLL(None).prctl(DENY_WRITE_EXECUTE, 1, 0, 0, 0) != 0:
        sys.exit("this kernel cannot")
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606
