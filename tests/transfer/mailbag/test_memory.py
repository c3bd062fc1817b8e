"""A mailbag of any size takes no more memory than a small one."""

import tracemalloc
from pathlib import Path

import pytest
from flask import Flask

from tests.operations.rotating import add_many
from tests.transfer.mailbag.houses import OWNER, keys_of
from webapp import storage
from webapp.transfer.mailbag import exporting, importing
from webapp.transfer.mailbag.exporting import export_to
from webapp.transfer.mailbag.importing import import_mailbag

MANY, PAGE = 400, 20
MOST = 250_000  # bytes


class Measure:
    """Notes after each page how much memory is held."""

    def __init__(self) -> None:
        self.held: list[int] = []

    def __call__(self, _done: int, _total: int) -> None:
        self.held.append(tracemalloc.get_traced_memory()[0])

    @property
    def growth(self) -> int:
        """Return how much more is held at the end than after the first pages."""
        return self.held[-1] - self.held[3]


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "PAGE", PAGE)
    monkeypatch.setattr(importing, "PAGE", PAGE)


def test_memory_does_not_grow_with_the_mailbag(
    old: Flask, new: Flask, small_pages: None, tmp_path: Path
):
    with old.app_context():
        storage.write(add_many, MANY)
    file, out, back = tmp_path / "mailbag", Measure(), Measure()

    tracemalloc.start()
    try:
        with old.app_context():
            export_to(file, actor=OWNER, tell=out)
        with new.app_context():
            import_mailbag(file, theirs=keys_of(old), actor=OWNER, tell=back)
    finally:
        tracemalloc.stop()

    assert len(out.held) == len(back.held) == MANY // PAGE
    assert file.stat().st_size > 3 * MOST
    assert out.growth < MOST
    assert back.growth < MOST
