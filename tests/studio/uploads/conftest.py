"""What tests of uploads begin with."""

from pathlib import Path

import pytest
from flask import Flask

from tests.studio.conftest import desk, statements
from tests.studio.uploads.sending import a_draft

__all__ = ["desk", "statements"]


@pytest.fixture
def draft(in_app: Flask) -> int:
    """An empty draft; its id."""
    return a_draft()


@pytest.fixture
def uploads(in_app: Flask, media: Path) -> Path:
    """The folder in which uploads lie, with nothing in it."""
    folder = media.parent / "uploads"
    for left in folder.iterdir() if folder.is_dir() else ():
        left.unlink()
    return folder
