"""Figures for Prometheus: right over all processes, and nothing of anybody in them."""

import http.client
import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from tests import factories
from tests.operations.processes import is_running, start, started_by, wait_for, workers_of
from tests.serving import free_port, wait_until_served
from webapp import storage
from webapp.operations import counting
from webapp.operations.chores import note_done
from webapp.operations.counting import Counts, Sheet, add_up
from webapp.operations.metrics import Figures
from webapp.operations.watching import Watch, count_pages
from webapp.questions.models import Question
from webapp.storage.outbox import put
from webapp.web.page_cache import PageCache

HOST = "127.0.0.1"
SECRET = "rhinoceros"
DAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
NEXT_DAY = datetime(2026, 3, 3, 0, 0, 1, tzinfo=UTC)


def values(told: str) -> dict[str, float]:
    """Return figures by name and labels, such as `postbag_processes{process=worker}`."""
    found = {}
    for family in text_string_to_metric_families(told):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


@pytest.fixture
def counts(app: Flask) -> Iterator[Counts]:
    """What is counted of the app, from here on."""
    counts = Counts()
    before = dict(app.after_request_funcs), app._got_first_request
    app.after_request_funcs = {None: list(app.after_request_funcs[None])}
    app._got_first_request = False  # the app has served other tests
    Watch(app, counts)
    yield counts
    app.after_request_funcs, app._got_first_request = before
    del app.extensions["postbag.watch"]


def test_requests_are_counted_by_the_rule_that_their_address_fits(
    counts: Counts, client: FlaskClient
):
    for path in (f"/search?q={SECRET}", f"/episodes/{SECRET}", f"/{SECRET}", "/desk/questions"):
        client.get(path)

    assert {key: number for key, number in counts.so_far().items() if key[0] == "requests"} == {
        ("requests", "/search", "GET", "2xx"): 1,
        ("requests", "/episodes/<slug>", "GET", "4xx"): 1,
        ("requests", "none", "GET", "4xx"): 1,
        ("requests", "/desk/questions", "GET", "3xx"): 1,
    }


def test_answers_are_timed(counts: Counts, client: FlaskClient):
    client.get("/search?q=walls")

    timed = {key: number for key, number in counts.so_far().items() if key[0] == "seconds"}
    assert sum(timed.values()) == 1
    assert 0 < counts.so_far()["seconds_sum", "/search"] < 60


def test_of_an_asker_no_moment_is_told(counts: Counts, client: FlaskClient):
    with time_machine.travel(DAY, tick=False) as now:
        client.get("/ask")
        client.post("/ask/review", data={"question": SECRET})
        client.post("/my-question", data={"receipt": SECRET})
        client.get("/leave")
        assert counts.so_far() == {}

        now.move_to(NEXT_DAY)
        assert counts.so_far() == {
            ("requests", "askers", "GET", "2xx"): 1,
            ("requests", "askers", "GET", "3xx"): 1,
            ("requests", "askers", "POST", "4xx"): 2,
            ("refused", "not as asked for"): 1,
        }


def test_every_route_of_askers_is_held_back(app: Flask):
    public = {"/ask", "/ask/review", "/ask/send", "/my-question", "/leave"}
    rules = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.partition(".")[0] in {"questions", "leaving"}
    }

    assert public <= rules
    assert {rule for rule in rules if rule.startswith("/desk")} == set()


def test_a_page_that_is_made_for_all_is_nobodys_request(
    app: Flask, counts: Counts, client: FlaskClient
):
    client.get("/about", environ_base={"REMOTE_ADDR": ""})

    assert counts.so_far() == {}


def test_a_database_that_is_away_is_counted_and_a_token_sent_twice_is_not(
    app: Flask, counts: Counts
):
    nowhere = text("SELECT * FROM " + "x" * 60)
    twice = text("INSERT INTO chores (name, done_on) VALUES ('a', '2026-01-01')")
    with app.app_context():
        for statements in ((nowhere,), (twice, twice)):
            with suppress(DatabaseError), storage.db.engine.begin() as connection:
                for statement in statements:
                    connection.execute(statement)

    is_sqlite = app.config["SQLALCHEMY_ENGINES"]["default"]["url"].startswith("sqlite")
    # SQLite calls a table that is not there what it calls a disk that is full; PostgreSQL does not.
    assert counts.so_far() == ({("database_errors",): 1} if is_sqlite else {})


def test_what_a_process_counts_is_added_to_what_others_do_and_did(tmp_path: Path):
    for number in (1, 2):
        counts = Counts()
        counts.add("requests", "/search", "GET", "2xx", by=number)
        Sheet(tmp_path, counts).write({("processes", "server"): 1})

    sums = add_up(tmp_path)

    assert sums.counts == {("requests", "/search", "GET", "2xx"): 3}
    assert sums.now == {("processes", "server"): 2}


def test_what_an_ended_process_counted_stays_and_what_it_had_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    counts = Counts()
    counts.add("database_errors")
    Sheet(tmp_path, counts).write({("processes", "server"): 1})
    other = Sheet(tmp_path, Counts())
    monkeypatch.setattr(counting, "LIVING_SECONDS", 0)
    assert add_up(tmp_path).now == {}
    assert add_up(tmp_path).counts == {("database_errors",): 1}

    other.write({})
    Sheet(tmp_path, Counts())  # none lives: a new beginning

    assert add_up(tmp_path).counts == {}


def test_a_sheet_is_for_nobody_else(tmp_path: Path):
    Sheet(tmp_path / "figures", Counts())

    assert (tmp_path / "figures").stat().st_mode & 0o777 == 0o700


def test_the_page_cache_is_counted_by_what_came_since(app: Flask):
    pages, counts, before = PageCache(app, lambda: None, pool=None, look_every=1), Counts(), {}
    pages.hits, pages.renders = 3, 1
    count_pages(pages, before, counts)
    pages.hits = 5
    count_pages(pages, before, counts)

    assert counts.so_far()["page_cache", "hits"] == 5
    assert counts.so_far()["page_cache", "renders"] == 1
    pages.close()


@pytest.fixture
def told(app: Flask):
    """What is told of the instance, anew each time."""
    settings = app.extensions["postbag.settings"]
    (settings.instance_path / "figures").mkdir(exist_ok=True)
    figures = Figures(app, settings)
    return lambda: values(figures.as_text().decode())


def test_the_mailbag_is_told_as_it_was_when_the_day_began(app: Flask, told):
    def ask(session: Session) -> None:
        factories.add_question(session)

    def take_back(session: Session) -> None:
        for question in session.scalars(select(Question)):
            question.state = "withdrawn"

    with time_machine.travel(DAY, tick=False) as now:
        with app.app_context():
            storage.write(ask)
        before = told()
        now.move_to(NEXT_DAY)
        after = told()
        with app.app_context():
            storage.write(take_back)
        later = told()

    new = "postbag_queue_questions{lane=ordinary,state=new}"
    arrived = "postbag_questions_days_total{figure=arrived}"
    assert (new in before, arrived in before) == (False, False)
    assert (after[new], after[arrived]) == (1, 1)
    assert later[new] == 1


def test_outbox_and_chores_are_told(app: Flask, told):
    with app.app_context():
        storage.write(add_message)
        storage.write(note_done, name="backup", on=DAY.date())

    figures = told()

    assert figures["postbag_outbox_messages{state=waiting}"] == 1
    assert figures["postbag_outbox_messages{state=failing}"] == 0
    midnight = datetime(2026, 3, 2, tzinfo=UTC).timestamp()
    assert figures["postbag_chore_done_timestamp_seconds{chore=backup}"] == midnight
    assert figures["postbag_database_up"] == 1


def add_message(session: Session) -> None:
    put(session, kind="mail", key="one", payload={})


class Served:
    """A running site with two server processes and a worker beside them."""

    def __init__(self, folder: Path) -> None:
        self.port, self.figures_port = free_port(), free_port()
        self.log = folder / "log"
        self.sheets = folder / "instance" / "figures"
        arguments = ("serve", "--port", self.port, "--workers", 2)
        self.process = start(
            self.log, *arguments, INSTANCE=str(folder / "instance"),
            METRICS_PORT=str(self.figures_port), TRUSTED_PROXIES="1",
        )  # fmt: skip
        wait_until_served(self.process, self.port)

    def ask(self, path: str, body: str | None = None, *, port: int = 0) -> tuple[int, str]:
        """Return status and text, over a connection of its own: any process may have it."""
        with closing(http.client.HTTPConnection(HOST, port or self.port, timeout=60)) as client:
            form = {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Forwarded-For": "9.8.7.6",
            }
            client.request("POST" if body else "GET", path, body, form)
            response = client.getresponse()
            return response.status, response.read().decode()

    def text(self) -> str:
        with suppress(OSError):  # nobody has the port for a moment
            return self.ask("/metrics", port=self.figures_port)[1]
        return ""

    def figure(self, name: str) -> float:
        return values(self.text()).get(name, 0)

    def settle(self) -> None:
        """Return once each process has written down what it has counted until now."""
        now = time.time()
        sheets = list(self.sheets.glob("*.json"))
        wait_for(lambda: all(sheet.stat().st_mtime > now for sheet in sheets))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("metrics"))
    try:
        yield served
    finally:
        served.process.terminate()
        served.process.wait(40)


SEARCHES = "postbag_requests_total{method=GET,route=/search,status=2xx}"


def test_counts_are_right_whichever_process_answers(served: Served):
    before = served.figure(SEARCHES)
    for _ in range(20):
        served.ask(f"/search?q={SECRET}")

    wait_for(lambda: served.figure(SEARCHES) >= before + 20)
    assert served.figure(SEARCHES) == before + 20
    assert served.figure("postbag_request_seconds_count{route=/search}") == before + 20


def test_kept_pages_are_counted(served: Served):
    hits = "postbag_page_cache_total{what=hits}"
    before = served.figure(hits)
    for _ in range(20):
        served.ask("/about")

    wait_for(lambda: served.figure(hits) >= before + 18)  # each process makes it once
    assert served.figure("postbag_page_cache_total{what=renders}") >= 1
    assert served.figure("postbag_page_cache_bytes") > 0


def test_two_servers_and_a_worker_are_seen(served: Served):
    wait_for(lambda: served.figure("postbag_processes{process=worker}") == 1)

    assert served.figure("postbag_processes{process=server}") == 2
    assert served.figure("postbag_resident_bytes{process=worker}") > 10_000_000
    assert served.figure("postbag_threads") == 32


def test_nothing_of_anybody_is_in_any_figure(served: Served):
    served.ask(f"/{SECRET}?{SECRET}")
    served.ask(f"/episodes/{SECRET}/media/{SECRET}")
    served.ask(f"/search?q={SECRET}")
    served.ask("/ask/review", urlencode({"question": SECRET, "consent": "private"}))
    served.ask("/my-question", urlencode({"receipt": SECRET}))

    figures = served.text()
    assert "postbag_requests_total" in figures
    for trace in (SECRET, "9.8.7.6", HOST, "/ask", "/my-question", "/leave"):
        assert trace not in figures, trace
    labels = set(re.findall(r'(\w+)="', figures))
    assert labels <= {
        "route", "method", "status", "le", "what", "process", "state", "chore", "lane", "figure",
    }  # fmt: skip


def test_there_is_nothing_else_at_that_port(served: Served):
    assert served.ask("/", port=served.figures_port)[0] == 404
    assert served.ask("/healthz", port=served.figures_port)[0] == 404
    assert served.ask("/metrics")[0] == 404


def test_when_the_process_that_answers_is_killed_another_goes_on(served: Served):
    served.settle()
    before = served.figure(SEARCHES)
    inode = socket_at(served.figures_port)
    [holder] = [pid for pid in started_by(served.process.pid) if has_socket(pid, inode)]

    of_worker = workers_of(served.process.pid)
    os.kill(holder, signal.SIGKILL)

    wait_for(lambda: not is_running(holder))
    wait_for(lambda: served.figure(SEARCHES) == before)
    if holder not in of_worker:
        wait_for(lambda: len(list(served.sheets.glob("*.json"))) == 4)  # it is started again


def socket_at(port: int) -> str:
    """Return the inode of the socket that listens at a port."""
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    [inode] = [row[9] for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "0A"]
    return inode


def has_socket(process: int, inode: str) -> bool:
    for link in Path(f"/proc/{process}/fd").iterdir():
        with suppress(FileNotFoundError):  # it was closed since the folder was listed
            if str(link.readlink()) == f"socket:[{inode}]":
                return True
    return False
