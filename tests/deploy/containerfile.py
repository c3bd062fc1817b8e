"""deploy/Containerfile, read: its stages and their instructions."""

import re
from collections.abc import Iterator
from pathlib import Path

FILE = Path(__file__).parents[2] / "deploy" / "Containerfile"


def instructions(file: Path = FILE) -> list[tuple[str, str]]:
    """Return each instruction and what follows it, with continued lines as one."""
    lines = [
        line
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.strip().startswith("#")
    ]
    whole = re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines()
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in whole)]


def stages() -> list[list[tuple[str, str]]]:
    """Return the instructions of each stage, from its FROM on."""
    found: list[list[tuple[str, str]]] = []
    for name, rest in instructions():
        if name == "FROM":
            found.append([])
        if found:
            found[-1].append((name, rest))
    return found


def copied() -> Iterator[tuple[str, str]]:
    """Yield what is copied from the checkout, and where it goes in the folder that is built in."""
    for name, rest in instructions():
        if name == "COPY" and not rest.startswith("--from"):
            *sources, place = rest.split()
            for source in sources:
                yield source, source if place == "./" else place
