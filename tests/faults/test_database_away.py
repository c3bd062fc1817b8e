"""The database is locked, full, read-only, silent or gone: 503 in words with the text, then again.

Disks of SQLite: tests/faults/test_disks.py. A PostgreSQL that is started again:
tests/faults/test_postgres_restart.py.
"""

import resource
import sqlite3
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from tests.faults.forwarder import HOST, Forwarder
from tests.faults.site import Site, a_site
from tests.faults.telling import arrives_by_itself, is_away_in_words, review
from tests.operations.processes import started_by, wait_for
from tests.postgres import temporary_database

SAID = 30  # seconds within which who asks is told; it is a few, and thrice that outside of tests
VISITORS = 12  # at once, and more than the site has threads


@pytest.fixture(scope="module")
def on_sqlite(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    with a_site(request, "sqlite", tmp_path_factory.mktemp("sqlite") / "instance") as site:
        yield site


class HastySite(Site):
    """A server that waits for a lock for two seconds, and for a silent database for three."""

    def command(self) -> list[str | Path]:
        return [sys.executable, "-m", "tests.faults.hasty_server", "--port", str(self.port)]


class Postgres:
    """A site on a database that is reached through a forwarder, and the way to it past that."""

    def __init__(self, url: str, folder: Path) -> None:
        there = make_url(url)
        folder_of_socket = there.query.get("host")
        socket = f"{folder_of_socket}/.s.PGSQL.5432"
        self.way = Forwarder(socket if folder_of_socket else (there.host, there.port or 5432))
        here = there.set(host=HOST, port=self.way.port, query={})
        self.engine: Engine = create_engine(url, isolation_level="AUTOCOMMIT")
        self.name = there.database
        self.site = HastySite(folder, database_url=here.render_as_string(hide_password=False))

    def run(self, *statements: str) -> None:
        with self.engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))


@pytest.fixture(scope="module")
def on_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    folder = tmp_path_factory.mktemp("postgresql")
    with temporary_database(tmp_path_factory.getbasetemp()) as url:
        postgres = Postgres(url, folder / "instance")
        yield postgres
        postgres.site.kill()
        postgres.way.cut()
        postgres.engine.dispose()


def test_a_locked_sqlite_is_waited_for_and_then_said(on_sqlite: Site):
    page, before = review(on_sqlite), on_sqlite.count_questions()
    path = on_sqlite.instance / "postbag.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        is_away_in_words(on_sqlite, page)
        assert on_sqlite.about().status == 200
        other.execute("ROLLBACK")

    assert on_sqlite.count_questions() == before
    arrives_by_itself(on_sqlite, page)


def test_a_full_disk_under_sqlite_is_said_and_what_was_there_stays(on_sqlite: Site):
    page = review(on_sqlite)
    limit_files(on_sqlite, 4096)  # no file grows beyond that: the log cannot
    is_away_in_words(on_sqlite, page)
    assert on_sqlite.about().status == 200
    limit_files(on_sqlite, resource.RLIM_INFINITY)

    arrives_by_itself(on_sqlite, page)


def limit_files(site: Site, size: int) -> None:
    """Have the server's files grow no further than to a size."""
    for process in [site.process.pid, *started_by(site.process.pid)]:
        resource.prlimit(process, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def test_a_locked_table_of_postgresql_is_waited_for_and_then_said(on_postgres: Postgres):
    site, page = on_postgres.site, review(on_postgres.site)
    with on_postgres.engine.connect() as other:
        other.execute(text("BEGIN"))
        other.execute(text("LOCK TABLE questions IN ACCESS EXCLUSIVE MODE"))
        is_away_in_words(site, page)
        assert site.about().status == 200
        other.execute(text("ROLLBACK"))

    arrives_by_itself(site, page)


# What PostgreSQL says when its disk is full, it cannot read or write, or is shutting down
# (https://www.postgresql.org/docs/current/errcodes-appendix.html).
@pytest.mark.parametrize("code", ["53100", "53200", "58030", "57P01", "57014", "40001", "40P01"])
def test_what_postgresql_cannot_store_is_said(on_postgres: Postgres, code: str):
    site, page = on_postgres.site, review(on_postgres.site)
    on_postgres.run(
        "CREATE FUNCTION cannot() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION 'no' USING ERRCODE = '{code}'; END $$",
        "CREATE TRIGGER cannot BEFORE INSERT ON questions EXECUTE FUNCTION cannot()",
    )
    try:
        is_away_in_words(site, page)
    finally:
        on_postgres.run("DROP TRIGGER cannot ON questions", "DROP FUNCTION cannot")

    arrives_by_itself(site, page)


def test_a_read_only_postgresql_is_said(on_postgres: Postgres):
    site, page = on_postgres.site, review(on_postgres.site)
    on_postgres.run(f'ALTER DATABASE "{on_postgres.name}" SET default_transaction_read_only = on')
    end_connections(on_postgres)
    try:
        is_away_in_words(site, page)
        assert site.about().status == 200
    finally:
        on_postgres.run(f'ALTER DATABASE "{on_postgres.name}" RESET default_transaction_read_only')
        end_connections(on_postgres)

    arrives_by_itself(site, page)


def end_connections(postgres: Postgres) -> None:
    postgres.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


def test_a_postgresql_that_stops_and_starts_is_served_from_again(on_postgres: Postgres):
    site, page = on_postgres.site, review(on_postgres.site)
    assert site.about().status == 200
    on_postgres.way.cut()
    is_away_in_words(site, page)
    assert site.about().status == 200  # the page that was kept
    assert (site.ask("GET", "/readyz").status, site.ask("GET", "/healthz").status) == (503, 200)
    on_postgres.way.mend()

    arrives_by_itself(site, page)
    assert site.ask("GET", "/readyz").status == 200


def test_connections_that_were_ended_are_replaced(on_postgres: Postgres):
    page = review(on_postgres.site)
    end_connections(on_postgres)

    arrives_by_itself(on_postgres.site, page)


def test_a_postgresql_that_hangs_is_said_within_seconds_and_then_served_from(
    on_postgres: Postgres,
):
    site, page = on_postgres.site, review(on_postgres.site)
    assert site.about().status == 200
    on_postgres.way.hold()
    try:
        began = time.monotonic()
        with ThreadPoolExecutor(VISITORS) as pool:
            for sent in [pool.submit(is_away_in_words, site, page) for _ in range(VISITORS)]:
                sent.result()
        assert time.monotonic() - began < SAID
        assert site.about().status == 200  # the page that was kept
        assert (site.ask("GET", "/readyz").status, site.ask("GET", "/healthz").status) == (503, 200)
    finally:
        on_postgres.way.go_on()

    arrives_by_itself(site, page)
    assert site.ask("GET", "/readyz").status == 200


def test_an_answer_of_postgresql_that_is_lost_is_said_and_the_question_is_stored_once(
    on_postgres: Postgres,
):
    site, page = on_postgres.site, review(on_postgres.site)
    with on_postgres.engine.connect() as other, ThreadPoolExecutor(1) as pool:
        other.execute(text("BEGIN"))
        other.execute(text("LOCK TABLE questions IN ACCESS EXCLUSIVE MODE"))
        telling = pool.submit(is_away_in_words, site, page)
        wait_for(lambda: waits_for_a_lock(on_postgres))
        on_postgres.way.hold()
        try:
            other.execute(text("ROLLBACK"))
            telling.result()
        finally:
            on_postgres.way.go_on()

    arrives_by_itself(site, page)


def waits_for_a_lock(postgres: Postgres) -> bool:
    """Return whether a session of the site waits for somebody's lock."""
    with postgres.engine.connect() as connection:
        return connection.scalar(
            text(
                "SELECT count(*) > 0 FROM pg_stat_activity "
                "WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
        )
