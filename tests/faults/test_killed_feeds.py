"""A feed at the desk, and a server that is killed while the worker brings its files: once each.

Each step of it, with the same services: tests/faults/test_killed_commands.py.
"""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.faults.dying import die
from tests.faults.full import FULL
from tests.faults.podcast import LONGEST, NAMES, Podcast, serving_podcast
from tests.faults.readers import do, left_behind, rows, seen
from tests.faults.site import Site, a_site
from tests.operations.processes import wait_for
from tests.pages import typed
from webapp.episodes.models import Episode
from webapp.studio.remaking import remake_all
from webapp.transfer.models import FeedItem, Transfer

HERE = "/desk/transfer/feeds"
# At most twice before each file that comes: three times would be once too often.
WRITING = ["INSERT INTO feed_items"]
if FULL:
    WRITING = [
        *("INSERT INTO episode_revisions", "INSERT INTO feed_items", "UPDATE feed_items"),
        *("os.rename \\S+/media/", "INSERT INTO media", "UPDATE episodes SET published_at"),
    ]


@pytest.fixture(params=["sqlite", "postgresql"] if FULL else ["sqlite"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """A server without a worker, until one is started with it."""
    folder = tmp_path / "instance"
    with a_site(request, request.param, folder, import_from_loopback="true") as site:
        do(site.app, remake_all)  # as the worker would at once
        yield site


@pytest.fixture
def podcast() -> Iterator[Podcast]:
    with serving_podcast() as served:
        yield served


def state(site: Site, address: str) -> str:
    transfer_id = UUID(address.rpartition("/")[2])
    return site.behind(lambda session: session.get_one(Transfer, transfer_id).state)


def count(session: Session) -> tuple[int, int]:
    """Return how many episodes there are, and how many of them are items of the feed."""
    kinds = (Episode, FeedItem)
    return tuple(session.scalar(select(func.count()).select_from(each)) for each in kinds)


def test_a_feed_at_the_desk_goes_on_where_the_server_was_killed(site: Site, podcast: Podcast):
    before, (drafts, _none) = seen(site.app), site.behind(count)
    asked = site.ask_by_form(HERE, {"address": podcast.address})
    address = asked.headers["Location"]
    site.kill()
    site.start(worker=True)
    wait_for(lambda: state(site, address) == "planned")
    plan = typed(site.ask("GET", address), "seen")
    assert site.ask_by_form(f"{address}/take-in", {"seen": plan}).status == 302
    assert seen(site.app) == before

    die(site, WRITING[0])
    assert (seen(site.app), site.behind(count)) == (before, (drafts, 0))
    for step in WRITING[1:]:
        die(site, step)
        assert podcast.check_out(site.app) < len(NAMES)
    with podcast.halved("two") as sent:
        site.launch(worker=True)
        assert sent.wait(LONGEST)
        site.kill()
    assert podcast.check_out(site.app) == 1

    site.launch(worker=True)
    wait_for(lambda: state(site, address) == "done")
    site.kill()
    assert podcast.check_out(site.app) == len(NAMES)
    assert site.behind(count) == (drafts + len(NAMES), len(NAMES))
    episodes = rows(site.app)["episodes"]
    do(site.app, podcast.bring)
    assert rows(site.app)["episodes"] == episodes
    assert left_behind(site.app) == site.wrong() == []
