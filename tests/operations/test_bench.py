"""`make bench` still runs: its tables on sites of next to nothing, for a moment each.

Not `lines`: fifteen commands on each engine take a minute, whatever there is to go over. On
PostgreSQL is what goes to it in another way, where TEST_POSTGRES names a server.
"""

import os
import re

import pytest

from tests.bench.__main__ import TABLES, main

SMALLEST = "160"  # questions, and requests for `memory`
A_MOMENT = {
    "load.WRK": None,  # which measures for a second at least
    "load.SECONDS": 0.2,
    "load.ROUNDS": 1,
    "writes.MOST": 400,
    "writes.FIRST": 16,
    "writes.DISKS": (("application", 0.0, ""),),
    "patience.ASKED": 3,
    "patience.SENDERS": 5,
    "patience.READERS": 2,
    "visits.ROUNDS": 2,
    "visits.WARM": 1,
    "starting.TIMES": 1,
}
ENGINES = ("sqlite", "postgresql") if "TEST_POSTGRES" in os.environ else ("sqlite",)
EXPECTED = {
    "pages": {"an episode’s page, kept", "the same, 304", "not kept: /"},
    "patience": {"alone: a page that is kept", "beside them: one that is made anew"},
    "writes": {f"{on}: {done}" for on in ENGINES for done in ("bare commits", "/ask/send")},
    "queue": {"the queue’s first page", "search, a rare word", "a question is sent"},
    "archive": {"home", "an episode’s page", "search, a mistyped word", "one question"},
    "starting": {"sqlite"},
    "memory": {"resident, with its worker"},
}
TIMES_ALONE = {"patience"}  # which compares nothing


@pytest.fixture(autouse=True)
def briefly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measure nothing for longer than a moment."""
    for name, value in A_MOMENT.items():
        monkeypatch.setattr(f"tests.bench.{name}", value)


def rows_in(printed: str) -> dict[str, dict[str, str]]:
    """Return the cells of each row by their column, and the rows by their names."""
    found: dict[str, dict[str, str]] = {}
    for table in printed.split("### ")[1:]:
        lines = [line[2:-2].split(" | ") for line in table.splitlines() if line.startswith("|")]
        columns, _, *rows = [[cell.strip() for cell in line] for line in lines]
        found |= {row[0]: dict(zip(columns, row, strict=True)) for row in rows}
    return found


@pytest.mark.parametrize(
    ("names", "engines"),
    [
        (["pages"], ()),
        (["patience"], ()),
        (["writes"], ENGINES),
        (["queue", "starting"], ENGINES[:1]),  # which look at the same sites
        (["archive"], ENGINES[-1:]),
        (["memory"], ()),
    ],
    ids="-".join,
)
def test_a_table_has_its_rows_and_their_ratios(
    names: list[str],
    engines: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
):
    for module in ("sizes", "starting", "writes"):
        monkeypatch.setattr(f"tests.bench.{module}.ENGINES", engines)

    main([*names, "--most", SMALLEST])

    rows = rows_in(capsys.readouterr().out)
    assert set.union(*(EXPECTED[name] for name in names)) <= set(rows)
    for row in rows.values():
        assert any(re.match(r"\d", cell) for cell in list(row.values())[1:])
        assert names[0] in TIMES_ALONE or re.fullmatch(r"\d+\.\d\d", row["ratio"])


def test_every_table_is_run_here_but_one():
    assert set(TABLES) - set(EXPECTED) == {"lines"}
