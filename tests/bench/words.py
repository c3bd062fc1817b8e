"""Letters of real words, as often as they are used."""

import random
import re

from webapp.settings import package_folder


class Letters:
    """Letters of so many words each, every one another, and the same ones in each run."""

    def __init__(self, words: int) -> None:
        texts = (
            path.read_text(encoding="utf-8")
            for path in sorted(package_folder("seeds").rglob("*.md"))
        )
        self._known = re.findall(r"[a-z]{2,}", " ".join(texts))
        self._random = random.Random(1)  # noqa: S311 - as said
        self._words = words

    def write(self) -> str:
        """Return a letter."""
        return " ".join(self._random.choices(self._known, k=self._words))
