"""What a question costs: the whole of /ask/send, against bare durable commits of one row."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import psycopg
from sqlalchemy import make_url

from tests.bench.load import MADE_BY, Rate, measure
from tests.bench.servers import ours
from tests.bench.sites import ENGINES, Site, fill_with_demo, forget_databases, make_site
from tests.bench.tables import milliseconds, per_second, ratio, table
from tests.bench.words import Letters
from webapp import storage
from webapp.questions import tokens

SECONDS = 6
ASKERS = 16
MOST = 20_000
LETTER = b"x" * 500
WORDS = 80  # of a letter, some of them in every other
SCRIPT = """
local bodies = {{}}
for line in io.lines("{bodies}") do bodies[#bodies + 1] = line end
local place = 0
function request()
  place = place + 1
  return wrk.format("POST", "/ask/send", {{
    ["Content-Type"] = "application/x-www-form-urlencoded", ["Origin"] = "{origin}",
  }}, bodies[place])
end
function response(status, headers, body)
  if status ~= 200 or not string.find(body, 'id="receipt"', 1, true) then
    io.stderr:write("no receipt: ", status, "\\n")
    os.exit(1)
  end
end
"""


def bench_writes(folder: Path) -> str:
    """Return the table of writing: our server on one core, and each engine's own durable commits.

    SQLite is set to synchronous = FULL, PostgreSQL commits synchronously as it does by itself.
    """
    rows = []
    try:
        for engine in ENGINES:
            site = make_site(folder, "writes", engine, 0, fill_with_demo)
            bare = COMMITS[engine](site)
            asked = _ask(site, folder)
            times = milliseconds(asked.half), milliseconds(asked.slow)
            rows += [
                (f"{engine}: bare commits of one row", per_second(bare), "-", "-", "1.00"),
                (
                    f"{engine}: /ask/send",
                    per_second(asked.per_second),
                    *times,
                    ratio(asked.per_second, bare),
                ),
            ]
    finally:
        forget_databases(folder)
    columns = ("", "done", "half within", "99 % within", "ratio")
    return table(f"Accepted questions, {ASKERS} askers at once{MADE_BY}", columns, rows)


def _ask(site: Site, folder: Path) -> Rate:
    """Send questions from many askers at once, each with a token of its own."""
    bodies, script = folder / f"bodies-{site.engine}", folder / f"ask-{site.engine}.lua"
    with site.app.app_context():
        letters = Letters(WORDS)
        bodies.write_text("\n".join(_body(letters.write()) for _ in range(MOST)), encoding="utf-8")
    with ours(site.settings.instance_path, "application", **site.environment) as address:
        script.write_text(SCRIPT.format(bodies=bodies, origin=address), encoding="utf-8")
        return measure(
            f"{address}/ask/send",
            seconds=SECONDS,
            connections=ASKERS,
            script=script,
            bodies=bodies,
        )


def _body(letter: str) -> str:
    """Return a form with a token of its own, whose check page has been there for a minute."""
    token = tokens.fresh("")
    fresh = tokens.Token(token.nonce, token.about, token.shown - 60)
    fields = {
        "question": letter,
        "sign_off": "Thin Walls",
        "consent": "read_aloud",
        "token": tokens.sign(storage.current_keyring(), fresh),
        "checked": "yes",
    }
    return urlencode(fields)


def _of_sqlite(site: Site) -> float:
    """Return how many rows of a letter's size one writer commits a second, one by one."""
    path = site.settings.instance_path / "bare.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE letters (id INTEGER PRIMARY KEY, sealed BLOB)")

        def commit() -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO letters (sealed) VALUES (?)", (LETTER,))
            connection.execute("COMMIT")

        return _per_second(commit)


def _of_postgresql(site: Site) -> float:
    """Return the same of one connection to PostgreSQL."""
    url = make_url(site.settings.database).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        kept = "CREATE TABLE bare_letters (id bigserial PRIMARY KEY, sealed bytea)"
        connection.execute(kept)
        rate = _per_second(
            lambda: connection.execute("INSERT INTO bare_letters (sealed) VALUES (%s)", (LETTER,))
        )
        connection.execute("DROP TABLE bare_letters")
        return rate


def _per_second(commit: Callable[[], object]) -> float:
    done, until = 0, time.perf_counter() + SECONDS
    while time.perf_counter() < until:
        commit()
        done += 1
    return done / SECONDS


COMMITS = {"sqlite": _of_sqlite, "postgresql": _of_postgresql}
