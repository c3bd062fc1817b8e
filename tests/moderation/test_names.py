"""Every act has its words: what history writes down, the desk can read out."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import webapp
from webapp.moderation.names import ACTION_NAMES
from webapp.questions import workflow

MOVES = {f"to {state}" for state in workflow.STATES}


def written() -> set[str]:
    """Return every act that the code writes into history, as its source names it."""
    trees = [
        ast.parse(path.read_text("utf-8")) for path in Path(webapp.__file__).parent.rglob("*.py")
    ]
    public = {name: at for tree in trees for name, at in places(tree).items() if name[0] != "_"}
    return {act for tree in trees for act in acts_in(tree, {**public, **places(tree)})}


def places(tree: ast.AST) -> Mapping[str, int]:
    """Return which argument is the act, of each function that takes one without its name."""
    found = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)]
    names = {one.name: [argument.arg for argument in one.args.args] for one in found}
    return {name: given.index("action") for name, given in names.items() if "action" in given}


def acts_in(tree: ast.AST, places: Mapping[str, int]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            at = places.get(name, len(node.args))
            named = [keyword.value for keyword in node.keywords if keyword.arg == "action"]
            yield from words_in([*named, *node.args[at : at + 1]])
        elif isinstance(node, ast.FunctionDef):
            pairs = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
            yield from words_in(
                [default for one, default in pairs if one.arg == "action" and default]
            )


def words_in(values: list[ast.expr]) -> Iterator[str]:
    """Return the words that stand in expressions, also in both branches of a choice."""
    for value in values:
        for branch in [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]:
            if isinstance(branch, ast.Constant) and isinstance(branch.value, str):
                yield branch.value


def test_every_act_that_is_written_has_its_words():
    acts = written()

    assert {"snoozed", "woke", "changed rundown", "joined", "noted", "edited reasons"} < acts
    assert acts | MOVES == set(ACTION_NAMES)
