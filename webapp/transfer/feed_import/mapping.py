"""A feed as a plan: what each of its items becomes, as files of a bundle."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from urllib.parse import unquote, urlsplit

from webapp.feeds.shortening import cut_to_characters
from webapp.studio.starting import slug_of
from webapp.transfer.feed_import.episode_mapping import ALIAS, Context, episode_of, people_of
from webapp.transfer.feed_import.feed import Channel, Feed, Item, PersonTag
from webapp.transfer.feed_import.naming import NO_SLUG, numbers_of, person_slug, slugs_of
from webapp.transfer.feed_import.plan import (
    PAGES,
    Around,
    FeedPlan,
    Front,
    LeftOut,
    PlannedPerson,
)
from webapp.transfer.feed_import.show_mapping import show_of

MOST_TOPICS = 40
LONGEST_GUID = 500

NOTHING = "it has neither a guid nor a file nor a link to know it by"
TWICE = "its guid is that of item {position}"
NO_GUID = "its guid is longer than {most} characters, or has more than one line"
PEOPLE_STAY = "of people who are here already, what the feed says is left alone"
UNHEARD = "“{name}”, whom the show names, is in no item, and is left out"
TOPICS = "it has {count} categories; the {most} that are used most become topics"


def plan_of(feed: Feed, *, address: str = "", around: Around | None = None) -> FeedPlan:
    """Return what an import of a feed would do. Changes nothing.

    `address` is where the feed lies, if that is known: else what it says itself. `around` is what
    stands here already.
    """
    around = around or Around()
    items, left_out = _sorted_out(feed.items, around)
    channel = feed.channel
    remarks, asks = [*feed.remarks, *channel.remarks], list[str]()
    numbers = numbers_of(items, around.kept)
    slugs = slugs_of(items, around.kept, _taken(around))
    topics = dict(_topics(items, remarks) if around.topics is None else _known(items, around))
    aliases, clashes = _aliases(items, channel, slugs, around)
    where = address or channel.address
    people = {person.name: person_slug(person.name) for person in _named(items, channel)}
    people |= {name: around.people[name] for name in people if name in around.people}
    heard = _heard(items, channel, people, remarks)
    here = set(around.people.values())
    if any(heard[slug].href or heard[slug].image for slug in heard.keys() & here):
        remarks.append(PEOPLE_STAY)
    pages = {slug: person.href for slug, person in heard.items()}
    context = Context(channel, where, slugs, numbers, aliases, topics, people, pages)
    seasons = {season: "" for season, _number in numbers.values()} or {1: ""}
    seasons |= {numbers[item.guid][0]: item.season_name for item in items if item.season_name}
    episodes = (episode_of(item, context) for item in items)
    return FeedPlan(
        address=where,
        show=show_of(channel, seasons, remarks, asks),
        topics=tuple(_topic_files(topics)) if around.topics is None else (),
        people=tuple(_people(heard, here)),
        episodes=tuple(
            replace(episode, remarks=(*episode.remarks, *clashes.get(episode.guid, ())))
            for episode in episodes
        ),
        left_out=tuple(left_out),
        artwork=channel.image,
        is_locked=channel.locked,
        asks=tuple(asks),
        remarks=tuple(dict.fromkeys(remarks)),
        unmapped=feed.unmapped,
    )


def _sorted_out(items: Iterable[Item], around: Around) -> tuple[list[Item], list[LeftOut]]:
    """Return the items that become episodes, and those that do not."""
    taken: dict[str, int] = {}
    left_out = []
    good = []
    for item in items:
        why = ""
        if not item.guid:
            why = NOTHING
        elif len(item.guid) > LONGEST_GUID or len(item.guid.splitlines()) > 1:
            why = NO_GUID.format(most=LONGEST_GUID)
        elif item.guid in taken:
            why = TWICE.format(position=taken[item.guid])
        why = why or around.refused.get(item.guid, "")
        if why:
            left_out.append(LeftOut(item.position, cut_to_characters(item.title, 100), why))
        else:
            taken[item.guid] = item.position
            good.append(item)
    return good, left_out


def _topics(items: Sequence[Item], remarks: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the categories that become topics, each with its slug, in the order of the items'."""
    counts = Counter(name for item in items for name in item.categories)
    if len(counts) > MOST_TOPICS:
        remarks.append(TOPICS.format(count=len(counts), most=MOST_TOPICS))
    often = sorted(counts, key=lambda name: (-counts[name], name))[:MOST_TOPICS]
    for name in _in_order(items, often):
        if slug_of(name) != NO_SLUG:
            yield name, slug_of(name)


def _in_order(items: Sequence[Item], names: Collection[str]) -> list[str]:
    """Return categories so that those of each item stand in the item's own order, if they can."""
    followers: TopologicalSorter[str] = TopologicalSorter()
    appearing: dict[str, None] = {}
    for item in items:
        named = [name for name in item.categories if name in names]
        appearing |= dict.fromkeys(named)
        for before, behind in zip(["", *named], named, strict=False):
            followers.add(behind, *filter(None, [before]))
    try:
        return list(followers.static_order())
    except CycleError:
        return list(appearing)


def _known(items: Sequence[Item], around: Around) -> Iterator[tuple[str, str]]:
    """Yield the categories that are topics here already, each with its slug."""
    topics = around.topics or {}
    for name in dict.fromkeys(name for item in items for name in item.categories):
        slug = topics.get(name.casefold(), "")
        if slug or slug_of(name) in topics.values():
            yield name, slug or slug_of(name)


def _topic_files(topics: Mapping[str, str]) -> Iterator[Front]:
    named: dict[str, str] = {}
    for name, slug in topics.items():
        named.setdefault(slug, cut_to_characters(name, 300))
    for slug, name in named.items():
        yield {"slug": slug, "name": name}


def _named(items: Iterable[Item], channel: Channel) -> Iterator[PersonTag]:
    for item in items:
        yield from people_of(item, channel)


def _heard(
    items: Sequence[Item], channel: Channel, slugs: Mapping[str, str], remarks: list[str]
) -> Mapping[str, PersonTag]:
    """Return everybody who appears by their slug, with the first page and picture of theirs."""
    found: dict[str, PersonTag] = {}
    for person in _named(items, channel):
        known = found.setdefault(slugs[person.name], person)
        found[slugs[person.name]] = replace(
            known, href=known.href or person.href, image=known.image or person.image
        )
    names = {person.name for person in found.values()}
    remarks += [UNHEARD.format(name=one.name) for one in channel.people if one.name not in names]
    return found


def _people(heard: Mapping[str, PersonTag], here: Collection[str]) -> Iterator[PlannedPerson]:
    """Yield everybody who appears and is not here yet, in the order of their slugs."""
    for slug in sorted(heard.keys() - here):
        person = heard[slug]
        page = {"label": "Their own page", "url": person.href, "feed": True}
        links = [page] if person.href else []
        image = {"image": person.image} if person.image else {}
        front = {"name": person.name, "links": links, "source": image}
        yield PlannedPerson(slug, {key: value for key, value in front.items() if value})


def _taken(around: Around) -> set[str]:
    """Return the slugs that an episode has, or had: what leads to one is no other's."""
    led = (path.removeprefix(PAGES) for path in around.aliases if path.startswith(PAGES))
    return {*around.slugs, *led}


def _aliases(
    items: Iterable[Item], channel: Channel, slugs: Mapping[str, str], around: Around
) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Return by guid the old addresses on the show's own site, and what is to be said of others.

    Each leads on once the show's domain leads here.
    """
    own = _host(channel.link)
    owners = dict(around.aliases) | {f"{PAGES}{slug}": guid for guid, slug in slugs.items()}
    aliases: dict[str, tuple[str, ...]] = {}
    clashes: dict[str, tuple[str, ...]] = {}
    for item in sorted(items, key=lambda item: (item.published is None, item.published, item.guid)):
        for url in dict.fromkeys((item.link, item.guid if item.is_permalink else "")):
            path = _path(url) if own and _host(url) == own else ""
            if not path or path == f"{PAGES}{slugs[item.guid]}":
                continue
            if owners.setdefault(unquote(path), item.guid) == item.guid:
                known = aliases.get(item.guid, ())
                aliases[item.guid] = known if path in known else (*known, path)
            else:
                clashes[item.guid] = (ALIAS.format(path=path),)
    return aliases, clashes


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _path(url: str) -> str:
    """Return the path of an old address, with its query; empty where a page of ours is anyway."""
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    is_kept = parts.path.strip("/") and not path.startswith("//") and "%00" not in path
    return path if is_kept and len(path) <= 1_000 and not set(path) & set(" \\\t\n") else ""
