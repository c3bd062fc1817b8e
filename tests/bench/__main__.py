"""Print the tables that are named, or all."""

import argparse
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench.lines import bench_lines
from tests.bench.memory import bench_memory
from tests.bench.pages import bench_pages
from tests.bench.patience import bench_patience
from tests.bench.sites import forget_databases
from tests.bench.sizes import bench_archive, bench_queue
from tests.bench.starting import bench_starting
from tests.bench.writes import bench_writes

TABLES: dict[str, Callable[[Path, int], str]] = {
    "pages": lambda folder, _most: bench_pages(folder),
    "patience": lambda folder, _most: bench_patience(folder),
    "writes": lambda folder, _most: bench_writes(folder),
    "queue": bench_queue,
    "archive": bench_archive,
    "lines": bench_lines,
    "starting": bench_starting,
    "memory": bench_memory,
}
KEPT = {"queue", "archive", "starting"}  # whose sites take minutes to fill


def main(arguments: Sequence[str] | None = None) -> None:
    """Print each table as soon as it is measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(TABLES))
    parser.add_argument("--keep", type=Path, help="a folder for large sites, to start at once")
    parser.add_argument("--most", type=int, default=1_000_000, help="leave larger sizes out")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.names) - set(TABLES):
        parser.error(f"there is no table {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory(prefix="postbag-bench-") as passing:
        large = asked.keep or Path(passing) / "large"
        large.mkdir(parents=True, exist_ok=True)
        try:
            for name in asked.names or TABLES:
                with tempfile.TemporaryDirectory(dir=passing) as folder:
                    place = large if name in KEPT else Path(folder)
                    print(TABLES[name](place, asked.most), flush=True)
        finally:
            if asked.keep is None:
                forget_databases(large)


if __name__ == "__main__":
    main()
