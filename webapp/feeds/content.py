"""An episode in words: the few lines of its description, and the whole written answer."""

from collections.abc import Iterator
from html import escape

from webapp.episodes.document import Correction, Document, Part, Resource
from webapp.feeds.channel import MAX_DESCRIPTION
from webapp.feeds.entries import Entry
from webapp.feeds.xml_text import without_surrogates
from webapp.web.wording import country, day, paragraphs, sentence
from webapp.writing import description_html, for_feeds


def description(entry: Entry, page: str) -> str:
    """Return an episode's description: HTML of 4,000 bytes at most; notes on content come first.

    `page` is the absolute address of the episode's page.
    """
    html = whole_description(entry.document, entry.summary, page)
    return html if len(html.encode()) <= MAX_DESCRIPTION else description_html(html)


def whole_description(document: Document, summary: str, page: str) -> str:
    """Return the same as if there was room for any length of it."""
    return without_surrogates("".join([*_notes(document), *_summary(summary, page)]))


def content(entry: Entry, page: str) -> str:
    """Return the whole written answer as HTML that needs nothing of our page.

    What a note for adults closes is left to the page, where it stays closed until it is opened.
    """
    is_closed = entry.document.is_adult("text")
    rest = _summary(entry.summary, page) if is_closed else _written(entry, page)
    pieces = [*_notes(entry.document), *rest]
    return for_feeds(without_surrogates("".join(pieces)), base=page)


def _written(entry: Entry, page: str) -> Iterator[str]:
    document = entry.document
    if entry.question_text:
        yield f"<blockquote>{paragraphs(entry.question_text)}{_signed(entry)}</blockquote>"
    yield document.short_answer_html
    for part in document.parts:
        yield from _part(part, document.corrections_of(part.id))
    if document.footnotes_html and not document.are_footnotes_adult:
        yield f"<h2>Footnotes</h2>{document.footnotes_html}"
    general = document.corrections_of("")
    if general:
        yield f"<h2>Corrections</h2>{''.join(map(_correction, general))}"
    yield from _shelf(entry)
    yield f'<p><a href="{escape(page)}">This answer on its own page</a></p>'


def _part(part: Part, corrections: tuple[Correction, ...]) -> Iterator[str]:
    there = f'href="#part-{escape(part.id)}"'
    yield f"<h2><a {there}>{part.number}. {escape(part.title)}</a></h2>"
    for note in part.notes:
        yield _note("this part", note.text, is_adult=note.is_adult)
    if part.is_adult:
        yield f"<p><a {there}>Read this part on the show’s page</a></p>"
        return
    yield part.html
    yield from map(_correction, corrections)


def _notes(document: Document) -> Iterator[str]:
    """Yield what is said beforehand of the media, what is for adults first, and nothing twice."""
    said: dict[tuple[bool, str], list[str]] = {}
    for note in document.notes:
        if note.medium:
            said.setdefault((not note.is_adult, note.text), []).append(note.medium)
    for (is_mild, text), media in sorted(said.items(), key=lambda item: item[0][0]):
        yield _note(" and ".join(media), text, is_adult=not is_mild)


def _note(what: str, text: str, *, is_adult: bool) -> str:
    return f"<p>{'For adults' if is_adult else 'Note'}, {what}: {escape(text)}</p>"


def _summary(summary: str, page: str) -> Iterator[str]:
    yield f"<p>{escape(summary)}</p>"
    yield f'<p><a href="{escape(page)}">The whole answer, written out</a></p>'


def _signed(entry: Entry) -> str:
    return f"<p>{escape(entry.question_sign_off)}</p>" if entry.question_sign_off else ""


def _shelf(entry: Entry) -> Iterator[str]:
    resources = entry.document.resources
    if resources:
        yield f"<h2>To read, ring and visit</h2><ul>{''.join(map(_resource, resources))}</ul>"


def _resource(resource: Resource) -> str:
    title = escape(resource.title)
    if resource.url:
        title = f'<a href="{escape(resource.url)}">{title}</a>'
    facts = [resource.by, country(resource.country), resource.cost]
    if resource.checked:
        facts.append(f"checked on {day(resource.checked)}")
    said = ", ".join([title, *(escape(fact) for fact in facts if fact)])
    return f"<li>{escape(sentence(resource.kind))}: {said}</li>"


def _correction(correction: Correction) -> str:
    return f"<p>Corrected on {day(correction.date)}: {escape(correction.text)}</p>"
