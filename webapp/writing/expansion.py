"""The written answer: a short answer, then numbered parts, made from one Markdown text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from markdown_it.token import Token

from webapp.writing.anchors import check_prefix, lead_links, part_ids
from webapp.writing.headings import lower_headings
from webapp.writing.limits import check_length
from webapp.writing.markdown import EXPANSION, SHORT_TEXT, parse, render
from webapp.writing.plain import count_words, plain_text, reading_minutes


@dataclass(frozen=True, slots=True)
class Part:
    """A numbered part, `part-<id>` on a page. `html` and `text` (no marks) lack the title."""

    id: str
    number: int
    title: str
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class Expansion:
    """A finished written answer; all HTML in it is safe to print as it is.

    `footnotes_html` is one ordered list, or empty. `words` counts what is read in order: the short
    answer, titles and parts, but no footnotes. `pictures` are the sources of all pictures as they
    were written, each once.
    """

    short_answer_html: str
    parts: tuple[Part, ...]
    footnotes_html: str
    words: int
    reading_minutes: int
    pictures: tuple[str, ...]


def render_expansion(
    text: str,
    *,
    prefix: str,
    pictures: bool = True,
    beside: Mapping[str, str] = MappingProxyType({}),
) -> Expansion:
    """Return the expansion that a Markdown text describes.

    What stands before the first `##` is the short answer; each `##` opens a part, whose id is the
    one given behind it or a slug of its title. Ids within the HTML begin with `prefix`, so that
    two episodes can share a page. Without `pictures`, each of them is a link to it that does not
    say what is on it. `beside` has the addresses of pictures that lie beside the text, by their
    file names. Raises WritingTooLong and WritingTooDeep, and ValueError for a prefix that
    cannot begin an id.
    Source: docs/bundle.md, "The written answer".
    """
    check_prefix(prefix)
    check_length(text)
    env: dict[str, Any] = {"prefix": prefix, "pictures": pictures, "beside": beside, "sources": {}}
    tokens = parse(EXPANSION, text, env)
    body, notes = _split_notes(tokens)
    short, sections = _split_parts(body)
    ids = part_ids(sections)
    lead_links(tokens, set(ids), prefix)
    for piece in (short, notes, *(section[3:] for section in sections)):
        lower_headings(piece, highest=3)
    parts = tuple(_parts(sections, ids, prefix))
    read = [plain_text(short), *(f"{part.title}\n{part.text}" for part in parts)]
    words = count_words("\n".join(read))
    return Expansion(
        short_answer_html=render(EXPANSION, short, prefix=prefix),
        parts=parts,
        footnotes_html=render(EXPANSION, notes, prefix=prefix),
        words=words,
        reading_minutes=reading_minutes(words),
        pictures=tuple(env["sources"]),
    )


def render_text(text: str) -> str:
    """Return a short Markdown text, such as a biography, as safe HTML with headings from h2 on.

    Raises WritingTooLong and WritingTooDeep.
    """
    check_length(text)
    tokens = parse(SHORT_TEXT, text, {})
    lower_headings(tokens, highest=2)
    return render(SHORT_TEXT, tokens, prefix="")


def _split_notes(tokens: list[Token]) -> tuple[list[Token], list[Token]]:
    """Return the text and the footnotes, which the parser has gathered behind it."""
    for index, token in enumerate(tokens):
        if token.type == "footnote_block_open":
            return tokens[:index], tokens[index:]
    return tokens, []


def _split_parts(tokens: list[Token]) -> tuple[list[Token], list[list[Token]]]:
    """Return the short answer, and the parts with their headings; a `##` in a list is no part."""
    short: list[Token] = []
    sections: list[list[Token]] = []
    for token in tokens:
        if token.type == "heading_open" and token.tag == "h2" and token.level == 0:
            token.meta["is_part"] = True
            sections.append([])
        (sections[-1] if sections else short).append(token)
    return short, sections


def _parts(sections: list[list[Token]], ids: list[str], prefix: str) -> Iterator[Part]:
    for number, (section, part_id) in enumerate(zip(sections, ids, strict=True), start=1):
        yield Part(
            id=part_id,
            number=number,
            title=plain_text(section[:3]),
            html=render(EXPANSION, section[3:], prefix=prefix),
            text=plain_text(section[3:]),
        )
