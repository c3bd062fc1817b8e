"""Load from one core on another: how many answers a second, and how long the slow ones took."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.own_load import Wanted

SERVER_CORE, LOAD_CORE = "0", "1"
CONNECTIONS = 32
SECONDS = 6
ROUNDS = 3
WRK = shutil.which("wrk")
MADE_BY = "" if WRK else " (load by Python, since there is no wrk: lower figures, same ratios)"

_UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}


@dataclass(frozen=True, slots=True)
class Rate:
    """Answers a second, and the seconds within which half and 99 of 100 came."""

    per_second: float
    half: float
    slow: float


def pinned(core: str, command: list[str]) -> list[str]:
    """Return a command that runs on one core alone, where the machine has a second."""
    has_two = (os.cpu_count() or 1) > 1 and shutil.which("taskset")
    return ["taskset", "-c", core, *command] if has_two else command


def measure(
    url: str,
    *,
    connections: int = CONNECTIONS,
    script: Path | None = None,
    bodies: Path | None = None,
    **headers: str,
) -> Rate:
    """Ask for an address over and over. Raises RuntimeError if an answer was no good one.

    Forms to send are in the `script` for wrk, and a line each in `bodies`.
    """
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if WRK is None:
        wanted = Wanted(url, SECONDS, connections, named, str(bodies or ""))
        return _by_ourselves(wanted)
    command = [WRK, "-t1", f"-c{connections}", f"-d{SECONDS}s", "--latency"]
    for name, value in named.items():
        command += ["-H", f"{name}: {value}"]
    if script:
        command += ["-s", str(script)]
    said = subprocess.run(
        [*pinned(LOAD_CORE, command), url], capture_output=True, text=True, check=True
    ).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(f"{url} did not answer as it should:\n{said}")
    return Rate(
        float(_found(r"Requests/sec:\s+([0-9.]+)", said)[1]),
        _seconds(_found(r"50%\s+([0-9.]+)(us|ms|s|m)", said)),
        _seconds(_found(r"99%\s+([0-9.]+)(us|ms|s|m)", said)),
    )


def measure_in_turns(asked: Mapping[str, Callable[[], Rate]]) -> dict[str, Rate]:
    """Measure each in turn, and all of that ROUNDS times; return the middle rate of each.

    What slows the machine for a while slows them all.
    """
    found = [{name: measured() for name, measured in asked.items()} for _ in range(ROUNDS)]
    return {
        name: sorted((each[name] for each in found), key=lambda rate: rate.per_second)[ROUNDS // 2]
        for name in asked
    }


def _by_ourselves(wanted: Wanted) -> Rate:
    command = [sys.executable, "-m", "tests.bench.own_load", json.dumps(asdict(wanted))]
    said = subprocess.run(pinned(LOAD_CORE, command), stdout=subprocess.PIPE, check=True).stdout
    return Rate(**json.loads(said))


def _found(pattern: str, said: str) -> re.Match[str]:
    found = re.search(pattern, said)
    if found is None:
        raise RuntimeError(f"wrk said something else:\n{said}")
    return found


def _seconds(found: re.Match[str]) -> float:
    return float(found[1]) * _UNITS[found[2]]
