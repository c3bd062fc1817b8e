"""Markdown in, finished page out. Pure: no web, no database, no clock."""

from webapp.writing.descriptions import description_html
from webapp.writing.expansion import Expansion, Part, render_expansion, render_text
from webapp.writing.feeds_html import for_feeds
from webapp.writing.limits import WritingRefused, WritingTooDeep, WritingTooLong
from webapp.writing.links import file_names

__all__ = [
    "Expansion",
    "Part",
    "WritingRefused",
    "WritingTooDeep",
    "WritingTooLong",
    "description_html",
    "file_names",
    "for_feeds",
    "render_expansion",
    "render_text",
]
