"""The pages on which the show is changed: a form as it stands, as it was typed, after a clash."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from flask import Response, make_response, url_for

from webapp.moderation.diffing import Change, diff
from webapp.moderation.question_page import STALE, desk_page
from webapp.storage import read
from webapp.studio.keeping import Keeping, open_form
from webapp.studio.rows import FormRow, Pairs, read_rows
from webapp.studio.show.changing import typed_pairs
from webapp.studio.show.compiling import Problems
from webapp.studio.show.fields import Item, ListOf, Sheet
from webapp.studio.show.filling import clashing, fingerprints, merge, read_seen, write_seen
from webapp.studio.show.forms import ShowForm, typed
from webapp.studio.show.inks import contrast_in_words, is_colour
from webapp.studio.show.queries import find_guid
from webapp.studio.show.services import Clash

_NUMBER = re.compile(r"-\d+")
COLOURS = "{number}-{field}-{ink}"  # of a season, in the address of a stylesheet


@dataclass(frozen=True, slots=True)
class Clashing:
    """A field that others changed as well: what stands now, and how that became what was typed."""

    item: Item
    now: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A form as it is to be shown: whose it is, what is in its fields, and which has the focus.

    It is at the address of `keeping`, which keeps what is typed into it.

    `more` is what its page shows beside it.
    """

    sheet: Sheet
    pairs: Pairs
    version: str
    keeping: Keeping
    title: str = ""
    focus: str = ""
    errors: Problems = field(default_factory=dict)
    clashes: tuple[Clashing, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)


def as_typed(stands: Opened) -> Opened:
    """Return a form with what somebody typed and did not save; as it stands if there is none."""
    keeping, kept = open_form(stands.keeping.place)
    fields, pairs = dict(kept), typed_pairs(stands.sheet, typed(kept))
    version, slug = fields.get("version", ""), fields.get("slug", "")
    changed = merge(stands.sheet, pairs, stands.pairs, read_seen(version)).mine
    if not kept or not (changed or slug != stands.more.get("slug", "")):
        return replace(stands, keeping=replace(keeping, typed_at=""))
    more = {**stands.more, "slug": slug} if "slug" in stands.more else stands.more
    return replace(stands, pairs=pairs, version=version, keeping=keeping, more=more)


def sheet_page(opened: Opened, form: ShowForm, *, status: int = 200) -> Response:
    """Return the page of a form."""
    errors = dict(opened.errors)
    if form.is_stale:
        errors[""] = (*errors.get("", ()), STALE)
    page = desk_page(
        "studio/show/sheet.html",
        opened=opened,
        sheet=opened.sheet,
        top=FormRow("", opened.pairs),
        lists={
            item.name: read_rows(opened.pairs, item.name)
            for item in opened.sheet.items
            if isinstance(item, ListOf)
        },
        errors=errors,
        wrong=_rows_around(errors),
        contrasts=_contrasts(opened.pairs),
        colours=colours_url(opened.pairs),
        form=form,
        guid=find_guid(read()),
        **opened.more,
    )
    return make_response(page, status)


def clashing_of(
    sheet: Sheet, names: Iterable[str], *, now: Pairs, typed: Pairs
) -> tuple[Clashing, ...]:
    """Return how fields of these names stand now, and how that became what was typed."""
    return tuple(
        Clashing(item, stands, diff(stands, mine))
        for item, stands, mine in clashing(sheet, names, now, typed)
        if stands != mine
    )


def after_clash(opened: Opened, clash: Clash) -> Opened:
    """Return a form after a clash, with everything typed still in it, and what stands now.

    Sent once more, it is saved: whoever sends it has seen what stands now.
    """
    return replace(
        opened,
        pairs=clash.merged.pairs,
        version=version_of(opened.sheet, clash.now),
        clashes=clashing_of(
            opened.sheet, clash.merged.clashes, now=clash.now, typed=clash.merged.pairs
        ),
    )


def colours_url(pairs: Pairs) -> str:
    """Return the address of a stylesheet with the seasons' colours as they were typed, or ""."""
    seasons = [
        COLOURS.format(
            number=row.get("number").strip(), field=row.get("field")[1:], ink=row.get("ink")[1:]
        )
        for row in read_rows(pairs, "seasons")
        if is_colour(row.get("field")) and is_colour(row.get("ink")) and not row.is_gone
    ]
    if not seasons:
        return ""
    return f"{url_for('desk.show.colours')}?{urlencode([('season', each) for each in seasons])}"


def version_of(sheet: Sheet, pairs: Pairs) -> str:
    """Return the version of a form as it stands."""
    return write_seen(fingerprints(sheet, pairs))


def seen_in(form: ShowForm) -> Mapping[str, str]:
    """Return what a form's fields were when it was opened."""
    return read_seen(form.version.data or "")


def _rows_around(errors: Problems) -> frozenset[str]:
    """Return the places of all rows in which something is wrong."""
    return frozenset(
        place[: number.end()] for place in errors for number in _NUMBER.finditer(place)
    )


def _contrasts(pairs: Pairs) -> Mapping[str, str]:
    """Return how well the ink of each season can be read, by its row."""
    rows = read_rows(pairs, "seasons")
    return {row.place: contrast_in_words(row.get("field"), row.get("ink")) for row in rows}
