"""Finished pages as files, for a web server in front to answer from while we do something else.

`now` in the folder of POSTBAG_BAKED is a link to a folder with the pages of the present epoch, each
beside its gzip and Brotli twins. What is not there, not yet or not any more, is asked of the site
itself: so a new epoch begins with an empty folder, and is never wrong. A page lies at
`<its path>/index.html`, a file at its path.
"""

import logging
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

from flask import Flask

from webapp.episodes.published_files import find_artwork, list_published_files
from webapp.episodes.queries import find_show, list_topics
from webapp.feeds import addresses
from webapp.feeds.places import list_needed_parts
from webapp.feeds.queries import list_people, list_visible
from webapp.operations import logs
from webapp.operations.baked_folder import (
    NOW,
    State,
    begin,
    find_served,
    make_folder,
    read_state,
)
from webapp.operations.rotation import Tell
from webapp.operations.trouble import Trouble
from webapp.settings import Settings
from webapp.storage import AWAY, read
from webapp.web.encodings import ENCODINGS
from webapp.web.kept_pages import Page
from webapp.web.page_cache import answer_nobody
from webapp.web.site import fault_in_words

LOOK_SECONDS = 0.2
PAGES = ("/", "/episodes", "/ask", "/help", "/about", "/privacy")
FILES = (
    addresses.PODCAST,
    addresses.ATOM,
    addresses.JSON,
    "/sitemap.xml",
    "/robots.txt",
    "/.well-known/security.txt",
)
OF_EPISODES = (
    "embed",
    "chapters.json",
    "transcript.vtt",
    "transcript.srt",
    "transcript.txt",
)
MOST = 1_000_000
_SUFFIXES = {"gzip": ".gz", "br": ".br"}

log = logging.getLogger(logs.TIMED)


def list_pages() -> Iterator[str]:
    """Yield the paths of all pages, what is asked for most first.

    They all have the same headers: whatever serves the files needs no list of exceptions.
    """
    session = read()
    yield from PAGES
    yield from (f"/episodes/{episode.slug}" for episode in list_visible(session, limit=MOST))
    yield from (f"/topics/{topic.slug}" for topic in list_topics(session))
    yield from (f"/people/{slug}" for slug in list_people(session))


def list_files(app: Flask) -> Iterator[str]:
    """Yield the paths of what there is beside pages: feeds, stylesheets, pictures, video, sound."""
    session = read()
    yield from FILES
    yield from (f"/sitemaps/{name}" for name in list_needed_parts(session))
    yield from app.extensions["postbag.assets"]
    if (show := find_show(session)) is not None:
        yield f"/show.{show.look}.css"
    for episode in list_visible(session, limit=MOST):
        yield from (f"/episodes/{episode.slug}/{part}" for part in OF_EPISODES)
    if (artwork := find_artwork(session)) is not None:
        yield f"/artwork/{artwork.file}"
    for slug, medium in list_published_files(session):
        name = f"/episodes/{slug}"
        if medium.role == "poster":
            yield f"{name}/poster.jpg"
        elif medium.role in {"card", "square"}:
            yield f"{name}/{medium.role}/{medium.version}.{medium.ending}"
        elif medium.file:
            yield f"{name}/media/{medium.file}"


def bake(app: Flask, folder: Path, path: str) -> bool:
    """Write a page or a file into a folder; return whether there is one. Raises OSError."""
    made = answer_nobody(app, path, "")
    if made.status != 200:
        return False
    place = folder / path.strip("/")
    if isinstance(made, Page):
        if made.is_html:
            place /= "index.html"
        make_folder(place.parent)
        _write_page(place, made)
    elif made.path:
        make_folder(place.parent)
        _put(place, partial(shutil.copyfile, made.path))
    return True


def bake_all(app: Flask, folder: Path, tell: Tell) -> int:
    """Write the whole site into a folder, as it is now; return how many pages and files it has.

    What asks something of the site, such as its search, is not in it. Raises OSError.
    """
    with app.app_context():
        paths = [*list_pages(), *list_files(app)]
    done = 0
    for number, path in enumerate(paths, start=1):
        done += bake(app, folder, path)
        tell(number, len(paths))
    return done


def _write_page(place: Path, page: Page) -> None:
    plain = page.variants[""]
    for encoding in ENCODINGS:
        if page.variants[encoding] is not plain:
            twin = place.with_name(place.name + _SUFFIXES[encoding])
            _put(twin, partial(_write, page.variants[encoding].whole.body))
    _put(place, partial(_write, plain.whole.body))  # last: no twin is asked for without it


def _put(place: Path, write: Callable[[Path], object]) -> None:
    """Have a file be there whole or not at all."""
    part = place.with_name(f"{place.name}.{uuid4().hex}.part")
    write(part)
    part.chmod(0o644)
    part.replace(place)


def _write(body: bytes, place: Path) -> None:
    place.write_bytes(body)


class Baker:
    """Keeps the baked pages of an instance as fresh as the site: for a thread of its own."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self._app = app
        self._folder = folder
        self._fresh = folder / NOW  # until it has begun
        self._baked: State | None = None
        self._todo: Iterator[str] = iter(())
        self._ending = threading.Event()
        self._trouble = Trouble(log, "baked pages")

    def run(self) -> None:
        """Bake until told to end. Raises nothing, but logs it."""
        while not self._ending.is_set():
            try:
                is_busy = self.step()
                self._trouble.is_over()
            except Exception as error:  # noqa: BLE001 - it must outlive whatever a disk may do
                is_busy = False
                self._trouble.note(fault_in_words(type(error), error.__traceback__))
            if not is_busy:
                self._ending.wait(LOOK_SECONDS)

    def end(self) -> None:
        """Have `run` return."""
        self._ending.set()

    def step(self) -> bool:
        """Begin anew where something has changed, then bake one page; return whether one is left.

        So it does where `now` is gone, which others take away who find it old. While the database
        is away the pages stay as they are. Raises OSError.
        """
        with self._app.app_context():
            try:
                now = read_state(read())
            except AWAY:
                return False
            if now != self._baked or find_served(self._folder) is None:
                self._fresh = begin(self._folder, now)
                self._baked, self._todo = now, iter(tuple(list_pages()))
            path = next(self._todo, None)
        if path is None:
            return False
        bake(self._app, self._fresh, path)
        return True


@contextmanager
def baking_beside(app: Flask, settings: Settings) -> Iterator[None]:
    """Keep baked pages fresh in a thread, where they are wanted: each machine has its own.

    At the end they stay, so that visitors see nothing of a restart.
    """
    if settings.baked is None:
        yield
        return
    baker = Baker(app, settings.baked)
    thread = threading.Thread(target=baker.run, name="postbag-baker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        baker.end()
        thread.join()
