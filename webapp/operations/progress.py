"""How far long work has come: a bar on a terminal, a line now and then elsewhere."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from webapp.operations.rotation import Tell

LINES = 10


@contextmanager
def showing(label: str) -> Iterator[Tell]:
    """Give what is to be told how many are done, of how many; it shows that under a label."""
    if not sys.stdout.isatty():
        yield _Lines(label)
        return
    with click.progressbar(label=label, length=0, show_pos=True) as bar:

        def tell(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield tell


class _Lines:
    """Says a line for every tenth that is done."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._tenths = 0

    def __call__(self, done: int, total: int) -> None:
        tenths = LINES * done // max(total, 1)
        if tenths > self._tenths:
            self._tenths = tenths
            click.echo(f"{self._label}: {done:,} of {total:,}")
