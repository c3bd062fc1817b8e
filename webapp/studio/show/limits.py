"""What a form on the show refuses beside what its file does: too many rows, days to come."""

from collections.abc import Iterator
from datetime import date, timedelta

from webapp.episodes.problems import BundleProblem, BundleRefused
from webapp.studio.rows import FormRow, Pairs
from webapp.studio.show.fields import Item, ListOf
from webapp.studio.show.filling import Merged, rows_of
from webapp.studio.source.fields import MOST_ITEMS
from webapp.studio.source.schema import HelpFile

TOO_MANY = f"{MOST_ITEMS} rows fit into this list. Remove some of them"
TO_COME = "a day that has been: on one to come nobody can have checked it"


def refuse_too_many(file: str, items: tuple[Item, ...], merged: Merged) -> None:
    """Raise BundleRefused for lists that somebody made longer than a form can be worked with."""
    mine = tuple(item for item in items if item.name in merged.mine)
    keys = _too_long(mine, FormRow("", merged.pairs))
    _refuse(file, [(key, TOO_MANY) for key in keys])


def refuse_days_to_come(found: HelpFile, *, today: date) -> None:
    """Raise BundleRefused for help that was checked after `today`, a date by UTC.

    Where clocks are ahead of that it may be a day later.
    """
    checked = (
        (f"countries.{at}.services.{number}.checked", service.checked)
        for at, country in enumerate(found.countries, 1)
        for number, service in enumerate(country.services, 1)
    )
    latest = today + timedelta(days=1)
    late = [key for key, day in checked if day is not None and day > latest]
    _refuse("help.yaml", [(key, f"expected {TO_COME}") for key in late])


def _too_long(items: tuple[Item, ...], row: FormRow, before: str = "") -> Iterator[str]:
    """Yield the keys of lists with too many rows, also of those within rows."""
    for item in items:
        if isinstance(item, ListOf):
            rows = _there(row.pairs, item.name, row)
            if len(rows) > MOST_ITEMS:
                yield f"{before}{item.name}"
            for at, one in enumerate(rows, 1):
                yield from _too_long(item.fields, one, f"{before}{item.name}.{at}.")


def _there(pairs: Pairs, name: str, row: FormRow) -> list[FormRow]:
    return [one for one in rows_of(pairs, name, row) if not one.is_gone]


def _refuse(file: str, problems: list[tuple[str, str]]) -> None:
    if problems:
        raise BundleRefused([BundleProblem(file, 0, key, words) for key, words in problems])
