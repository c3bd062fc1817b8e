"""Models for files that people write: what each key must be, said in the words that they read.

A field's `description` completes the sentence "expected ...". Whatever pydantic finds wrong with
the field, that sentence is the message; a check that knows better raises `expected(...)`.
"""

from collections.abc import Set as AbstractSet
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError
from rapidfuzz import process
from rapidfuzz.distance import OSA

from webapp.episodes.marked_yaml import MarkedYaml, Path, dotted
from webapp.episodes.problems import BundleProblem, BundleRefused

_OWN = "expected"
_KEYS = 'keys with their values, such as title: "A title"'
_LIKENESS = (
    0.7  # "titel", "alias" and "Title" are slips; "uri" and "cast" may be somebody's own keys
)


class Written(BaseModel):
    """A frozen model of keys in a file. Keys that it does not know are left to the source."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", populate_by_name=False, hide_input_in_errors=True
    )


_Model = TypeVar("_Model", bound=Written)


def expected(what: str) -> PydanticCustomError:
    """Return the error with which a validator says what it expected instead."""
    return PydanticCustomError(_OWN, "{what}", {"what": what})


def keys_of(model: type[Written]) -> dict[str, str]:
    """Return the keys that a model knows in files, each with the name of its field."""
    return {field.alias or name: name for name, field in model.model_fields.items()}


def model_within(model: type[Written], key: str) -> type[Written] | None:
    """Return the model of a key's value or of the items of its list, if it has one."""
    name = keys_of(model).get(key)
    pending: list[Any] = [model.model_fields[name].annotation] if name else []
    while pending:
        candidate = pending.pop()
        if isinstance(candidate, type) and issubclass(candidate, Written):
            return candidate
        pending.extend(get_args(candidate))
    return None


def validate(model: type[_Model], marked: MarkedYaml, *, file: str) -> _Model:
    """Return a file's values as a model.

    Raises BundleRefused with a problem for every key that is missing, wrong or misspelt.
    """
    speller = Speller(marked, file)
    value = speller.respelt(model, marked.value)
    problems = speller.problems
    try:
        result = model.model_validate(value)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        problems = [*problems, *(_in_words(model, details, marked, file) for details in found)]
        raise BundleRefused(sorted(problems, key=_line)) from error
    if problems:
        raise BundleRefused(sorted(problems, key=_line))
    return result


def _line(problem: BundleProblem) -> int:
    return problem.line


def _in_words(
    model: type[Written], details: ErrorDetails, marked: MarkedYaml, file: str
) -> BundleProblem:
    path = _known_path(model, details["loc"])
    what = details["ctx"]["what"] if details["type"] == _OWN else _description(model, path)
    missing = "; the key is missing" if details["type"] == "missing" else ""
    line = marked.line_of(path)
    return BundleProblem(file, line, dotted(path), f"expected {what}{missing}")


def _known_path(model: type[Written], location: Path) -> Path:
    """Return an error's location without the steps that are pydantic's own."""
    path: list[str | int] = []
    at: type[Written] | None = model
    for step in location:
        if isinstance(step, int):
            path.append(step)
        elif at is not None and step in keys_of(at):
            path.append(step)
            at = model_within(at, step)
    return tuple(path)


def _description(model: type[Written], path: Path) -> str:
    """Return what is expected of the innermost key of a path, or of an item of its list."""
    what, at = _KEYS, model
    for before, step in zip(("", *path), path, strict=False):
        if isinstance(step, str):
            what = at.model_fields[keys_of(at)[step]].description or what
            at = model_within(at, step) or at
        elif isinstance(before, str) and before in keys_of(at):
            what = _item_description(at.model_fields[keys_of(at)[before]]) or what
    return what


def _item_description(field: FieldInfo) -> str:
    """Return what is expected of each text in a list, or nothing for other lists."""
    kinds = (getattr(item, "__metadata__", ()) for item in get_args(field.annotation))
    infos = (info for kind in kinds for info in kind if isinstance(info, FieldInfo))
    return next((info.description for info in infos if info.description), "")


class Speller:
    """Finds keys that are nearly right, so that no part of a file is passed over for a slip."""

    def __init__(self, marked: MarkedYaml, file: str) -> None:
        self.marked = marked
        self.file = file
        self.problems: list[BundleProblem] = []

    def respelt(self, model: type[Written], value: object, path: Path = ()) -> object:
        """Return a value with misspelt keys put right, and `problems` with one more for each.

        Keys without a value count as left out.
        """
        if isinstance(value, list):
            return [self.respelt(model, item, (*path, at)) for at, item in enumerate(value)]
        if not isinstance(value, dict):
            return value
        absent = keys_of(model).keys() - value.keys()
        right: dict[str, object] = {}
        for key, held in value.items():
            name = _nearest(key, absent)
            inner = model_within(model, name or key)
            if name:
                self._report((*path, key), name)
            if held is not None:
                here = (*path, key)
                right[name or key] = self.respelt(inner, held, here) if inner else held
        return right

    def _report(self, path: Path, name: str) -> None:
        line = self.marked.line_of(path)
        self.marked.lines[(*path[:-1], name)] = line
        self.problems.append(
            BundleProblem(self.file, line, dotted(path), f"expected the key “{name}”")
        )


def _nearest(key: str, absent: AbstractSet[str]) -> str:
    """Return the absent key of which a key is a misspelling, or an empty text."""
    found = process.extractOne(
        key.lower(), sorted(absent), scorer=OSA.normalized_similarity, score_cutoff=_LIKENESS
    )
    return found[0] if found else ""
