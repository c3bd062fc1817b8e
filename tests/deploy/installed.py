"""Postbag as a machine has it that never saw the checkout: the wheel and what it depends on."""

import subprocess
import sys
import venv
from collections.abc import Iterable, Iterator
from email import message_from_bytes
from importlib.metadata import Distribution, distribution
from pathlib import Path
from zipfile import ZipFile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]


def build_wheel(source: Path, folder: Path) -> Path:
    """Build the wheel as deploy/Containerfile does, and return where it is."""
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"),
            *("--no-index", "--no-build-isolation", "--no-deps", "--wheel-dir", folder, source),
        ],
        check=True,
        capture_output=True,
    )
    [wheel] = folder.glob("*.whl")
    return wheel


def install(wheel: Path, folder: Path, extra: str) -> Path:
    """Install a wheel into an empty environment and return its `postbag` command.

    What it depends on comes by links from where the tests run, without a network; what only the
    tests have is not there.
    """
    venv.create(folder, with_pip=False, symlinks=True)
    packages = folder / f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
    for name in sorted(needed(wheel, extra)):
        link(distribution(name), packages)
    python = folder / "bin" / "python"
    install = ["--no-index", "--no-deps", "--quiet", "--disable-pip-version-check", wheel]
    pip = [sys.executable, "-m", "pip", "--python", python, "install", *install]
    subprocess.run(pip, check=True, capture_output=True)
    return folder / "bin" / "postbag"


def needed(wheel: Path, extra: str) -> set[str]:
    """Return the names of what a wheel needs to run, and of all that these need."""
    waiting = [*wanted(named_in(wheel), frozenset({"", extra}))]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        required = waiting.pop()
        one = (canonicalize_name(required.name), frozenset({"", *required.extras}))
        if one not in seen:
            seen.add(one)
            waiting += wanted(distribution(one[0]).requires or (), one[1])
    return {name for name, _ in seen}


def named_in(wheel: Path) -> list[str]:
    """Return what a wheel says it needs."""
    with ZipFile(wheel) as packed:
        [name] = [each for each in packed.namelist() if each.endswith(".dist-info/METADATA")]
        return message_from_bytes(packed.read(name)).get_all("Requires-Dist") or []


def wanted(lines: Iterable[str], extras: frozenset[str]) -> Iterator[Requirement]:
    """Yield the requirements that this machine has, with these extras."""
    for required in map(Requirement, lines):
        marker = required.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras):
            yield required


def link(package: Distribution, folder: Path) -> None:
    """Put a distribution's files into an environment, as links."""
    for top in {file.parts[0] for file in package.files or () if file.parts[0] != ".."}:
        source = Path(str(package.locate_file(top)))
        place = folder / top
        if source.exists() and not place.exists() and top != "__pycache__":
            place.symlink_to(source)
