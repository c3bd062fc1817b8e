"""The children of an element, and which of them were asked for: the others have no place here."""

from collections import Counter
from xml.etree import ElementTree as ET


class Tags:
    """What stands in a channel or an item, by name. What is asked for counts as mapped."""

    def __init__(self, element: ET.Element) -> None:
        self._found: dict[str, list[ET.Element]] = {}
        self._asked: set[str] = set()
        for child in element:
            self._found.setdefault(child.tag, []).append(child)

    def all(self, *names: str) -> list[ET.Element]:
        """Return the elements of these names, those of the first name first."""
        self._asked.update(names)
        return [element for name in names for element in self._found.get(name, ())]

    def text(self, *names: str) -> str:
        """Return the first text that says something, or an empty one."""
        texts = [text_of(element) for element in self.all(*names)]
        return next(filter(None, texts), "")

    def texts(self, *names: str) -> tuple[str, ...]:
        """Return all texts that say something, each once, in their order."""
        return tuple(dict.fromkeys(filter(None, map(text_of, self.all(*names)))))

    def attribute(self, attribute: str, *names: str) -> str:
        """Return the first such attribute that says something, or an empty text."""
        values = [element.get(attribute, "").strip() for element in self.all(*names)]
        return next(filter(None, values), "")

    def first(self, name: str) -> ET.Element | None:
        """Return the first element of a name."""
        return next(iter(self.all(name)), None)

    def left(self) -> Counter[str]:
        """Return what was not asked for, by name, with how often it stands there."""
        return Counter(
            {name: len(found) for name, found in self._found.items() if name not in self._asked}
        )


def text_of(element: ET.Element) -> str:
    """Return all text in an element, without the spaces around it."""
    return "".join(element.itertext()).strip()


def line_of(text: str) -> str:
    """Return a text on one line."""
    return " ".join(text.split())
