"""Slugs and numbers: the same in every run, in whatever order the items come."""

import random
from pathlib import Path

import pytest

from tests.transfer.feed_import.conftest import FEEDS
from webapp.transfer.feed_import.feed import Item
from webapp.transfer.feed_import.naming import numbers_of, person_slug, slugs_of
from webapp.transfer.feed_import.plan import Kept
from webapp.transfer.feed_import.reading import read_feed

ITEM = (
    "<item><title>{title}</title><guid>{guid}</guid><link>{link}</link>"
    "<pubDate>{date}</pubDate>{more}</item>"
)


def items_of(*items: dict[str, str]) -> list[Item]:
    texts = [
        ITEM.format(**{"title": "", "guid": "", "link": "", "date": "", "more": ""} | item)
        for item in items
    ]
    return list(read_feed(f"<rss><channel>{''.join(texts)}</channel></rss>".encode()).items)


def test_of_several_with_one_title_the_oldest_has_the_bare_slug():
    items = items_of(
        {"title": "Soft landings", "guid": "c", "date": "Sat, 07 Mar 2026 10:00:00 GMT"},
        {"title": "Soft landings!", "guid": "b", "date": "Sat, 07 Mar 2026 09:00:00 GMT"},
        {"title": "Soft Landings", "guid": "a", "date": "Sat, 28 Feb 2026 10:00:00 GMT"},
        {"title": "Soft landings", "guid": "d"},
    )

    assert slugs_of(items, {}) == {
        "a": "soft-landings",
        "b": "soft-landings-2026-03-07",
        "c": "soft-landings-2",
        "d": "soft-landings-3",
    }


def test_a_title_in_other_letters_is_named_by_its_link_or_its_number():
    more = "<itunes:season>2</itunes:season><itunes:episode>7</itunes:episode>"
    items = items_of(
        {"title": "Про чай", "guid": "a", "link": "http://kuhnya.example/e/pro_chai.html"},
        {"title": "Без ссылки", "guid": "b", "more": more},
        {"title": "Совсем без", "guid": "c", "link": "http://kuhnya.example/?p=1"},
        {"title": "Про мёд 2", "guid": "d", "link": "http://kuhnya.example/12"},
    )

    assert slugs_of(items, {}) == {
        "a": "pro-chai",
        "b": "episode-2-7",
        "c": "episode",
        "d": "episode-2",
    }


@pytest.mark.parametrize("file", sorted(FEEDS.glob("*.xml")), ids=lambda file: file.stem)
def test_names_do_not_depend_on_the_order_of_the_items(file: Path):
    items = [item for item in read_feed(file.read_bytes()).items if item.guid]
    unique = list({item.guid: item for item in items}.values())
    shuffled = random.Random(1).sample(unique, len(unique))  # noqa: S311 - an order, no secret

    assert slugs_of(shuffled, {}) == slugs_of(unique, {})
    assert numbers_of(shuffled, {}) == numbers_of(unique, {})


def test_what_was_imported_before_keeps_its_names():
    items = items_of(
        {"title": "Renamed", "guid": "a", "date": "Sat, 07 Mar 2026 10:00:00 GMT"},
        {"title": "Old name", "guid": "b", "date": "Sat, 07 Mar 2020 10:00:00 GMT"},
    )
    kept = {"a": Kept("old-name", 1, 1)}

    assert slugs_of(items, kept) == {"a": "old-name", "b": "old-name-2020-03-07"}
    assert numbers_of(items, kept) == {"a": (1, 1), "b": (1, 2)}


def test_an_item_without_a_number_gets_one_by_its_date_and_takes_nobodys():
    number = "<itunes:episode>{}</itunes:episode>"
    items = items_of(
        {"guid": "trailer", "date": "Thu, 01 Jan 2026 10:00:00 GMT"},
        {"guid": "one", "date": "Fri, 02 Jan 2026 10:00:00 GMT", "more": number.format(1)},
        {"guid": "half", "date": "Sat, 03 Jan 2026 10:00:00 GMT", "more": number.format("2.5")},
        {"guid": "zero", "date": "Sun, 04 Jan 2026 10:00:00 GMT", "more": number.format(0)},
    )

    assert numbers_of(items, {}) == {
        "one": (1, 1),
        "half": (1, 2),
        "trailer": (1, 3),
        "zero": (1, 4),
    }


def test_people_have_slugs_of_their_own():
    assert person_slug("Zoé Blanc") == "zoe-blanc"
    assert person_slug("Вера") != person_slug("Лев")
    assert person_slug("Вера").startswith("person-")
