"""The children of an element, and which of them were of use: the others have no place here."""

from collections import Counter
from collections.abc import Callable
from xml.etree import ElementTree as ET


class Tags:
    """What stands in a channel or an item, by name. What is asked for counts as mapped.

    Where several say the same thing the first is believed; one that says something else is lost.
    """

    def __init__(self, element: ET.Element) -> None:
        self._found: dict[str, list[ET.Element]] = {}
        self._asked: set[str] = set()
        self._lost: dict[tuple[ET.Element, str], None] = {}
        for child in element:
            self._found.setdefault(child.tag, []).append(child)

    def all(self, *names: str) -> list[ET.Element]:
        """Return the elements of these names, those of the first name first."""
        self._asked.update(names)
        return [element for name in names for element in self._found.get(name, ())]

    def text(self, *names: str, by: Callable[[str], object] | None = None) -> str:
        """Return the first text that says something, or an empty one.

        `by` is what texts are read by: those that come out alike say the same.
        """
        return self._first([(each, text_of(each)) for each in self.all(*names)], by or line_of)

    def texts(self, *names: str) -> tuple[str, ...]:
        """Return all texts that say something, each once, in their order."""
        return tuple(dict.fromkeys(filter(None, map(text_of, self.all(*names)))))

    def attribute(self, attribute: str, *names: str) -> str:
        """Return the first such attribute that says something, or an empty text."""
        said = [(each, each.get(attribute, "").strip()) for each in self.all(*names)]
        return self._first(said, str)

    def first(self, name: str) -> ET.Element | None:
        """Return the first element of a name."""
        elements = self.all(name)
        for element in elements[1:]:
            if (text_of(element), element.attrib) != (text_of(elements[0]), elements[0].attrib):
                self.lose(element)
        return next(iter(elements), None)

    def lose(self, element: ET.Element, detail: str = "") -> None:
        """Note that an element, or a detail of it (`@href`), has no place here after all."""
        self._lost[element, f"{element.tag}{detail}"] = None

    def left(self) -> Counter[str]:
        """Return what has no place here, by name, with how often it stands there."""
        unasked = self._found.keys() - self._asked
        left = Counter({name: len(self._found[name]) for name in unasked})
        left.update(name for _element, name in self._lost)
        return left

    def _first(self, said: list[tuple[ET.Element, str]], by: Callable[[str], object]) -> str:
        """Return the first text of all that is said; what says something else is lost."""
        said = [(element, text) for element, text in said if text]
        if not said:
            return ""
        (_element, first), *others = said
        for element, text in others:
            if text != first and (by(text) is None or by(text) != by(first)):
                self.lose(element)
        return first


def text_of(element: ET.Element) -> str:
    """Return all text in an element, without the spaces around it."""
    return "".join(element.itertext()).strip()


def line_of(text: str) -> str:
    """Return a text on one line."""
    return " ".join(text.split())
