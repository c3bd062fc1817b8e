"""A feed becomes episodes: read, planned, written as a bundle, and taken in as any bundle is.

All of its items come as drafts in one transaction. Their files come afterwards, one by one: see
`bringing.py`.
"""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

from sqlalchemy.orm import Session

from webapp import storage
from webapp.exceptions import Refused
from webapp.storage.history import Actor
from webapp.studio.source.merging import THERE
from webapp.transfer.bundle import Tell, quietly
from webapp.transfer.feed_import import queries
from webapp.transfer.feed_import.feed import Feed
from webapp.transfer.feed_import.fetching import FEED, Rules, fetch
from webapp.transfer.feed_import.folder import SHOW, lacking_seasons, with_artwork_in, write_folder
from webapp.transfer.feed_import.mapping import plan_of
from webapp.transfer.feed_import.plan import FeedPlan
from webapp.transfer.feed_import.reading import read_feed
from webapp.transfer.feed_import.services import note_items
from webapp.transfer.importing import THE_IMPORT, import_bundle
from webapp.transfer.plan import Keep, Plan

Finish = Callable[[Session, FeedPlan], None]

_EPISODE = re.compile(r"[^:]+: episodes/[^/:]+")  # a line that the feed's own plan has too

NO_EMAIL = (
    "The feed names no mail address, and there is no show here yet. An owner adds the address "
    "under Show, or takes in a show.yaml that has it."
)
STAND_IN = "owner@example.org"  # while a plan is made; it is kept nowhere
LOCKED = "The feed is locked: only its owner may take it over. If that is you, say so."
NO_NAME = "The feed says neither where it lies nor what it is called, so it cannot be known again."
NOTHING = "There is nothing in the feed that can become an episode."
SHOW_STAYS = "there is a show already; what the feed says of the show is left alone"
NEW_SEASON = "the show gets the season {number} that it lacks"
GONE = "episodes/{slug} is no longer in the feed, and stays"


@dataclass(frozen=True, slots=True)
class Read:
    """A feed that was read, and all the addresses that it may have been imported from before."""

    feed: Feed
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Ready:
    """What a feed would bring; `there` are the guids of episodes that were here before it."""

    feed: str
    plan: FeedPlan
    show: str
    there: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import of a feed does, or did. `feed` is the name under which it is known here."""

    feed: str
    plan: FeedPlan
    done: Plan
    states: Mapping[str, str]

    def lines(self) -> Iterator[str]:
        """Yield it as people read it."""
        yield from self.plan.lines(self.states)
        yield from (line for line in self.done.lines() if not _EPISODE.fullmatch(line))


def rules_here() -> Rules:
    """Return how this instance fetches."""
    return Rules(allow_loopback=storage.current_settings().import_from_loopback)


def is_address(source: str) -> bool:
    """Return whether a feed is named by its address, and not by a file."""
    return source.lower().startswith(("http://", "https://"))


def read_source(source: str, *, rules: Rules | None = None) -> Read:
    """Return the feed in a file or at an address, with all its pages. Raises Refused."""
    rules = rules or rules_here()

    def page(url: str) -> tuple[bytes, str]:
        found = fetch(url, limits=FEED, rules=rules)
        return found.body, found.charset

    if is_address(source):
        first = fetch(source, limits=FEED, rules=rules)
        feed = read_feed(first.body, url=first.url, charset=first.charset, fetch=page)
        named: tuple[str, ...] = (source, first.moved_to, first.url)
    else:
        feed = read_feed(_bytes_of(Path(source)), fetch=page)
        named = ()
    channel = feed.channel
    others = (channel.address, channel.new_address, channel.link, channel.title)
    addresses = tuple(dict.fromkeys(filter(None, (*named, *others))))
    if not addresses:
        raise Refused(NO_NAME)
    return Read(feed, addresses)


def take_in(
    read: Read,
    *,
    dry_run: bool = False,
    although_locked: bool = False,
    with_artwork: bool = False,
    keep: Keep | None = None,
    actor: Actor = THE_IMPORT,
    tell: Tell = quietly,
    rules: Rules | None = None,
    finish: Finish | None = None,
) -> Imported:
    """Take in a feed that was read, all of its items as drafts, and return what was done.

    With `with_artwork`, a show that is new gets its picture; `finish` is called in the transaction
    that does it. Raises Refused for a feed that is locked and for one that says too little, and
    all that `import_bundle` does.
    """
    ready = _prepare(read, dry_run=dry_run)
    plan, show = ready.plan, ready.show
    if plan.is_locked and not although_locked and not dry_run:
        raise Refused(LOCKED)

    with _folder() as folder:
        write_folder(plan, folder, show=show)
        if not any(folder.iterdir()):
            raise Refused(NOTHING)
        if not show and with_artwork and not dry_run:
            plan = with_artwork_in(plan, folder, rules or rules_here())
        done = import_bundle(
            folder,
            choose=lambda _plan: _chosen(plan, show, keep or {}),
            dry_run=dry_run,
            actor=actor,
            tell=tell,
            finish=_noting(ready, finish),
        )
    return Imported(ready.feed, plan, done, _states(plan, done))


def _noting(ready: _Ready, finish: Finish | None) -> Callable[[Session, Plan], None]:
    """Return what keeps, in the transaction of an import, which items became which episodes."""

    def note(session: Session, _done: Plan) -> None:
        note_items(session, feed=ready.feed, plan=ready.plan, there=ready.there)
        if finish is not None:
            finish(session, ready.plan)

    return note


def _prepare(read: Read, *, dry_run: bool) -> _Ready:
    """Return what a feed would bring. Raises Refused where the show would lack its address.

    A dry run says so among what the owner has to say, and goes on.
    """
    session = storage.read()
    session.rollback()
    feed = queries.find_feed(session, read.addresses) or read.addresses[0]
    around = queries.get_around(session, feed)
    plan = _completed(session, plan_of(read.feed, address=feed, around=around), feed)
    show = queries.get_show_text(session)
    if not show and not plan.show["email"]:
        if not dry_run:
            raise Refused(NO_EMAIL)
        plan = replace(plan, show={**plan.show, "email": STAND_IN})
    guids = (item.guid for item in read.feed.items)
    there = tuple(guid for guid in guids if around.refused.get(guid) == queries.THERE_ALREADY)
    return _Ready(feed, plan, show, there)


def _chosen(plan: FeedPlan, show: str, keep: Keep) -> Keep:
    """Return what stays of conflicts; seasons that the show lacks come in any case."""
    if not show or not lacking_seasons(plan, show):
        return keep
    return {**keep, SHOW: {"seasons": THERE, **keep.get(SHOW, {})}}


def _completed(session: Session, plan: FeedPlan, feed: str) -> FeedPlan:
    """Return a plan that says too what it leaves alone."""
    remarks = list(plan.remarks)
    if show := queries.get_show_text(session):
        remarks.append(SHOW_STAYS)
        remarks += [
            NEW_SEASON.format(number=season["number"]) for season in lacking_seasons(plan, show)
        ]
        plan = replace(plan, asks=())
    guids = {episode.guid for episode in plan.episodes}
    remarks += [GONE.format(slug=slug) for slug in queries.list_gone(session, feed, guids)]
    return replace(plan, remarks=tuple(remarks))


def _states(plan: FeedPlan, done: Plan) -> Mapping[str, str]:
    """Return by slug what becomes of each episode."""
    named = {
        "new": done.new,
        "changed": done.changed,
        "merged": done.merged,
        "unchanged": (*done.unchanged, *done.here),
    }
    states = {name: state for state, names in named.items() for name in names}
    clashing = {file.rpartition("/")[0] for file, _clash in done.conflicts}
    return {
        episode.slug: states.get(
            f"episodes/{episode.slug}",
            "conflict" if f"episodes/{episode.slug}" in clashing else "unchanged",
        )
        for episode in plan.episodes
    }


def _bytes_of(path: Path) -> bytes:
    """Return a file's bytes. Raises Refused for one that is too large, and OSError."""
    if path.stat().st_size > FEED.size:
        raise Refused(f"The file has more than {FEED.size:,} bytes.")
    return path.read_bytes()


@contextmanager
def _folder() -> Iterator[Path]:
    """Give a folder for a bundle that is gone afterwards."""
    folder = storage.current_settings().instance_path / "transfers" / uuid4().hex / "bundle"
    folder.mkdir(mode=0o700, parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder.parent, ignore_errors=True)
