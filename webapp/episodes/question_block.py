"""The question in an episode's `index.md`: put in and taken out, all other bytes as they were.

Source of the format: docs/bundle.md. Pure: no database, no clock.
"""

import re
from collections.abc import Mapping
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode

from webapp.episodes.front_matter import split

# What `marked_yaml.py` takes for a mistake.
_UNKEPT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_WIDE = 4_096  # no line is folded
_BEHIND = re.compile(r"^(?=episode:)", re.MULTILINE)  # where people write it


def keepable(text: str) -> str:
    """Return a text without the control characters that no file of a bundle may have."""
    return _UNKEPT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def with_question(source: str, question: Mapping[str, object] | None) -> str:
    """Return an `index.md` that prints a question, or none."""
    head, _body = split(source)
    wanted = _load(head)
    wanted.pop("question", None)
    edited = _without(head)
    if question is not None:
        block = dump({"question": dict(question)})
        block = block.replace("\n", "\r\n") if "\r\n" in head else block
        place = _BEHIND.search(edited)
        at = place.start() if place else len(edited)
        edited = edited[:at] + block + edited[at:]
        wanted["question"] = dict(question)
    if _reads(edited) != wanted:  # written in a way that has no lines of its own for each key
        loaded = _yaml().load(head)
        loaded.pop("question", None)
        loaded.update({"question": dict(question)} if question is not None else {})
        edited = dump(loaded)
    return replace_head(source, edited)


def replace_head(source: str, edited: str) -> str:
    """Return an `index.md` with another front matter; what is around it keeps its bytes."""
    head, _body = split(source)
    start = source.index("\n") + 1
    return source[:start] + edited + source[start + len(head) :]


def dump(front: Any) -> str:
    """Return front matter as YAML, its keys in their order."""
    out = StringIO()
    _yaml().dump(front, out)
    return out.getvalue()


def load(head: str) -> Any:
    """Return front matter as a mapping that is dumped as it was written."""
    return _yaml().load(head)


def _load(head: str) -> dict[str, Any]:
    """Return front matter as it reads."""
    return dict(YAML(typ="safe", pure=True).load(head) or {})


def _reads(head: str) -> dict[str, Any] | None:
    try:
        return _load(head)
    except YAMLError:
        return None


def _without(head: str) -> str:
    """Return front matter without the lines from the question's key to the next one."""
    node = _yaml().compose(head)
    if not isinstance(node, MappingNode):
        return head
    starts = [(key.value, key.start_mark.index) for key, _value in node.value]
    ends = [start for _name, start in starts[1:]] + [len(head)]
    spans = zip(starts, ends, strict=True)
    return next(
        (head[:start] + head[end:] for (name, start), end in spans if name == "question"), head
    )


def _yaml() -> YAML:
    yaml = YAML()
    yaml.width = _WIDE
    yaml.preserve_quotes = True
    yaml.allow_unicode = True
    return yaml
