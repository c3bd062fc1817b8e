"""Work that has to go over all there is takes as long for each, and no more memory for many."""

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from tests.bench.mailbag import fill_mailbag
from tests.bench.running import Spent, run
from tests.bench.sites import ENGINES, Site, forget_databases, make_site
from tests.bench.tables import ratio, table
from tests.operations import made_mailbag
from webapp import storage
from webapp.settings import Settings, package_folder

WANTED = 1.3
UNEVEN = 0.2  # of the time that nothing takes
EPISODE = "the-ex-with-the-dog"  # whose files are copied
# Many enough that starting a process, which is taken off, is little beside them.
EPISODES = (30, 90)
DUE = (500, 2_000)
QUESTIONS = (2_500, 10_000)

Fill = Callable[[Flask, Settings, int], None]
Work = Callable[[Site, Path], Spent]


@dataclass(frozen=True, slots=True)
class Road:
    """Commands that go over the same things, one after the other on one site, and its filling."""

    sizes: Sequence[int]
    fill: Fill
    commands: Mapping[str, Work]


def bench_lines(folder: Path, most: int) -> str:
    """Return the table of work that grows with what there is, per item."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="postbag-lines-", dir=folder) as made:
        place = Path(made)
        try:
            for engine in ENGINES:
                for road in _roads():
                    rows += _rows(place, engine, road, most)
        finally:
            forget_databases(place)
    columns = ("", "items", "for each", "ratio", "", "memory", "of the fewest")
    return table("Straight lines: time for each item, and the most memory", columns, rows)


def _rows(folder: Path, engine: str, road: Road, most: int) -> list[tuple[str, ...]]:
    sizes = [size for size in road.sizes if size <= most] or [most]
    spent = {size: _spend(folder, engine, road, size) for size in (0, *sizes)}
    return [
        _row(f"{name}, {engine}", {size: each[name] for size, each in spent.items()})
        for name in road.commands
    ]


def _row(name: str, spent: Mapping[int, Spent]) -> tuple[str, ...]:
    """Return what the fewest and the most items take; beginning and ending are taken off.

    Where that is no more than those differ by from time to time, there is no ratio.
    """
    begun, sizes = spent[0].seconds, [size for size in spent if size]
    each = {size: (spent[size].seconds - begun) / size for size in sizes}
    few, many = min(sizes), max(sizes)
    is_there = spent[few].seconds > begun * (1 + UNEVEN)
    is_straight = not is_there or each[many] / each[few] <= WANTED
    return (
        name,
        " ".join(f"{size:,}" for size in sizes),
        " ".join(f"{max(each[size], 0) * 1000:.2f}" for size in sizes) + " ms",
        ratio(each[many], each[few]) if is_there else "-",
        "" if is_straight else "!",
        f"{spent[many].memory / 1024**2:,.0f} MB",
        ratio(spent[many].memory, spent[few].memory),
    )


def _spend(folder: Path, engine: str, road: Road, size: int) -> dict[str, Spent]:
    """Return what each command took on a new site, which is gone again then."""
    site = make_site(folder, next(iter(road.commands)), engine, size, road.fill)
    try:
        return {name: work(site, folder) for name, work in road.commands.items()}
    finally:
        forget_databases(folder)
        shutil.rmtree(site.settings.instance_path)


def _roads() -> list[Road]:
    return [
        Road(EPISODES, _nothing, {"import": _import, "export": _export}),
        Road(DUE, _due, {"purge": lambda site, _: run(site, "purge")}),
        Road(
            QUESTIONS,
            _mailbag,
            {"backup": _back_up, "rotate-keys": lambda site, _: run(site, "rotate-keys")},
        ),
    ]


def _nothing(_app: Flask, _settings: Settings, _count: int) -> None:
    """Leave a site empty."""


def _mailbag(app: Flask, settings: Settings, count: int) -> None:
    if count:
        fill_mailbag(app, settings, count)


def _due(app: Flask, _settings: Settings, count: int) -> None:
    """Fill a mailbag in which all texts are due."""
    if count:
        with app.app_context():
            storage.write(made_mailbag.fill, texts=count)


def _import(site: Site, folder: Path) -> Spent:
    with tempfile.TemporaryDirectory(dir=folder) as made:
        bundle = Path(made) / "show"
        _write_bundle(bundle, site.size)
        return run(site, "import", bundle)


def _export(site: Site, folder: Path) -> Spent:
    with tempfile.TemporaryDirectory(dir=folder) as made:
        return run(site, "export", Path(made) / "show")


def _back_up(site: Site, folder: Path) -> Spent:
    with tempfile.TemporaryDirectory(dir=folder) as made:
        return run(site, "backup", Path(made) / "backup.tar")


def _write_bundle(bundle: Path, count: int) -> None:
    """Write a show with so many episodes beside one, each with files of its own."""
    seeds = package_folder("seeds") / "show"
    shutil.copytree(seeds, bundle, ignore=lambda _at, _names: {"episodes"} & set(_names))
    for number in range(count + 1):
        episode = bundle / "episodes" / f"{EPISODE}-{number}"
        shutil.copytree(seeds / "episodes" / EPISODE, episode)
        index = episode / "index.md"
        text = index.read_text(encoding="utf-8").replace(
            f"slug: {EPISODE}", f"slug: {EPISODE}-{number}", 1
        )
        lines = [
            f"guid: copy-{number}" if line.startswith("guid:") else line
            for line in text.split("\n")
            if not line.startswith("aliases:")
        ]
        index.write_text("\n".join(lines), encoding="utf-8")
