"""Texts that must not be longer than the reader of a feed takes."""

ELLIPSIS = "…"


def cut_to_characters(text: str, limit: int) -> str:
    """Return a text on one line of `limit` characters at most, cut with an ellipsis."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + ELLIPSIS


def cut_to_bytes(text: str, limit: int) -> str:
    """Return a text of `limit` bytes of UTF-8 at most, cut with an ellipsis."""
    kept = text.encode("utf-8", "ignore")
    if len(kept) <= limit:
        return text
    room = limit - len(ELLIPSIS.encode())
    return kept[:room].decode("utf-8", "ignore").rstrip() + ELLIPSIS
