"""The feeds, and what other programs ask of the site."""

from collections.abc import Callable

from flask import Blueprint, Response, jsonify, request
from PIL import Image

from webapp import clock
from webapp.episodes.masthead import masthead
from webapp.episodes.pages import MediumLine
from webapp.episodes.queries import get_published
from webapp.episodes.views import canonical
from webapp.exceptions import NotFound
from webapp.feeds import (
    addresses,
    atom,
    json_feed,
    notices,
    oembed,
    places,
    podcast,
    queries,
    sitemap,
)
from webapp.feeds.addresses import Addresses
from webapp.feeds.channel import Channel, Feed
from webapp.feeds.taxonomy import is_host
from webapp.storage import current_settings, read
from webapp.web.errors import error_page
from webapp.web.headers import open_to_others
from webapp.web.sharing import shared

KEPT_SECONDS = 300  # a new episode may be this late in an app

OPEN = {"feeds.podcast_feed", "feeds.atom_feed", "feeds.json_feed", "feeds.embedding"}

bp = Blueprint("feeds", __name__)


@bp.after_request
def open_feeds(response: Response) -> Response:
    """Let pages of other sites read feeds and errors in them: readers on the web fetch them so."""
    return open_to_others(response) if request.endpoint in OPEN else response


@bp.get(addresses.PODCAST)
@shared("before")
def podcast_feed() -> Response:
    """Answer the podcast feed, for podcast apps and directories."""
    return _feed(addresses.PODCAST, podcast.write, podcast.CONTENT_TYPE, enclosed=True)


@bp.get(addresses.ATOM)
@shared("before")
def atom_feed() -> Response:
    """Answer the feed of all episodes, for feed readers."""
    return _feed(addresses.ATOM, atom.write, atom.CONTENT_TYPE)


@bp.get(addresses.JSON, endpoint="json_feed")
@shared("before")
def json_view() -> Response:
    """Answer the feed of all episodes as JSON."""
    return _feed(addresses.JSON, json_feed.write, json_feed.CONTENT_TYPE)


@bp.get("/sitemap.xml")
@shared()
def site_map() -> Response:
    """Answer which pages there are, or which sitemaps, where one has no room for all."""
    everything = places.list_all(read(), _site(), _named())
    if everything is not None:
        body = sitemap.write(everything)
    else:
        names = places.list_parts(read())
        body = sitemap.write_index(canonical("feeds.site_map_part", name=name) for name in names)
    return _kept(Response(body, content_type=sitemap.CONTENT_TYPE))


@bp.get("/sitemaps/<name>")
@shared()
def site_map_part(name: str) -> Response:
    """Answer a part of the pages. 404 for one without any."""
    body = sitemap.write(places.list_part(read(), _site(), _named(), name))
    return _kept(Response(body, content_type=sitemap.CONTENT_TYPE))


@bp.get("/robots.txt")
@shared()
def robots() -> Response:
    """Answer where crawlers have no business."""
    text = notices.robots(canonical("feeds.site_map"))
    return _kept(Response(text, content_type=notices.CONTENT_TYPE))


@bp.get("/.well-known/security.txt")
@shared()
def security() -> Response:
    """Answer whom to tell of a hole. 404 before the show has an address."""
    show = masthead()
    if not show.email:
        raise NotFound
    text = notices.security(
        email=show.email,
        address=canonical("feeds.security"),
        language=show.language,
        today=clock.today(),
    )
    return _kept(Response(text, content_type=notices.CONTENT_TYPE))


@bp.get("/oembed")
@shared("url", "format", "maxwidth", "maxheight")
def embedding() -> Response:
    """Answer how another site can show an episode. 404 for what is not published here.

    400 without `url`, 501 for a `format` other than `json` and `xml` (oEmbed, 2.3.4).
    """
    address, form = request.args.get("url", ""), request.args.get("format", "json")
    if not address:
        return error_page(400, ("Which episode?", "Put an episode’s address behind ?url=."))
    if form not in {"json", "xml"}:
        return error_page(501)
    slug = oembed.find_slug(address, current_settings().origins)
    if slug is None:
        raise NotFound
    room = oembed.Room(_pixels("maxwidth"), _pixels("maxheight"))
    answer = oembed.describe(_card(slug), room)
    if form == "json":
        return _kept(jsonify(answer))
    return _kept(Response(oembed.to_xml(answer), content_type="text/xml; charset=utf-8"))


def _feed(
    path: str, write: Callable[[Feed], bytes], content_type: str, *, enclosed: bool = False
) -> Response:
    channel = _channel()
    page = queries.list_entries(read(), before=request.args.get("before", ""), enclosed=enclosed)
    hub = current_settings().websub_hub or ""
    feed = Feed(channel, page.entries, _site(), path, page.before, page.next, hub)
    response = _kept(Response(write(feed), content_type=content_type))
    if channel.changed_at is not None:
        response.last_modified = channel.changed_at
    if hub:  # WebSub, 4, "Discovery"
        for relation in ("hub", "self"):
            response.headers.add("Link", f'<{feed.links()[relation]}>; rel="{relation}"')
    return response


def _site() -> Addresses:
    settings = current_settings()
    return Addresses(settings.site_url.rstrip("/"), settings.media_address)


def _channel() -> Channel:
    return queries.get_channel(read(), address=_site().feed(addresses.PODCAST))


def _named() -> list[str]:
    return [canonical(f"episodes.{name}") for name in places.NAMED]


def _card(slug: str) -> oembed.Card:
    """Return what is told of an episode. Raises NotFound."""
    episode, site = get_published(read(), slug), _site()
    show = masthead().name
    hosts = [line.name for line in episode.contributors if is_host(line.role)]
    return oembed.Card(
        title=episode.card.title,
        author=", ".join(hosts) or show,
        show=show,
        home=site.home,
        frame=site.beside(slug, "embed"),
        thumbnail=_thumbnail(slug, episode.share) if episode.share else None,
    )


def _thumbnail(slug: str, picture: MediumLine) -> oembed.Picture | None:
    """Return a picture with its size, which only the file knows; None if that is away."""
    try:
        with Image.open(current_settings().media_file(picture.sha256)) as opened:
            return oembed.Picture(_site().card(slug, picture), *opened.size)
    except OSError:
        return None


def _pixels(name: str) -> int:
    """Return a number of pixels in the address, or 0 for none that could be one."""
    pixels = request.args.get(name, 0, type=int)
    return max(0, pixels)


def _kept(response: Response) -> Response:
    """Let everybody keep an answer for a while."""
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return response
