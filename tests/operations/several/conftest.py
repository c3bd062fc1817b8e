"""The servers of these tests: started once, since each takes seconds."""

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.operations.several.machines import Machines, Workers
from tests.operations.web_server import web_server
from tests.postgres import temporary_database
from tests.redis_server import RedisServer


@pytest.fixture(scope="package")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """Two servers with one database, one Redis and one folder."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder = tmp_path_factory.mktemp("several")
    with ExitStack() as stack:
        redis = RedisServer(folder)
        stack.callback(redis.stop)
        receiver = stack.enter_context(web_server())
        machines = Machines(
            folder, stack.enter_context(temporary_database(shared)), redis, receiver
        )
        stack.callback(machines.end)
        machines.start()
        yield machines


@pytest.fixture(scope="package")
def some_workers(machines: Machines) -> Iterator[Workers]:
    """Workers that tests may kill, and start."""
    workers = Workers(machines)
    yield workers
    workers.end()


@pytest.fixture
def workers(some_workers: Workers) -> Workers:
    """Three workers that are at work."""
    some_workers.be(3)
    return some_workers
