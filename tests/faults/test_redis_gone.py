"""Redis goes and comes back: the service goes on, and a change is seen as soon as ever.

What is counted meanwhile: tests/web/test_tallies.py.
"""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.faults.site import Site, a_text
from tests.operations.processes import wait_for
from tests.redis_server import RedisServer
from webapp.episodes.models import Show


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path)
    yield server
    server.stop()
    server.client.close()


@pytest.fixture
def site(redis_server: RedisServer, tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path / "instance", redis_url=redis_server.url)
    yield site
    site.kill()


def ask(site: Site, number: int) -> int:
    with closing(site.asker()) as asker:
        page = asker.review(a_text(number))
        return asker.send(a_text(number), page).status


def rename(site: Site, name: str) -> None:
    def change(session: Session) -> None:
        session.query(Show).one().name = name

    site.behind(change)


def test_service_goes_on_without_redis_and_with_it_again(site: Site, redis_server: RedisServer):
    assert ask(site, 1) == 200

    redis_server.stop()
    assert ask(site, 2) == 200
    rename(site, "Walls without Redis")
    wait_for(lambda: "Walls without Redis" in site.about().text, 10)
    assert site.ask("GET", "/readyz").status == 200

    redis_server.start()
    assert ask(site, 3) == 200
    assert site.count_questions() == 3
