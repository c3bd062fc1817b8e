"""What an examination finds, as sentences."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, and what to do about it; or advice, which is about nothing wrong.

    `words` name files, settings and numbers, and never a text, an address or a setting's value.
    """

    words: str
    is_advice: bool = False


def counted(count: int, thing: str) -> str:
    """Return a number of things in words, such as “2,500 questions”."""
    return f"1 {thing}" if count == 1 else f"{count:,} {thing}s"
