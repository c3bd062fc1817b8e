"""What a question costs: the whole of /ask/send, against bare durable commits of one row."""

import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import psycopg
from sqlalchemy import make_url

from tests.bench import load
from tests.bench.load import MADE_BY, Rate, measure, measure_in_turns
from tests.bench.servers import ours
from tests.bench.sites import ENGINES, Site, fill_with_demo, forget_databases, make_site
from tests.bench.tables import milliseconds, per_second, ratio, table
from tests.bench.targets import SYNC_SECONDS
from tests.bench.words import Letters
from webapp import storage
from webapp.questions import tokens

ASKERS = 16
MOST = 10_000
FIRST = 200  # that are not measured
LETTER = b"x" * 500
DISKS = (
    ("application", 0.0, ""),
    ("on_a_slow_disk", SYNC_SECONDS, f", commits of {SYNC_SECONDS * 1000:.0f} ms"),
)
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
    Once as this machine's disk is, and once as if it took SYNC_SECONDS longer.
    """
    rows = []
    try:
        for engine in ENGINES:
            site = make_site(folder, "writes", engine, 0, fill_with_demo)
            for target, pause, where in DISKS:
                found = measure_in_turns(
                    {
                        "bare": partial(COMMITS[engine], site, pause),
                        "asked": partial(_ask, site, folder, target),
                    }
                )
                bare = found["bare"]
                rows += [
                    _row(f"{engine}{where}: bare commits", bare, bare),
                    _row(f"{engine}{where}: /ask/send", found["asked"], bare),
                ]
    finally:
        forget_databases(folder)
    columns = ("", "done", "half within", "99 % within", "ratio")
    return table(f"Accepted questions, {ASKERS} askers at once{MADE_BY}", columns, rows)


def _row(name: str, rate: Rate, to: Rate) -> tuple[str, ...]:
    return (
        name,
        per_second(rate.per_second),
        milliseconds(rate.half),
        milliseconds(rate.slow),
        ratio(rate.per_second, to.per_second),
    )


def _ask(site: Site, folder: Path, target: str) -> Rate:
    """Send questions from many askers at once, each with a token of its own."""
    bodies, script = folder / f"bodies-{site.engine}", folder / f"ask-{site.engine}.lua"
    with site.app.app_context():
        letters = Letters(WORDS)
        made = [_body(letters.write()) for _ in range(MOST)]
    bodies.write_text("\n".join(made[FIRST:]), encoding="utf-8")
    with ours(site.settings.instance_path, target, **site.environment) as address:
        with ThreadPoolExecutor(ASKERS) as askers:  # a server's first answers are slow
            list(askers.map(partial(_send, address), made[:FIRST]))
        script.write_text(SCRIPT.format(bodies=bodies, origin=address), encoding="utf-8")
        return measure(
            f"{address}/ask/send",
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


def _send(address: str, body: str) -> None:
    """Send one of those forms."""
    asked = Request(f"{address}/ask/send", body.encode(), {"Origin": address})  # noqa: S310 - ours
    with urlopen(asked, timeout=30) as answer:  # noqa: S310 - as above
        answer.read()


def _of_sqlite(site: Site, pause: float) -> Rate:
    """Return how many rows of a letter's size one writer commits a second, one by one."""
    path = site.settings.instance_path / "bare.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS letters (id INTEGER PRIMARY KEY, sealed BLOB)"
        )

        def commit() -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO letters (sealed) VALUES (?)", (LETTER,))
            time.sleep(pause)
            connection.execute("COMMIT")

        return _per_second(commit)


def _of_postgresql(site: Site, pause: float) -> Rate:
    """Return the same of one connection to PostgreSQL."""
    url = make_url(site.settings.database).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        kept = "CREATE TABLE bare_letters (id bigserial PRIMARY KEY, sealed bytea)"
        connection.execute(kept)

        def commit() -> None:
            time.sleep(pause)
            connection.execute("INSERT INTO bare_letters (sealed) VALUES (%s)", (LETTER,))

        rate = _per_second(commit)
        connection.execute("DROP TABLE bare_letters")
        return rate


def _per_second(commit: Callable[[], object]) -> Rate:
    times = []
    until = (began := time.perf_counter()) + load.SECONDS
    while began < until:
        commit()
        ended = time.perf_counter()
        times.append(ended - began)
        began = ended
    times.sort()
    return Rate(len(times) / load.SECONDS, times[len(times) // 2], times[len(times) * 99 // 100])


COMMITS = {"sqlite": _of_sqlite, "postgresql": _of_postgresql}
