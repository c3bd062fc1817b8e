"""The digests as a feed for a member of staff's own feed reader (RFC 4287), by HTTP Basic.

Feed readers cannot sign in as people do. Address and password are those of the feed alone, in a
header: none is in an address, where it would be kept by whatever sees it pass. In front of the
desk's guard, since it asks by itself: it opens no session and sets no cookie.
"""

from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from flask import Blueprint, Response, request, url_for

from webapp.episodes.masthead import masthead
from webapp.feeds.atom import ATOM, BEFORE_ANY, CONTENT_TYPE
from webapp.feeds.moments import as_rfc_3339
from webapp.feeds.xml_text import XML, add, serialize
from webapp.moderation import choices, digests
from webapp.staff import throttle
from webapp.storage import current_settings, read
from webapp.web.errors import error_page
from webapp.web.wording import sentence

CHALLENGE = 'Basic realm="The desk\'s notifications", charset="UTF-8"'
ASKS = (
    "That takes a password of its own",
    "A feed reader comes in with your account’s address and the password that Notifications gives.",
)
TOO_OFTEN = "That was wrong too often"

bp = Blueprint("private_feed", __name__, url_prefix="/desk")


@bp.get("/notifications.atom")
def notifications() -> Response:
    """Show the last digests to a feed reader that has the password of a feed.

    That is too long to be guessed, so that whoever has it is never kept out by those who try.
    """
    email, token = _given()
    if token and choices.is_reader(read(), email=email, token=token):
        return Response(_write(), content_type=CONTENT_TYPE)
    who = throttle.account_at_door(email, "feed")  # apart from sign-ins, which it must not slow
    if wait := throttle.wait_at_door(who):
        words = (TOO_OFTEN, throttle.in_words(wait))
        return throttle.slowed(error_page(429, words), wait)
    if token:
        throttle.count_failure(who)
    refused = error_page(401, ASKS)
    refused.headers["WWW-Authenticate"] = CHALLENGE
    return refused


def _given() -> tuple[str, str]:
    """Return the address and password that came along, or nothing."""
    given = request.authorization
    if given is None or given.type != "basic":
        return "", ""
    email, token = given.username or "", given.password or ""
    return (email, token) if email.isprintable() else ("", "")


def _write() -> bytes:
    show, settings = masthead(), current_settings()
    told = digests.list_digests(read())
    path = url_for(".notifications")
    desk = settings.desk_address + url_for("desk.moderation.questions")
    named = settings.site_url.rstrip("/") + path  # it stays the same feed when the desk moves
    root = ET.Element("feed", {"xmlns": ATOM, f"{{{XML}}}lang": "en-GB"})
    add(root, "id", uuid5(NAMESPACE_URL, named).urn)
    add(root, "title", f"{show.name}: what waits at the desk")
    add(root, "updated", as_rfc_3339(told[0].at if told else BEFORE_ANY))
    add(root, "link", attributes={"rel": "self", "href": settings.desk_address + path})
    add(root, "link", attributes={"rel": "alternate", "type": "text/html", "href": desk})
    add(add(root, "author"), "name", show.name)
    for digest in told:
        entry = ET.SubElement(root, "entry")
        words = sentence(digests.in_words(digest.waiting))
        add(entry, "id", digest.id.urn)
        add(entry, "title", words)
        add(entry, "updated", as_rfc_3339(digest.at))
        add(entry, "published", as_rfc_3339(digest.at))
        add(entry, "link", attributes={"rel": "alternate", "type": "text/html", "href": desk})
        add(entry, "content", f"{words}.", {"type": "text"})
    return serialize(root)
