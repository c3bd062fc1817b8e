"""Calls of `postbag` as documents and units write them, held to the commands that there are."""

import re
import shlex
from collections.abc import Iterator

import click

from webapp.cli import main

OPERATORS = {"&&", "||", "|", ";", "&"}


def calls_in(script: str) -> Iterator[list[str]]:
    """Yield the calls of `postbag` in a shell script, each from `postbag` on."""
    script = re.sub(r"\$\([^()]*\)", "said", script.replace("\\\n", " "))  # what a call says
    for line in script.splitlines():
        words = shlex.split(line, comments=True)
        for place, word in enumerate(words):
            before = words[place - 1] if place else ";"
            named = word == "postbag" or word.endswith("/bin/postbag")
            if named and (
                before in OPERATORS or "=" in before or before in {"exec", "postbag", "$"}
            ):
                yield ["postbag", *_until_operator(words[place + 1 :])]


def _until_operator(words: list[str]) -> Iterator[str]:
    for word in words:
        if word in OPERATORS or word.startswith((">", "2>")):
            return
        yield word


def hold(words: list[str]) -> None:
    """Raise click.UsageError unless this is a command, with options and arguments that it has."""
    name, *rest = words
    command: click.Command = main
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        found = command.commands.get(rest[0])
        if found is None:
            raise click.UsageError(f"{rest[0]} is no command of {name}")
        command, name, rest = found, f"{name} {rest[0]}", rest[1:]
    with click.Context(command, info_name=name) as context:
        _values, left, _order = command.make_parser(context).parse_args(list(rest))
    if left and not isinstance(command, click.Group):
        raise click.UsageError(f"{name} does not take {left}")
