"""The last step before a page: HTML in which only what is listed here remains."""

import nh3

from webapp.writing.links import NO_REFERRER, SCHEMES

_TAGS = {
    *("a", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "h2", "h3", "h4"),
    *("h5", "h6", "hr", "i", "img", "input", "label", "li", "ol", "p", "pre", "s", "strong", "sup"),
    *("table", "tbody", "td", "th", "thead", "tr", "ul"),
}
_ATTRIBUTES = {
    "a": {"href", "title", "id"},
    "div": {"aria-label"},
    "h3": {"id"},
    "h4": {"id"},
    "h5": {"id"},
    "h6": {"id"},
    "img": {"src", "alt", "title"},
    "input": {"checked", "id"},
    "li": {"id"},
    "ol": {"start"},
}
_ATTRIBUTE_VALUES = {
    "a": {"rel": {NO_REFERRER}, "role": {"doc-noteref", "doc-backlink"}},
    "div": {"tabindex": {"0"}, "role": {"region"}},
    "img": {"loading": {"lazy"}},
    "input": {"type": {"checkbox"}},
    "th": {"scope": {"col"}},
}
_CLASSES = {
    "a": {"footnote-backref"},
    "div": {"table-scroll"},
    "ol": {"checklist", "footnotes"},
    "sup": {"footnote-ref"},
    "ul": {"checklist"},
}


def make_safe(html: str, *, prefix: str) -> str:
    """Return HTML with only our tags, attributes, classes, schemes, and ids behind the prefix.

    With an empty prefix there are no ids. The parser writes no other; this holds even if it, a
    plugin or a rule of ours errs.
    """

    def only_our_ids(_tag: str, attribute: str, value: str) -> str | None:
        is_ours = prefix != "" and value.startswith(f"{prefix}.")
        return value if attribute != "id" or is_ours else None

    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=only_our_ids,
        tag_attribute_values=_ATTRIBUTE_VALUES,
        allowed_classes=_CLASSES,
        url_schemes=set(SCHEMES),
        link_rel=None,
    )
