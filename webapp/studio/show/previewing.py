"""The site as it would be with what was typed: nothing is saved, and nobody else sees it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from flask import Response, make_response, render_template

from webapp.episodes import archive, queries
from webapp.episodes.masthead import masthead
from webapp.episodes.pages import (
    EpisodeList,
    HelpCountryPage,
    PersonPage,
    SeasonLabel,
    ShowPage,
    TopicPage,
)
from webapp.episodes.problems import BundleRefused
from webapp.episodes.structured_data import describe
from webapp.episodes.views import RECENT, canonical
from webapp.exceptions import NotFound
from webapp.storage import current_settings, read
from webapp.studio.preview_page import unlisted
from webapp.studio.show import compiling
from webapp.studio.show.changing import change, read_values
from webapp.studio.show.fields import Sheet
from webapp.studio.show.filling import fill, merge
from webapp.studio.show.forms import ShowForm
from webapp.studio.show.listing import categories_of, channel_of, in_xml
from webapp.studio.show.pages import Opened, colours_url, seen_in, sheet_page
from webapp.studio.source import columns

NO_SHOW = "The show has no name yet. Save its words first."
NONE_OUT = "No episode is out yet, so there is none to look at."

Values = Mapping[str, Any]


def preview_page(opened: Opened, form: ShowForm, *, which: str, now: str) -> Response:
    """Return a page of the site made with what was typed; the form where that cannot be made.

    Raises NotFound for a page that the form has no preview of.
    """
    if which not in dict(opened.sheet.previews):
        raise NotFound
    typed = fill(opened.sheet, read_values(opened.sheet.file, now))
    merged = merge(opened.sheet, opened.pairs, typed, seen_in(form))
    try:
        text = change(opened.sheet, opened.sheet.file, now, merged.pairs, merged.mine)
        template, values = _PAGES[which](opened.sheet, text)
    except BundleRefused as refused:
        errors = compiling.problems_at(opened.sheet, opened.pairs, refused)
        return sheet_page(replace(opened, errors=errors), form, status=422)
    page = render_template(
        "studio/show/preview.html",
        public=template,
        opened=opened,
        which=which,
        form=form,
        colours=_colours(opened.sheet, text),
        canonical="",
        **values,
    )
    return unlisted(make_response(page))


def _show(sheet: Sheet, text: str) -> ShowPage:
    """Return the show with what was typed."""
    show = masthead()
    if sheet.file != "show.yaml":
        return show
    made = compiling.read_show(text)
    values, seasons = columns.of_show(made)
    known = {name: value for name, value in values.items() if name in ShowPage.__slots__}
    known |= {"sign_offs": made.sign_offs, "links": tuple(values["links"])}
    return replace(show, seasons=tuple(SeasonLabel(**each) for each in seasons), **known)


def _home(sheet: Sheet, text: str) -> tuple[str, Values]:
    show, cards = _show(sheet, text), archive.list_newest(read(), limit=RECENT + 1)
    return "episodes/home.html", {
        "show": show,
        "artwork_url": "",
        "newest": cards[0] if cards else None,
        "recent": cards[1:],
        "topics": _topics(sheet, text),
    }


def _topics(sheet: Sheet, text: str) -> tuple[TopicPage, ...]:
    """Return the topics that pages list, as they would be."""
    there = queries.list_topics(read())
    if sheet.file != "topics.yaml":
        return there
    counts = {topic.slug: topic.count for topic in there}
    return tuple(
        TopicPage(topic.slug, topic.name, topic.summary, counts[topic.slug])
        for topic in compiling.read_topics(text).topics
        if topic.slug in counts
    )


def _about(sheet: Sheet, text: str) -> tuple[str, Values]:
    return "episodes/about.html", {"show": _show(sheet, text)}


def _episode(sheet: Sheet, text: str) -> tuple[str, Values]:
    """Return the newest episode."""
    show, cards = _show(sheet, text), archive.list_newest(read(), limit=1)
    if not cards:
        return "studio/show/nothing_yet.html", {"show": show, "words": NONE_OUT}
    page = queries.get_published(read(), cards[0].slug)
    labels = {season.number: season for season in show.seasons}
    page = replace(page, season=labels.get(page.season.number, page.season))
    url = canonical("episodes.episode", slug=page.card.slug)
    return "episodes/episode.html", {
        "show": show,
        "episode": page,
        "share_url": "",
        "oembed_url": canonical("feeds.embedding", url=url, format="json"),
        "structured_data": describe(
            page, show, url=url, home=canonical("episodes.home"), picture=""
        ),
    }


def _help(_sheet: Sheet, text: str) -> tuple[str, Values]:
    made = columns.of_help(compiling.read_help(text))
    countries = tuple(
        HelpCountryPage(**(each | {"services": tuple(each["services"])})) for each in made
    )
    return "episodes/help_now.html", {"show": masthead(), "countries": countries}


def _person(sheet: Sheet, text: str) -> tuple[str, Values]:
    slug = sheet.file.removeprefix("people/").removesuffix(".md")
    values = columns.of_person(compiling.read_person(slug, text))
    person = PersonPage(**(values | {"slug": slug, "links": tuple(values["links"])}))
    nothing = EpisodeList((), "", "")
    return "episodes/person.html", {"show": masthead(), "person": person, "page": nothing}


def _listing(_sheet: Sheet, text: str) -> tuple[str, Values]:
    try:
        channel = channel_of(compiling.read_show(text), current_settings())
    except NotFound:
        return "studio/show/nothing_yet.html", {"show": masthead(), "words": NO_SHOW}
    return "studio/show/listing.html", {
        "show": masthead(),
        "channel": channel,
        "categories": categories_of(channel),
        "feed": in_xml(channel, current_settings()),
    }


_PAGES: Mapping[str, Callable[[Sheet, str], tuple[str, Values]]] = {
    "home": _home,
    "about": _about,
    "episode": _episode,
    "help": _help,
    "listing": _listing,
    "person": _person,
}


def _colours(sheet: Sheet, text: str) -> str:
    """Return the address of a stylesheet with the seasons' colours as they would be, or ""."""
    if sheet.file != "show.yaml":
        return ""
    return colours_url(
        tuple(
            (f"seasons-{at}-{name}", str(getattr(season, name)))
            for at, season in enumerate(compiling.read_show(text).seasons)
            for name in ("number", "field", "ink")
        )
    )
