"""One item of a feed, as an episode's files. Source of the format: docs/bundle.md."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from webapp.feeds.entries import UNSAID
from webapp.feeds.shortening import cut_to_characters
from webapp.feeds.taxonomy import place
from webapp.transcripts import write_chapters
from webapp.transfer.feed_import.feed import Channel, Enclosure, Item, PersonTag
from webapp.transfer.feed_import.files_beside import files_to_fetch
from webapp.transfer.feed_import.html_to_markdown import to_markdown, to_text
from webapp.transfer.feed_import.plan import PlannedEpisode
from webapp.transfer.feed_import.values import read_number
from webapp.writing import WritingRefused, render_expansion

LONGEST_SUMMARY = 1_000
FIRST_WORDS = 300
TYPES = {"full", "trailer", "bonus"}
_PLAIN_LIMIT = 60_000

NO_TITLE = "it has no title; {title} is taken"
NO_NUMBER = "it has no number; {number} is taken"
ODD_NUMBER = "its number “{text}” cannot be read; {number} is taken"
BY_DATE = ", by its date"
NO_TYPE = "its type “{text}” is none that is known; full is taken"
OTHER_PAGE = "{page}, a page of “{name}” that is not the first one, is left out"
NO_SEASON = "its season “{text}” cannot be used; {number} is taken"
CUT = "its {what} is longer than {most:,} characters, and is cut"
PLAIN = "its text is too deep or too long for the page; it became plain paragraphs"
ALIAS = "another episode has its old address, {path}"


@dataclass(frozen=True, slots=True)
class Context:
    """What an episode takes from around its item.

    `aliases` are old addresses by guid, `topics` slugs by the category that the feed names,
    `people` slugs by name, `pages` the pages of people by their slug.
    """

    channel: Channel
    address: str
    slugs: Mapping[str, str]
    numbers: Mapping[str, tuple[int, int]]
    aliases: Mapping[str, tuple[str, ...]]
    topics: Mapping[str, str]
    people: Mapping[str, str]
    pages: Mapping[str, str]


def episode_of(item: Item, context: Context) -> PlannedEpisode:
    """Return the files of an episode, and why it stays a draft if it does."""
    reasons: list[str] = []
    remarks = list(item.remarks)
    if item.published is None:
        reasons += [remark for remark in remarks if "date" in remark]
        remarks = [remark for remark in remarks if remark not in reasons]
    body = _body(item, remarks)
    files = tuple(files_to_fetch(item, context.channel, reasons, remarks))
    front = _front(item, context, body, remarks)
    texts = {}
    if item.inline_chapters and not any(file.kind == "chapters" for file in files):
        texts["chapters.json"] = write_chapters(item.inline_chapters)
    return PlannedEpisode(
        position=item.position,
        front=front,
        body=body,
        files=files,
        texts=texts,
        reasons=tuple(dict.fromkeys(reasons)),
        remarks=tuple(dict.fromkeys(remarks)),
    )


def people_of(item: Item, channel: Channel) -> tuple[PersonTag, ...]:
    """Return who is in an episode; an item that names nobody has the show's own people."""
    return item.people or channel.people


def _front(item: Item, context: Context, body: str, remarks: list[str]) -> dict[str, Any]:
    """Return the front matter, in the order in which people write it."""
    season, number = context.numbers[item.guid]
    title = cut_to_characters(item.title, 300)
    if not title:
        title = f"Episode {number}"
        remarks.append(NO_TITLE.format(title=title))
    topics = (context.topics[name] for name in item.categories if name in context.topics)
    summary = _summary(item, body, remarks)
    known = {
        "guid": item.guid,
        "title": title,
        "slug": context.slugs[item.guid],
        "date": item.published.isoformat(timespec="seconds") if item.published else "",
        "draft": True,
        "summary": summary,
        "topics": list(dict.fromkeys(topics)),
        "aliases": list(context.aliases.get(item.guid, ())),
        "episode": _numbers(item, context.channel, season, number, remarks),
        "contributors": _contributors(item, context, remarks),
        "source": _source(item, context, summary),
    }
    return {key: value for key, value in known.items() if value}


def _contributors(item: Item, context: Context, remarks: list[str]) -> list[dict[str, str]]:
    """Return who is heard, each role once, with its group where that is not the usual one."""
    found: dict[tuple[str, str, str], None] = {}
    for person in people_of(item, context.channel):
        slug = context.people[person.name]
        role = person.role or "host"
        is_usual = person.group.casefold() == place(role)[1]
        found[slug, role, "" if is_usual else person.group] = None
        if person.href and person.href != context.pages[slug]:
            remarks.append(OTHER_PAGE.format(name=person.name, page=person.href))
    return [
        {"person": slug, "role": role} | ({"group": group} if group else {})
        for slug, role, group in found
    ]


def _numbers(
    item: Item, channel: Channel, season: int, number: int, remarks: list[str]
) -> dict[str, Any]:
    if read_number(item.episode) is None:
        words = ODD_NUMBER if item.episode else NO_NUMBER
        how = BY_DATE if item.published else ""
        remarks.append(words.format(text=item.episode, number=number) + how)
    if item.season and read_number(item.season) is None:
        remarks.append(NO_SEASON.format(text=item.season, number=season))
    if item.type and item.type not in TYPES:
        remarks.append(NO_TYPE.format(text=item.type[:100]))
    explicit = channel.explicit if item.explicit is None else item.explicit
    known = {
        "season": season,
        "number": number,
        "type": item.type if item.type in TYPES else "full",
        "duration": item.duration,
        "explicit": bool(explicit),
        "feed_season": "" if read_number(item.season) else UNSAID,
        "feed_number": _said_number(item.episode),
        "feed_display": item.episode_name,
        "feed_author": item.author if item.author != channel.author else "",
    }
    return {key: value for key, value in known.items() if value}


def _said_number(text: str) -> str:
    """Return what feeds are to say instead of the whole number: a decimal one, or nothing."""
    number = read_number(text)
    if number is None:
        return UNSAID
    said = text.strip().replace(",", ".")
    return said if "." in said else ""


def _source(item: Item, context: Context, summary: str) -> dict[str, Any]:
    """Return where an episode comes from, with what has no other place; empty values left out.

    `season` and `episode` are the feed's own texts: without them, the numbers are made up here.
    """
    known: dict[str, Any] = {
        "feed": context.address,
        "guid": item.guid,
        "permalink": item.is_permalink,
        "link": item.link,
        "season": item.season,
        "season_name": item.season_name,
        "episode": item.episode,
        "author": item.author or item.creator,
        "creator": item.creator if item.author not in {"", item.creator} else "",
        "enclosure": _told(item.enclosures[0]) if item.enclosures else {},
        "categories": [name for name in item.categories if name not in context.topics],
        "people": list(_told_people(item, context)),
        "summary": item.summary[:20_000],
    }
    if item.content and item.description not in {item.content, summary}:
        known["description"] = item.description[:20_000]
    if item.subtitle and to_text(item.subtitle) != summary:
        known["subtitle"] = cut_to_characters(item.subtitle, 1_000)
    return {key: value for key, value in known.items() if value}


def _told(enclosure: Enclosure) -> dict[str, Any]:
    return {"url": enclosure.url, "type": enclosure.type, "length": enclosure.length}


def _told_people(item: Item, context: Context) -> Iterator[dict[str, str]]:
    """Yield what an item says of people and has no place."""
    for person in item.people:
        is_known = person.href == context.pages[context.people[person.name]]
        known = {"href": "" if is_known else person.href, "image": person.image}
        if any(known.values()):
            yield {"name": person.name, **{key: value for key, value in known.items() if value}}


def _summary(item: Item, body: str, remarks: list[str]) -> str:
    """Return an episode's summary: its description where its text stands apart from that."""
    if item.content and item.description:
        text = to_text(item.description)
        if len(text) > LONGEST_SUMMARY:
            remarks.append(CUT.format(what="summary", most=LONGEST_SUMMARY))
        return cut_to_characters(text, LONGEST_SUMMARY)
    first = to_text(item.description or item.content) if body else ""
    return cut_to_characters(to_text(item.subtitle) or first, FIRST_WORDS)


def _body(item: Item, remarks: list[str]) -> str:
    """Return the written answer, in Markdown that the page can show."""
    source = item.content or item.description
    body = to_markdown(source, base=item.link)
    try:
        render_expansion(body, prefix="episode")
    except WritingRefused:
        remarks.append(PLAIN)
        words = to_text(source)[: 3 * _PLAIN_LIMIT].split(" ")
        lines = [" ".join(words[at : at + 200]) for at in range(0, len(words), 200)]
        body = to_markdown("\n\n".join(lines))
    return body
