"""Markdown in, finished page out. Pure: no web, no database, no clock."""

from webapp.writing.expansion import Expansion, Part, render_expansion, render_text
from webapp.writing.limits import WritingRefused, WritingTooDeep, WritingTooLong

__all__ = [
    "Expansion",
    "Part",
    "WritingRefused",
    "WritingTooDeep",
    "WritingTooLong",
    "render_expansion",
    "render_text",
]
