"""An episode's `index.md` as the studio writes it. Pure: no database, no clock.

Source of the format: docs/bundle.md. What is not changed keeps its bytes.
"""

import re
from datetime import datetime
from typing import Any

from webapp.episodes.front_matter import FrontMatter, read, split
from webapp.episodes.problems import BundleRefused
from webapp.episodes.question_block import dump, load, replace_head

_LINE = r"^{key}[ \t]*:.*$"


def compose(front: dict[str, Any], body: str) -> str:
    """Return an `index.md` with this front matter, in this order, and this text behind it."""
    return f"---\n{dump(front)}---\n\n{body}"


def dated(source: str, moment: datetime | None) -> str:
    """Return an `index.md` that is out from a moment on, or that is a draft and keeps its date."""
    if _says(source, moment):
        return source
    values = {"draft": "false" if moment else "true"}
    if moment is not None:
        values["date"] = moment.isoformat(timespec="seconds")
    head, body = split(source)
    edited = head
    for key, value in values.items():
        edited = _set_line(edited, key, value)
    result = replace_head(source, edited)
    if _says(result, moment):
        return result
    loaded = load(head)  # written in a way that has no line of its own for each key
    loaded.update(draft=moment is None, **({"date": values["date"]} if moment else {}))
    return f"---\n{dump(loaded)}---\n{body}"


def _set_line(head: str, key: str, value: str) -> str:
    newline = "\r\n" if "\r\n" in head else "\n"
    line = f"{key}: {value}"
    changed, count = re.subn(_LINE.format(key=key), line, head, count=1, flags=re.MULTILINE)
    if count:
        return changed
    return f"{head}{line}{newline}"


def _says(source: str, moment: datetime | None) -> bool:
    """Return whether a file can be read and says what it should."""
    try:
        front: FrontMatter = read(source, file="index.md")
    except BundleRefused:
        return False
    return front.draft is (moment is None) and (moment is None or front.date == moment)
