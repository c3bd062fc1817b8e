"""Text in XML 1.0: what may stand in it, and the few ways in which feeds put it there.

Text is escaped, not wrapped in CDATA: whatever it holds, `]]>` included, comes out as it went in.
"""

import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET

XML = "http://www.w3.org/XML/1998/namespace"

# What XML's own Char leaves out (https://www.w3.org/TR/xml/#charsets), and of what it discourages
# there the C1 controls and U+FDD0 to U+FDEF. Planes above the first would make this ten times as
# slow, and XML allows all that they hold.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def clean(text: str) -> str:
    """Return a text without what no XML may hold, its lines ended by a newline alone."""
    if "\r" in text:  # a parser would make a newline of it anyway (XML 1.0, 2.11)
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _FORBIDDEN.sub("", text)


def without_surrogates(text: str) -> str:
    """Return a text that can be UTF-8: without halves of characters."""
    return text.encode("utf-8", "ignore").decode()


def add(
    parent: ET.Element, tag: str, text: str = "", attributes: Mapping[str, str] | None = None
) -> ET.Element:
    """Add an element with its text and attributes, and return it."""
    element = ET.SubElement(parent, tag, dict(attributes or {}))
    if text:
        element.text = text
    return element


def serialize(root: ET.Element) -> bytes:
    """Return a document in UTF-8, its declaration first, without what no XML may hold."""
    declaration = '<?xml version="1.0" encoding="utf-8"?>\n'
    return (declaration + clean(ET.tostring(root, encoding="unicode"))).encode()
