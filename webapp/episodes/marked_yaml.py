"""YAML read as a person wrote it: every value remembers its line, and none changes its meaning.

Scalars stay the text that stands in the file, and the key decides what the text must be. So `no`
is a word and `12:30` no number, in whatever version of YAML (1.2 here, by ruamel.yaml), and what
is expected of a key can be said in one sentence. Repeated keys, anchors, tags and control
characters are mistakes.
"""

import re
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from webapp.episodes.problems import BundleProblem, BundleRefused

Path = tuple[str | int, ...]

MAX_CHARACTERS = 300_000

_UNKEEPABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_OWN_TAGS = "tag:yaml.org,2002:"
_NULL = f"{_OWN_TAGS}null"
_READABLE = {
    "mapping values are not allowed here": "a text with a colon in it in quotation marks, and each "
    'key on a line of its own, such as title: "Love: a guide"',
    "found character '\\t'": "spaces instead of tabs before a key",
    "found unexpected end of stream": "a closing quotation mark",
    "found duplicate anchor": "the value itself instead of an anchor (&)",
    "found undefined alias": "the value itself, or a text that begins with * in quotation marks",
    "but found another document": "one document, without --- in the middle",
    "found unknown escape": "two backslashes for each backslash within double quotation marks",
    "that cannot start any token": "a text that begins with @ ` or % in quotation marks",
    "expected <block end>": "keys exactly below each other, and a text with ' in it in double "
    "quotation marks",
    "expected ',' or ']'": "a closing bracket ] for the list",
    "expected ',' or '}'": "a closing bracket } behind the keys",
}
_UNREADABLE = "YAML that can be read: keys below each other, quotation marks and brackets in pairs"


@dataclass(slots=True)
class MarkedYaml:
    """What a file says: mappings, lists, texts and None; and the line (from 1) of each."""

    value: object
    lines: dict[Path, int] = field(default_factory=dict)

    def line_of(self, path: Path) -> int:
        """Return the line of a value, or of the nearest one around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def load(text: str, *, file: str, first_line: int = 1) -> MarkedYaml:
    """Return a YAML text as values with lines, of which the first is `first_line`.

    Raises BundleRefused with every mistake of the notation.
    """
    if len(text) > MAX_CHARACTERS:
        raise BundleRefused([_problem(file, 0, f"at most {MAX_CHARACTERS:,} characters of YAML")])
    try:
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        line = first_line + _line_of(error)
        raise BundleRefused([_problem(file, line, _in_words(error))]) from error
    except (YAMLError, RecursionError, ValueError) as error:
        raise BundleRefused([_problem(file, first_line, _UNREADABLE)]) from error
    reader = _Reader(file, first_line)
    value = reader.read(node, ()) if node is not None else None
    if reader.problems:
        raise BundleRefused(reader.problems)
    return MarkedYaml(value, reader.lines)


def dotted(path: Path) -> str:
    """Return where a value stands as people count: `resources.2.checked`, from 1."""
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in path)


def _problem(file: str, line: int, expected: str, key: str = "") -> BundleProblem:
    return BundleProblem(file=file, line=line, key=key, expected=f"expected {expected}")


def _in_words(error: MarkedYAMLError) -> str:
    said = f"{error.context} {error.problem}"
    return next((words for marks, words in _READABLE.items() if marks in said), _UNREADABLE)


def _line_of(error: MarkedYAMLError) -> int:
    """Return the line (from 0) to look at: for quotation marks and brackets, where they open."""
    opens = "quoted" in str(error.context) or "flow" in str(error.context)
    marks = (error.context_mark if opens else None, error.problem_mark, error.context_mark)
    return next((mark.line for mark in marks if mark is not None), 0)


class _Reader:
    """Turns one tree of nodes into values, and notes lines and mistakes on the way."""

    def __init__(self, file: str, first_line: int) -> None:
        self.file = file
        self.first_line = first_line
        self.lines: dict[Path, int] = {}
        self.problems: list[BundleProblem] = []
        self.seen: set[int] = set()

    def read(self, node: Node, path: Path) -> object:
        """Return a node's value: a mapping, a list, a text or None."""
        self.lines.setdefault(path, self.first_line + node.start_mark.line)
        if id(node) in self.seen:
            self.refuse(path, "the value itself instead of an anchor (&) and an alias (*)")
            return None
        self.seen.add(id(node))
        if not str(node.tag).startswith(_OWN_TAGS) or "/" in str(node.tag):
            self.refuse(path, "a value without a tag (!)")
            return None
        if isinstance(node, MappingNode):
            return self.mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.read(item, (*path, place)) for place, item in enumerate(node.value)]
        return self.scalar(node, path)

    def mapping(self, node: MappingNode, path: Path) -> dict[str, object]:
        found: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, ScalarNode) else ""
            here = (*path, key)
            line = self.first_line + key_node.start_mark.line
            if here in self.lines:
                again = f"each key once; it stands already on line {self.lines[here]}"
                self.problems.append(_problem(self.file, line, again, dotted(here)))
                continue
            self.lines[here] = line
            found[key] = self.read(value_node, here)
        return found

    def scalar(self, node: Node, path: Path) -> str | None:
        if node.tag == _NULL:
            return None
        if _UNKEEPABLE.search(node.value):
            self.refuse(path, "a text without control characters")
            return None
        return str(node.value)

    def refuse(self, path: Path, expected: str) -> None:
        self.problems.append(_problem(self.file, self.lines[path], expected, dotted(path)))
