"""The package that is given to the world: it runs from any folder, without the checkout."""

import os
import re
import subprocess
import tomllib
from pathlib import Path
from urllib.request import urlopen
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.deploy.installed import ROOT, build_wheel, needed
from tests.serving import free_port, wait_until_served
from webapp.cli import main

pytestmark = pytest.mark.xdist_group("wheel")


@pytest.fixture
def anywhere(tmp_path: Path) -> dict[str, str]:
    """The environment of somebody who has never heard of the checkout."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ}
    return kept | {"HOME": str(tmp_path), "POSTBAG_INSTANCE": str(tmp_path / "instance")}


def say(command: Path, *arguments: str, env: dict[str, str], cwd: Path) -> str:
    called = [command, *arguments]
    done = subprocess.run(called, env=env, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_has_the_templates_the_seeds_and_the_licence(wheel: Path, sources: Path):
    packed = set(ZipFile(wheel).namelist())

    for folder, inside in (("templates", "_templates"), ("seeds", "_seeds"), ("webapp", "")):
        for path in (sources / folder).rglob("*"):
            if path.is_file():
                name = path.relative_to(sources / folder).as_posix()
                assert str(Path("webapp", inside, name)) in packed
    assert [name for name in packed if name.endswith("licenses/LICENSE")]
    assert not [name for name in packed if name.startswith("tests/") or name.endswith(".key")]


def test_it_says_its_version_and_every_command(installed: Path, anywhere, tmp_path: Path):
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]

    assert version in say(installed, "--version", env=anywhere, cwd=tmp_path)
    listed = say(installed, "--help", env=anywhere, cwd=tmp_path)
    assert set(re.findall(r"^  ([\w-]+) ", listed, re.MULTILINE)) >= set(main.commands)


def test_it_makes_an_instance_takes_in_the_seed_show_and_serves_it(
    installed: Path, anywhere, tmp_path: Path
):
    say(installed, "init", env=anywhere, cwd=tmp_path)
    say(installed, "seed", env=anywhere, cwd=tmp_path)
    port = free_port()
    server = subprocess.Popen(
        [installed, "serve", "--port", str(port), "--no-worker"],
        env=anywhere,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_until_served(server, port)
        for path in ("/healthz", "/readyz", "/", "/episodes/getting-to-yes"):
            with urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
                assert answer.status == 200
    finally:
        server.terminate()
        said = server.communicate(timeout=40)[0]

    assert "Traceback" not in said


def test_the_same_source_makes_the_same_wheel_at_another_time(
    wheel: Path, sources: Path, tmp_path: Path
):
    (sources / "README.md").touch()
    (sources / "webapp" / "cli.py").touch()
    again = build_wheel(sources, tmp_path)

    assert again.name == wheel.name
    assert again.read_bytes() == wheel.read_bytes()


def test_everything_that_it_needs_is_pinned_and_what_builds_it_too(wheel: Path):
    pins = dict(
        line.split("==")
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    )
    pinned = {canonicalize_name(name): version for name, version in pins.items()}

    assert needed(wheel, "scale") <= set(pinned)
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    assert {canonicalize_name(Requirement(line).name) for line in build} <= set(pinned)
