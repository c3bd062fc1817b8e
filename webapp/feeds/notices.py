"""Plain texts for programs that come by: robots.txt (RFC 9309) and security.txt (RFC 9116)."""

from datetime import date
from urllib.parse import quote

CONTENT_TYPE = "text/plain; charset=utf-8"
# What belongs to one person alone, and the way out of the site. `/ask` itself may be found.
CLOSED = ("/desk", "/ask/", "/my-question", "/preview/", "/leave")
VALID_MONTHS = 11  # RFC 9116, 2.5.5: less than a year


def robots(sitemap: str) -> str:
    """Return robots.txt. `sitemap` is the absolute address of the sitemap."""
    closed = "".join(f"Disallow: {path}\n" for path in CLOSED)
    return f"User-agent: *\n{closed}Allow: /\n\nSitemap: {sitemap}\n"


def security(*, email: str, address: str, language: str, today: date) -> str:
    """Return security.txt, that is at `address`.

    It expires on the first of the eleventh month from now: always ten months ahead or more, and
    the same text all month, so that it can be kept.
    """
    years, month = divmod(today.month - 1 + VALID_MONTHS, 12)
    return (
        f"Contact: mailto:{quote(email, safe='@')}\n"
        f"Expires: {today.year + years:04}-{month + 1:02}-01T00:00:00Z\n"
        f"Preferred-Languages: {language}\n"
        f"Canonical: {address}\n"
    )
