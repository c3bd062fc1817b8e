"""What of an episode's text is done and what is missing: its answer, notes and resources. Pure."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from webapp import clock
from webapp.episodes.document import Document, Note
from webapp.studio.preflight.check import Check, check

CHECKED_DAYS = 365
NO_ANSWER = "There is no written answer yet: the page would have the question alone."
NO_SHORT = "There is no short answer: that is what most people read."
NO_ALT = "A picture has no words for those who cannot see it: ![like this](picture.jpg)."
NO_HEADING = "A column of a table has no heading: it is read out with every cell."
NO_NOTE = "It is for adults, and no content note says what is in it."
NOT_EXPLICIT = "A note says that something is for adults, and the episode is not marked so."
OLD = "Nobody has looked for a year at: {titles}."

TAG = r'<{0}\b(?:[^>"]|"[^"]*")*?'  # how one begins; what is quoted may hold a >

_PICTURE = re.compile(TAG.format("img") + ">")
_ALT = re.compile(r'\balt="[^"]*[^"\s][^"]*"')
_EMPTY_HEADING = re.compile(r"<th\b[^>]*>\s*</th>")


def check_writing(document: Document) -> Iterator[Check]:
    """Yield what is looked at in the written answer."""
    is_written = document.words > 0
    no_answer = "" if is_written else NO_ANSWER
    yield check("written", "A written answer", no_answer, field="f-parts", is_serious=True)
    if is_written:
        has_short = document.short_answer_html.strip()
        yield check("short", "A short answer", "" if has_short else NO_SHORT, field="f-short")
    html = written_html(document)
    yield from _check_pictures(html)
    yield from _check_tables(html)


def written_html(document: Document) -> Mapping[str, str]:
    """Return the written answer as HTML by the id of the field that it is written in."""
    parts = {f"part-{part.id}": part.html for part in document.parts}
    return {"f-short": document.short_answer_html, **parts, "f-parts": document.footnotes_html}


def _check_pictures(html: Mapping[str, str]) -> Iterator[Check]:
    pictures = {at: _PICTURE.findall(text) for at, text in html.items()}
    mute = [at for at, found in pictures.items() if not all(map(_ALT.search, found))]
    if any(pictures.values()):
        missing, field = NO_ALT if mute else "", mute[0] if mute else "f-parts"
        yield check("pictures", "Words for every picture", missing, field=field)


def _check_tables(html: Mapping[str, str]) -> Iterator[Check]:
    bare = [at for at, text in html.items() if _EMPTY_HEADING.search(text)]
    if any("<table" in text for text in html.values()):
        missing, field = NO_HEADING if bare else "", bare[0] if bare else "f-parts"
        yield check("tables", "Headings in its tables", missing, field=field)


def check_notes(document: Document, *, is_explicit: bool) -> Iterator[Check]:
    """Yield what is looked at in the content notes."""
    of_parts = (note for part in document.parts for note in part.notes)
    notes: tuple[Note, ...] = (*document.notes, *of_parts)
    if is_explicit:
        no_note = "" if notes else NO_NOTE
        yield check("notes", "Content notes", no_note, field="f-notes", is_serious=True)
    if any(note.is_adult for note in notes):
        unmarked = "" if is_explicit else NOT_EXPLICIT
        yield check("explicit", "Marked as for adults", unmarked, field="f-explicit")


def check_resources(document: Document) -> Iterator[Check]:
    """Yield whether somebody has looked at each resource within a year."""
    old = [each.title for each in document.resources if not _is_fresh(each.checked)]
    if document.resources:
        missing = OLD.format(titles=", ".join(old)) if old else ""
        yield check("resources", "Resources, looked at lately", missing, field="f-resources")


def _is_fresh(checked: date | None) -> bool:
    return checked is not None and checked >= clock.today() - timedelta(days=CHECKED_DAYS)
