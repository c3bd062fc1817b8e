"""Ask each test that has just failed once more, with nothing beside it.

Tests that kill, delay and measure can fail on a busy machine for what runs beside them. What fails
twice is a fault; what fails once is named, so that somebody looks into it.
"""

import json
import re
import sys
from pathlib import Path

import pytest

FAILED = Path(".pytest_cache/v/cache/lastfailed")
MOST = 12  # more are no matter of chance
GROUP = re.compile(r"@[\w.-]+\Z")  # as pytest-xdist writes it behind a test's name


def main() -> int:
    """Return 0 if every test that failed passes now, and else what pytest returns."""
    if not FAILED.exists():
        return 1  # it did not come to its end
    failed = sorted({GROUP.sub("", name) for name in json.loads(FAILED.read_text())})
    if not 0 < len(failed) <= MOST:
        return 1
    status = int(pytest.main(["-p", "no:cacheprovider", *failed]))
    if status == 0:
        print("Failed beside others, and passed alone:", *failed, sep="\n  ")
    return status


if __name__ == "__main__":
    sys.exit(main())
