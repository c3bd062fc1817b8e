"""What readers of a site see of a show, and what its database has: all of it, to be compared."""

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import time_machine
from flask import Flask

from tests.transfer.conftest import HELP, SHOW, write_episode
from webapp import clock, storage
from webapp.operations.sweeping import names_of, sweep_files
from webapp.storage.base import Base

T = TypeVar("T")

PLACES = ("/episodes", "/sitemap.xml", "/feeds/podcast.xml", "/feeds/episodes.json")
WEEK = timedelta(days=7)
ADDRESS = re.compile("<loc>https?://[^/<]+([^<]*)</loc>")


def seen(app: Flask) -> dict[str, str]:
    """Return every page and feed that readers can come to, by its path."""
    client = app.test_client()
    address = app.extensions["postbag.settings"].site_url
    answers = {}
    listed = ADDRESS.findall(client.get("/sitemap.xml", base_url=address).text)
    for path in (*PLACES, *(each or "/" for each in listed)):
        answer = client.get(path, base_url=address)
        answers[path] = f"{answer.status_code} {answer.text}".replace(address, "")
    let_go(app)
    return answers


def rows(app: Flask) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of all tables."""
    with app.app_context():
        session = storage.read()
        found = {
            table.name: sorted(map(tuple, session.execute(table.select())), key=repr)
            for table in Base.metadata.sorted_tables
        }
    let_go(app)
    return found


def left_behind(app: Flask) -> list[str]:
    """Return the files that nobody needs and that are still there when the worker has swept."""
    settings = app.extensions["postbag.settings"]
    with time_machine.travel(clock.now() + WEEK), app.app_context():
        for _ in sweep_files(clock.today()):
            pass
        named = names_of(storage.read())
    let_go(app)
    media = [path for path in settings.media_path.rglob("*") if path.is_file()]
    others = [
        path
        for name in ("uploads", "transfers")
        for path in (settings.instance_path / name).glob("*")
    ]
    return [str(path) for path in (*media, *others) if path.name not in named]


def do(app: Flask, act: Callable[[], T]) -> T:
    """Do something in an app, and leave none of its connections open."""
    try:
        with app.app_context():
            return act()
    finally:
        let_go(app)


def let_go(app: Flask) -> None:
    """Leave no connection open."""
    with app.app_context():
        storage.db.session.close()
        storage.db.engine.dispose()


def write_show(folder: Path, *slugs: str, topics: Sequence[str] = ()) -> Path:
    """Write a show's bundle with these episodes, each about what has its name; return its folder.

    `topics` are those of the show, where it has more of them.
    """
    (folder / "people").mkdir(parents=True, exist_ok=True)
    (folder / "show.yaml").write_text(SHOW)
    (folder / "help.yaml").write_text(HELP)
    (folder / "people" / "the-host.md").write_text("---\nname: Dot\n---\nShe *asks*.\n")
    listed = (f"- {{slug: about-{each}, name: About {each}}}\n" for each in topics or slugs)
    (folder / "topics.yaml").write_text("".join(listed))
    for number, slug in enumerate(slugs, start=1):
        if (folder / "episodes" / slug).is_dir():
            continue
        index = write_episode(folder, slug) / "index.md"
        text = index.read_text().replace("topics: [sex]", f"topics: [about-{slug}]")
        text = text.replace("number: 1}", f"number: {number}}}").replace("tube.example/1", slug)
        index.write_text(text)
    return folder
