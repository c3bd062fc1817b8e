"""What was said as plain text, for people and for programs that know no captions."""

from collections.abc import Iterable

from webapp.transcripts.cues import Paragraph
from webapp.transcripts.lines import one_line
from webapp.web.wording import clock


def write_text(paragraphs: Iterable[Paragraph]) -> str:
    """Return a line for each paragraph, such as "[1:24] Dot: Hang on.", and empty ones between.

    Lines are not wrapped, and each ends with a line feed; no paragraphs make no text.
    """
    return "\n".join(f"{_line(paragraph)}\n" for paragraph in paragraphs)


def _line(paragraph: Paragraph) -> str:
    voice = one_line(paragraph.voice)
    name = f"{voice}: " if voice else ""
    return f"[{clock(paragraph.start)}] {name}{one_line(paragraph.text)}"
