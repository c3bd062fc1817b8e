"""Commands of the installed `postbag`, one at a time: what each takes, and how much memory."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass

from tests.bench.sites import Site
from tests.operations.processes import POSTBAG

# A process of its own counts: to a child, Linux counts what its parent held when it was made.
_COUNT = """
import json, os, subprocess, sys, time
begun = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, used = os.wait4(process.pid, 0)
passed = time.perf_counter() - begun
own = used.ru_utime + used.ru_stime
print(json.dumps([os.waitstatus_to_exitcode(status), passed, own, used.ru_maxrss * 1024]))
"""


@dataclass(frozen=True, slots=True)
class Spent:
    """The seconds that a command took, and the most bytes that it held at once."""

    seconds: float
    memory: int


def run(site: Site, *arguments: object) -> Spent:
    """Carry out a command on a site. Raises RuntimeError where it does not end well.

    On SQLite the time of its process counts, elsewhere the time that passes.
    """
    command = [str(POSTBAG), *map(str, arguments)]
    counted = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _COUNT, *command],
        env=os.environ | site.environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    code, passed, own, memory = json.loads(counted.stdout)
    if code:
        raise RuntimeError(f"postbag {command[1]} ended with {code}")
    return Spent(own if site.engine == "sqlite" else passed, memory)
