"""From `postbag serve` to the first answer, with little and with much in the database."""

import os
import statistics
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

from tests.bench.mailbag import fill_mailbag
from tests.bench.sites import ENGINES, Site, make_site
from tests.bench.sizes import MAILBAGS, WANTED
from tests.bench.tables import milliseconds, table
from tests.operations.processes import POSTBAG
from tests.serving import free_port

TIMES = 3
SIZES = MAILBAGS[:2]  # a million takes too long to fill for a look at how it starts
PATIENCE = 120  # seconds, of a machine that has much else to do


def bench_starting(folder: Path, most: int) -> str:
    """Return the table of starts, taken in turns."""
    sizes = [size for size in SIZES if size <= most] or [most]
    rows = []
    for engine in ENGINES:
        sites = [make_site(folder, "queue", engine, size, fill_mailbag) for size in sizes]
        taken = [[_start(site) for site in sites] for _ in range(TIMES)]
        usual = [statistics.median(times) for times in zip(*taken, strict=True)]
        ratio = usual[-1] / usual[0]
        times = map(milliseconds, usual)
        rows.append((engine, *times, f"{ratio:.2f}", "" if ratio <= WANTED else "!"))
    columns = ("until /healthz answers", *(f"{size:,} questions" for size in sizes), "ratio", "")
    return table("Starting", columns, rows)


def _start(site: Site) -> float:
    """Return the seconds until a server has answered. Raises RuntimeError where it does not."""
    port = free_port()
    command = [str(POSTBAG), "serve", "--port", str(port)]
    begun = time.perf_counter()
    server = subprocess.Popen(command, env=os.environ | site.environment, stdout=subprocess.DEVNULL)
    try:
        while server.poll() is None and time.perf_counter() < begun + PATIENCE:
            with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return time.perf_counter() - begun
            time.sleep(0.005)
        raise RuntimeError(f"the server did not answer; it ended with {server.returncode}")
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE)
