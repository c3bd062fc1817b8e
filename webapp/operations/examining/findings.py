"""What an examination finds, as sentences."""

from dataclasses import dataclass

from webapp.web.wording import plural


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, and what to do about it; or advice, which is about nothing wrong.

    `words` name files, settings and numbers, and never a text, an address or a setting's value.
    """

    words: str
    is_advice: bool = False


def counted(count: int, thing: str) -> str:
    """Return a number of things in words, such as “2,500 questions”."""
    return plural(count, thing, f"{thing}s")
