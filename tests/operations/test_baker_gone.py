"""A worker that is gone leaves no old page behind nginx, as long as the site is served."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

import pytest
from flask import Flask

from tests import factories
from tests.operations.processes import start, wait_for
from tests.operations.rotating import dispose
from tests.operations.test_proxies import ask, required, start_nginx
from tests.serving import free_port
from tests.web.test_page_cache import add_episode
from webapp import storage
from webapp.episodes.models import Episode
from webapp.operations.clearing import OLD
from webapp.operations.instance import make_instance
from webapp.settings import Settings
from webapp.storage.history import Actor
from webapp.studio.services import take_back

PATH = "/episodes/walls"

pytestmark = pytest.mark.xdist_group("proxies")


@dataclass
class Behind:
    """A site without a worker beside it, its worker, and nginx in front."""

    app: Flask
    baked: Path
    log: Path
    port: int
    front: int
    worker: Popen[bytes]

    def is_on_disk(self) -> bool:
        return (self.baked / "now" / PATH.strip("/") / "index.html").exists()


@pytest.fixture
def behind(tmp_path: Path) -> Iterator[Behind]:
    app = make_instance(Settings.load(instance=tmp_path / "instance"))
    with app.app_context():
        storage.write(factories.add_show)
    add_episode(app, "walls")
    log, baked, port, front = tmp_path / "log", tmp_path / "baked", free_port(), free_port()
    settings = {"INSTANCE": str(tmp_path / "instance"), "BAKED": str(baked)}
    worker = start(log, "worker", **settings)
    server = start(log, "serve", "--no-worker", "--port", port, **settings)
    made = Behind(app, baked, log, port, front, worker)
    try:
        wait_for(made.is_on_disk)
        with start_nginx(required("nginx"), tmp_path, front, made):
            wait_for(lambda: ask(front, "/healthz")[0].status == 200)
            yield made
    finally:
        for process in (worker, server):
            process.terminate()
            process.wait(40)
        dispose(app)


def withdraw(app: Flask) -> None:
    with app.app_context():
        episode = storage.read().query(Episode).filter_by(slug="walls").one().id
        storage.write(take_back, episode_id=episode, actor=Actor("Edith", "editor"))


@pytest.mark.parametrize("end", [Popen.kill, Popen.terminate], ids=["killed", "told to end"])
def test_an_episode_that_is_withdrawn_when_nobody_bakes_is_gone_from_nginx(
    behind: Behind, end: Callable[[Popen[bytes]], None]
):
    end(behind.worker)
    behind.worker.wait(40)
    assert ask(behind.front, PATH)[0].status == 200
    assert behind.is_on_disk()

    withdraw(behind.app)

    wait_for(lambda: ask(behind.front, PATH)[0].status != 200, seconds=30)
    assert ask(behind.front, PATH)[0].status == ask(behind.port, PATH)[0].status
    assert ask(behind.front, "/about")[0].status == 200
    assert OLD[:40] in behind.log.read_text()
