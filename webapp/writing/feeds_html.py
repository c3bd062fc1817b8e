"""Finished HTML made fit for feeds, whose readers know neither our page nor its style."""

import re
from urllib.parse import urlsplit

import nh3

from webapp.writing.links import NO_REFERRER, SCHEMES

OPEN_BOX, TICKED_BOX = "\u2610 ", "\u2611 "

_TAGS = {
    *("a", "b", "blockquote", "br", "code", "dd", "del", "dl", "dt", "em", "h2", "h3", "h4", "h5"),
    *("h6", "hr", "i", "img", "li", "ol", "p", "pre", "s", "strong", "sup", "table", "tbody", "td"),
    *("th", "thead", "tr", "ul"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
_ATTRIBUTE_VALUES = {"a": {"rel": {NO_REFERRER}}, "th": {"scope": {"col"}}}
_BOX = re.compile(r"<input\b([^<>]*)> ?", re.IGNORECASE)
_CHECKED = re.compile(r"\schecked\b", re.IGNORECASE)


def for_feeds(html: str, *, base: str) -> str:
    """Return our own finished HTML as feeds carry it; what was done once is not done again.

    Links and pictures are made absolute against `base`, the episode's absolute URL (`#part-two`
    leads to the page, `/help` to the site); boxes are the characters ☐ and ☑; there are no ids,
    classes, roles, labels and wrappers. Raises ValueError for a base that is not absolute.
    """
    address = urlsplit(base)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise ValueError(f"a base has to be an absolute address, unlike {base!r}")
    return nh3.clean(
        boxes_as_text(html),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        tag_attribute_values=_ATTRIBUTE_VALUES,
        url_schemes=set(SCHEMES),
        url_relative=("rewrite_with_base", base),
        link_rel=None,
    )


def boxes_as_text(html: str) -> str:
    """Return HTML with the characters ☐ and ☑ in place of checkboxes."""
    return _BOX.sub(lambda box: TICKED_BOX if _CHECKED.search(box[1]) else OPEN_BOX, html)
