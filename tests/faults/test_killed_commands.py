"""`postbag import` and `import-feed`, killed at any step: as before, or whole; then taken up again.

A bundle and a feed at the desk: tests/faults/test_killed_bundles.py and test_killed_feeds.py.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask

from tests.faults.dying import KILLED, dying_at, run, start
from tests.faults.full import FULL
from tests.faults.podcast import LONGEST, NAMES, Podcast, serving_podcast
from tests.faults.readers import do, left_behind, rows, seen, write_show
from tests.postgres import temporary_database
from webapp.operations.doctor import examine
from webapp.operations.instance import make_instance
from webapp.settings import Settings
from webapp.transfer.importing import import_bundle

ENGINES = ["sqlite", "postgresql"]
IN_THE_MIDDLE = "INSERT INTO episode_revisions"
ANY = "^(INSERT|UPDATE|DELETE|COMMIT|os.rename|os.link|os.utime)"
STEPS = 1_000  # more than an import has


class House:
    """An instance that nobody serves, and an app in it for what is not to be killed."""

    def __init__(self, folder: Path, **given: str) -> None:
        self.settings = Settings.load(
            instance=folder, site_url="https://show.example", import_from_loopback=True, **given
        )
        self.app: Flask = make_instance(self.settings)

    def run(self, *arguments: object, step: str = "", number: int = 1) -> bool:
        """Run a command; return whether it was killed at the step."""
        at = dying_at(step, number) if step else None
        return run(self.settings, *arguments, at=at) == KILLED

    def do(self, act: Callable[[], object]) -> None:
        """Do here what a command does."""
        do(self.app, act)

    def wrong(self) -> list[str]:
        """Return what is wrong, and what lies about that nobody needs."""
        found = [each.words for each in examine(self.settings) if not each.is_advice]
        return found + left_behind(self.app)


@pytest.fixture
def house(engine: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with ExitStack() as stack:
        given = {}
        if engine == "postgresql":
            shared = tmp_path_factory.getbasetemp()
            given["database_url"] = stack.enter_context(temporary_database(shared))
        yield House(tmp_path / "instance", **given)


@pytest.fixture
def unharmed(tmp_path: Path) -> House:
    """Another house, in which nobody is killed."""
    return House(tmp_path / "unharmed")


@pytest.mark.parametrize("engine", ENGINES if FULL else ["postgresql"])
def test_an_import_that_is_killed_leaves_all_as_it_was_and_the_next_one_is_whole(
    house: House, unharmed: House, tmp_path: Path
):
    show = write_show(tmp_path / "show", "one")
    for each in (house, unharmed):
        each.do(lambda: import_bundle(show))
    before, before_rows = seen(house.app), rows(house.app)
    write_show(show, "one", "two")
    unharmed.do(lambda: import_bundle(show))
    after = seen(unharmed.app)
    assert before != after

    assert house.run("import", show, step=IN_THE_MIDDLE)
    assert (seen(house.app), rows(house.app)) == (before, before_rows)
    for number in range(1, STEPS) if FULL else ():
        if not house.run("import", show, step=ANY, number=number):
            break
        assert seen(house.app) in (before, after)
        assert seen(house.app) == after or rows(house.app) == before_rows

    assert not house.run("import", show)
    assert seen(house.app) == after
    done = rows(house.app)
    house.do(lambda: import_bundle(show))
    assert rows(house.app) == done
    assert house.wrong() == []


@pytest.fixture
def podcast() -> Iterator[Podcast]:
    with serving_podcast() as served:
        yield served


@pytest.mark.skipif(not FULL, reason="with `make faults`; always at the desk, test_killed_feeds.py")
@pytest.mark.parametrize("engine", ENGINES)
def test_an_import_of_a_feed_that_is_killed_goes_on_where_it_was(
    house: House, unharmed: House, podcast: Podcast
):
    unharmed.do(podcast.bring)
    after, before = seen(unharmed.app), (seen(house.app), rows(house.app))

    assert house.run("import-feed", podcast.address, step=IN_THE_MIDDLE)
    assert (seen(house.app), rows(house.app)) == before
    kill_before_each_step(house, podcast, out=1)
    with podcast.halved("two") as sent:
        fetching = start(house.settings, "import-feed", podcast.address)
        assert sent.wait(LONGEST)
        os.killpg(fetching.pid, signal.SIGKILL)
        fetching.communicate()
    assert podcast.check_out(house.app) == 1
    kill_before_each_step(house, podcast, out=len(NAMES) + 1)

    assert not house.run("import-feed", podcast.address)
    assert seen(house.app) == after
    assert podcast.check_out(house.app) == 2
    done = rows(house.app)
    house.do(podcast.bring)
    assert rows(house.app) == done
    assert house.wrong() == []


def kill_before_each_step(house: House, podcast: Podcast, *, out: int) -> None:
    """Kill one import after the other, each a step later, until one goes further than the last.

    So on until so many episodes are out, or one ends by itself.
    """
    number, before, killed = 1, rows(house.app), 0
    while podcast.check_out(house.app) < out:
        if not house.run("import-feed", podcast.address, step=ANY, number=number):
            break
        killed += 1
        now = rows(house.app)
        number, before = (number + 1 if now == before else 1), now
    assert killed
