"""A show of any size: the seed show's episodes over and over, each found by all of its words."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import Column, DateTime, Integer, MetaData, String, Table
from sqlalchemy.orm import DeclarativeBase

from tests.bench.bulk import Bulk, filling
from webapp import clock, storage
from webapp.episodes.models import Contribution, Episode, Medium, episode_topics
from webapp.episodes.searching.models import EPISODE_BITS, Passage
from webapp.operations.demo import fill_demo
from webapp.settings import Settings

COMMON, RARE = "partner", "rhinoceros"
RARE_ONES = 8  # episodes, however many there are
FIRST = 100  # the id of the first copy
COPIES = Table(
    "bench_copies",
    MetaData(),
    Column("id", Integer),
    Column("of_id", Integer),
    Column("slug", String),
    Column("published_at", DateTime),
)


def slug_of(back: int) -> str:
    """Return the address of the episode that so many have come out after, in every size."""
    return f"the-{back:05}-from-the-end"


def fill_archive(app: Flask, settings: Settings, count: int) -> None:
    """Fill a new site with so many published episodes, a day apart; the seeds are drafts then."""
    fill_demo(app, settings)
    with app.app_context():
        storage.db.engine.dispose()
    with filling(settings) as bulk:
        for table in ("episodes", "episode_topics", "contributions"):  # no trigger runs here
            bulk.run(f"UPDATE {table} SET published_at = NULL")  # noqa: S608 - our own names
        bulk.run(
            "CREATE TABLE bench_copies "
            "(id INTEGER, of_id INTEGER, slug TEXT, published_at TIMESTAMP)"
        )
        seeds = [row[0] for row in bulk.run("SELECT id FROM episodes ORDER BY id").fetchall()]
        bulk.add(COPIES, list(COPIES.columns.keys()), _copies(count, seeds))
        _copy(bulk, Episode.__table__, id="c.id", guid="c.slug", slug="c.slug", **_OUT)
        for table in (episode_topics, Contribution.__table__, Medium.__table__):
            _copy(bulk, table, episode_id="c.id", published_at="c.published_at")
        shifted = f"t.id + CAST(c.id - c.of_id AS BIGINT) * {1 << EPISODE_BITS}"
        _copy(bulk, Passage.__table__, id=shifted, episode_id="c.id", words=_with_rare(count))
        bulk.run(f"INSERT INTO search_words VALUES ('{RARE}', '{RARE}')")  # noqa: S608
        bulk.run("DROP TABLE bench_copies")


_OUT = {"published_at": "c.published_at", "updated_at": "c.published_at", "revision": "0"}


def _copies(count: int, seeds: list[int]) -> Iterator[tuple[Any, ...]]:
    """Yield what is copied; the newest are copies of the same ones in every size."""
    newest = clock.now() - timedelta(days=1)
    for back in range(count - 1, -1, -1):
        moment = (newest - timedelta(days=back)).strftime("%Y-%m-%d %H:%M:%S.000000")
        yield FIRST + count - 1 - back, seeds[back % len(seeds)], slug_of(back), moment


def _with_rare(count: int) -> str:
    """Return the words of a passage; of the newest episodes, each has the rare one in a title."""
    is_new = f"c.id >= {FIRST + count - RARE_ONES}"
    is_meant = f"{is_new} AND (t.kind = 'title' OR t.kind = 'episode')"
    return f"CASE WHEN {is_meant} THEN t.words || '{RARE} ' ELSE t.words END"


def _copy(bulk: Bulk, model: Table | type[DeclarativeBase] | Any, **others: str) -> None:
    """Copy what hangs on the seeds' episodes, with `others` in the place of its columns."""
    names = list(model.columns.keys())
    own = "id" if model.name == "episodes" else "episode_id"
    columns = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(others.get(name, f't."{name}"') for name in names)
    order = f"ORDER BY {others['id']}" if "id" in others else ""
    bulk.run(
        f"INSERT INTO {model.name} ({columns}) SELECT {values} "  # noqa: S608 - our own names
        f"FROM bench_copies c JOIN {model.name} t ON t.{own} = c.of_id {order}"
    )
