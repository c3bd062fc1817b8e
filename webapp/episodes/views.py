"""The public pages of the show."""

import re
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from webapp.episodes import archive, queries
from webapp.episodes.pages import MediumLine, ShowPage
from webapp.exceptions import NotFound
from webapp.storage import AWAY, current_settings, read

RECENT = 6
LARGEST_SEASON = 10_000
YEAR_SECONDS = 365 * 24 * 60 * 60
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")

bp = Blueprint("episodes", __name__)

NO_SHOW = ShowPage(
    name="Postbag",
    tagline="",
    description="",
    language="en",
    timezone="UTC",
    email="",
    copyright="",
    about_html="",
    ask_lead="",
    ask_who_reads="",
    ask_when="",
    sign_offs=(),
    seasons=(),
    look="none",
)


def masthead() -> ShowPage:
    """Return the show, for the head of every page; a nameless one before there is any."""
    return queries.find_show(read()) or NO_SHOW


def masthead_at_hand() -> ShowPage:
    """Return the show, or the nameless one when the database is away."""
    try:
        read().rollback()
        return masthead()
    except AWAY:
        return NO_SHOW


def canonical(endpoint: str, **values: Any) -> str:
    """Return the one absolute address of a page."""
    return current_settings().site_url.rstrip("/") + url_for(endpoint, **values)


@bp.get("/")
def home() -> str:
    """Show the newest episode, recent ones, topics and the question box."""
    cards = archive.list_newest(read(), limit=RECENT + 1)
    return render_template(
        "episodes/home.html",
        show=masthead(),
        canonical=canonical("episodes.home"),
        newest=cards[0] if cards else None,
        recent=cards[1:],
        topics=queries.list_topics(read()),
    )


@bp.get("/episodes", endpoint="archive")
def archive_page() -> str:
    """Show a page of all episodes, or of a season or topic."""
    season = request.args.get("season", type=_season_number)
    slug = request.args.get("topic", "")
    topic = queries.get_topic(read(), slug) if slug else None
    before = request.args.get("before", "")
    return render_template(
        "episodes/archive.html",
        show=masthead(),
        canonical=canonical("episodes.archive", season=season, topic=slug or None),
        page=archive.list_episodes(read(), season=season, topic=slug or None, before=before),
        season=season,
        seasons=queries.list_seasons(read()),
        topic=topic,
        topics=queries.list_topics(read()),
    )


@bp.get("/episodes/<slug>")
def episode(slug: str) -> str:
    """Show an episode with its written answer."""
    return render_template(
        "episodes/episode.html",
        show=masthead(),
        canonical=canonical("episodes.episode", slug=slug),
        episode=queries.get_published(read(), slug),
    )


@bp.get("/episodes/<slug>/transcript.vtt")
def transcript_vtt(slug: str) -> Response:
    """Answer the captions, for the player and for apps."""
    transcript = queries.get_transcript(read(), slug)
    response = Response(transcript, content_type="text/vtt; charset=utf-8")
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@bp.get("/episodes/<slug>/poster.jpg")
def poster(slug: str) -> AnyResponse:
    """Answer an episode's poster."""
    return _send(queries.get_published_medium(read(), slug, role="poster"))


@bp.get("/episodes/<slug>/media/<file>")
def media(slug: str, file: str) -> AnyResponse:
    """Answer a video or sound file of a published episode, or a byte range of it."""
    return _send(queries.get_published_medium(read(), slug, file=file))


@bp.get("/topics/<slug>")
def topic(slug: str) -> str:
    """Show what a topic is, and its episodes."""
    return render_template(
        "episodes/topic.html",
        show=masthead(),
        canonical=canonical("episodes.topic", slug=slug),
        topic=queries.get_topic(read(), slug),
        page=archive.list_episodes(read(), topic=slug, before=request.args.get("before", "")),
    )


@bp.get("/people/<slug>")
def person(slug: str) -> str:
    """Show who a contributor is, and their episodes."""
    return render_template(
        "episodes/person.html",
        show=masthead(),
        canonical=canonical("episodes.person", slug=slug),
        person=queries.get_person(read(), slug),
        page=archive.list_episodes(read(), person=slug, before=request.args.get("before", "")),
    )


@bp.get("/about")
def about() -> str:
    """Show what the show is and who is behind it."""
    return render_template(
        "episodes/about.html", show=masthead(), canonical=canonical("episodes.about")
    )


@bp.get("/privacy")
def privacy() -> str:
    """Show what is kept, what never is, and for how long."""
    return render_template(
        "episodes/privacy.html", show=masthead(), canonical=canonical("episodes.privacy")
    )


@bp.get("/help")
def help_now() -> str:
    """Show where to get help now, the show's own country first."""
    return render_template(
        "episodes/help_now.html",
        show=masthead(),
        canonical=canonical("episodes.help_now"),
        countries=queries.list_help(read(), first=current_settings().help_country),
    )


@bp.get("/show.<look>.css")
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


def _season_number(value: str) -> int:
    """Return a number that a season can have. Raises ValueError."""
    if not 0 < int(value) < LARGEST_SEASON:
        raise ValueError
    return int(value)


def _send(medium: MediumLine) -> AnyResponse:
    """Answer a file by its content's hash: its ETag, and the name under which it lies."""
    path = current_settings().media_path / medium.sha256[:2] / medium.sha256
    if not path.exists():
        current_app.logger.error("A media file is missing from the instance: %s", medium.sha256)
        raise NotFound
    response = send_file(
        path,
        mimetype=medium.content_type,
        download_name=medium.file,
        etag=medium.sha256,
        conditional=True,
    )
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.headers["Accept-Ranges"] = "bytes"
    return response
