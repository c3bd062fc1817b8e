"""What a machine may lack: its tests are left out with a word, but not where it is required."""

import os
from typing import NoReturn

import pytest


def leave_out(reason: str, *, unless: str) -> NoReturn:
    """Leave a test out; fail it where the variable `unless` is `required`, as .ci/run sets it."""
    if os.environ.get(unless) == "required":
        pytest.fail(f"{reason}, and it is required here by {unless}")
    pytest.skip(reason)
