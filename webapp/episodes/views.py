"""The public pages of the show."""

import re
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp.episodes import archive, queries
from webapp.episodes.episode_page import EpisodePage
from webapp.episodes.finished import body_of, find_whole
from webapp.episodes.masthead import masthead
from webapp.episodes.pages import ShowPage
from webapp.episodes.searching import search
from webapp.episodes.structured_data import describe
from webapp.storage import current_settings, read
from webapp.web.headers import FRAMED_POLICY, no_store
from webapp.web.sharing import shared

RECENT = 6
LARGEST_SEASON = 10_000
YEAR_SECONDS = 365 * 24 * 60 * 60
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")

bp = Blueprint("episodes", __name__)


def canonical(endpoint: str, **values: Any) -> str:
    """Return the one absolute address of a page."""
    return current_settings().site_url.rstrip("/") + url_for(endpoint, **values)


@bp.get("/")
@shared()
def home() -> str:
    """Show the newest episode, recent ones, topics and the question box."""
    show, cards = masthead(), archive.list_newest(read(), limit=RECENT + 1)
    return render_template(
        "episodes/home.html",
        show=show,
        canonical=canonical("episodes.home"),
        artwork_url=_artwork_url(show),
        newest=cards[0] if cards else None,
        recent=cards[1:],
        topics=queries.list_topics(read()),
    )


@bp.get("/episodes", endpoint="archive")
@shared("season", "topic", "before")
def archive_page() -> str:
    """Show a page of all episodes, or of a season or topic."""
    season = request.args.get("season", type=_season_number)
    slug = request.args.get("topic", "")
    topic = queries.get_topic(read(), slug) if slug else None
    page = archive.list_episodes(read(), season=season, topic=slug or None, before=_before())
    show = masthead()
    return render_template(
        "episodes/archive.html",
        show=show,
        artwork_url=_artwork_url(show),
        canonical=canonical(
            "episodes.archive", season=season, topic=slug or None, before=page.key or None
        ),
        page=page,
        season=season,
        seasons=queries.list_seasons(read()),
        topic=topic,
        topics=queries.list_topics(read()),
    )


@bp.get("/episodes/<slug>")
@shared()
def episode(slug: str) -> str:
    """Show an episode with its written answer."""
    if finished := find_whole(read(), slug):
        return finished
    show, page = masthead(), queries.get_published(read(), slug)
    url = canonical("episodes.episode", slug=slug)
    share = page.share
    picture = canonical("files.card", slug=slug, version=share.version) if share else ""
    return render_template(
        "episodes/episode.html",
        show=show,
        canonical=url,
        episode=page,
        finished=body_of(page, show),
        share_url=picture,
        oembed_url=canonical("feeds.embedding", url=url, format="json"),
        structured_data=describe(
            page,
            show,
            url=url,
            home=canonical("episodes.home"),
            picture=picture,
            recording=_recording_url(page),
        ),
    )


@bp.get("/episodes/<slug>/embed")
@shared()
def embed(slug: str) -> Response:
    """Show the player alone, for other sites to put in a frame."""
    page = render_template(
        "episodes/embed.html",
        show=masthead(),
        canonical=canonical("episodes.episode", slug=slug),
        episode=queries.get_published(read(), slug),
    )
    response = Response(page)
    response.headers["Content-Security-Policy"] = FRAMED_POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.get("/search", endpoint="search")
def search_page() -> Response:
    """Show what published episodes say of some words. What somebody looks for is theirs alone."""
    results = search(read(), request.args.get("q", ""))
    page = render_template(
        "episodes/search.html",
        show=masthead(),
        canonical=canonical("episodes.search"),
        results=results,
        topics=() if results.episodes else queries.list_topics(read()),
    )
    return no_store(Response(page))


@bp.get("/topics/<slug>")
@shared("before")
def topic(slug: str) -> str:
    """Show what a topic is, and its episodes."""
    page = archive.list_episodes(read(), topic=slug, before=_before())
    return render_template(
        "episodes/topic.html",
        show=masthead(),
        canonical=canonical("episodes.topic", slug=slug, before=page.key or None),
        topic=queries.get_topic(read(), slug),
        page=page,
    )


@bp.get("/people/<slug>")
@shared("before")
def person(slug: str) -> str:
    """Show who a contributor is, and their episodes."""
    page = archive.list_episodes(read(), person=slug, before=_before())
    return render_template(
        "episodes/person.html",
        show=masthead(),
        canonical=canonical("episodes.person", slug=slug, before=page.key or None),
        person=queries.get_person(read(), slug),
        page=page,
    )


@bp.get("/about")
@shared()
def about() -> str:
    """Show what the show is and who is behind it."""
    return render_template(
        "episodes/about.html", show=masthead(), canonical=canonical("episodes.about")
    )


@bp.get("/privacy")
@shared()
def privacy() -> str:
    """Show what is kept, what never is, and for how long."""
    return render_template(
        "episodes/privacy.html", show=masthead(), canonical=canonical("episodes.privacy")
    )


@bp.get("/help")
@shared()
def help_now() -> str:
    """Show where to get help now, the show's own country first."""
    return render_template(
        "episodes/help_now.html",
        show=masthead(),
        canonical=canonical("episodes.help_now"),
        countries=queries.list_help(read(), first=current_settings().help_country),
    )


@bp.get("/show.<look>.css")
@shared()
def show_stylesheet(look: str) -> AnyResponse:
    """Answer the seasons' colours: a file of its own, since the policy allows no inline style."""
    show = masthead()
    if look != show.look:
        return redirect(url_for("episodes.show_stylesheet", look=show.look))
    rules = [
        f".season-{season.number}{{--field:{season.field};--ink:{season.ink}}}"
        for season in show.seasons
        if _COLOUR.fullmatch(season.field) and _COLOUR.fullmatch(season.ink)
    ]
    response = Response("\n".join(rules), content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    return response


def _before() -> str:
    """Return the key of the page that was asked for, or an empty text for the first."""
    return request.args.get("before", "")


def _season_number(value: str) -> int:
    """Return a number that a season can have. Raises ValueError."""
    if not 0 < int(value) < LARGEST_SEASON:
        raise ValueError
    return int(value)


def _recording_url(page: EpisodePage) -> str:
    """Return where what the player plays is served, or an empty text where that is here."""
    played = page.player
    return current_settings().media_address(played.sha256, played.file) if played else ""


def _artwork_url(show: ShowPage) -> str:
    """Return where the show's artwork is, absolute, or an empty text without any."""
    return canonical("files.artwork", name=show.artwork) if show.artwork else ""
