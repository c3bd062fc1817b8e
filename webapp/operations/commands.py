"""What all subcommands of `postbag` are: they say no in a sentence, and end with 1 then."""

import click

from webapp.episodes.problems import BundleRefused
from webapp.exceptions import Conflict, Refused
from webapp.settings import SettingsRefused
from webapp.storage import Unavailable
from webapp.storage.history import Actor
from webapp.storage.sealing import KeyMissing

OPERATOR = Actor("the command line", "owner")
SAID_NO = (BundleRefused, Conflict, KeyMissing, Refused, SettingsRefused)


class SaysNoInWords(click.Command):
    """A command that ends with a sentence and exit code 1 when something is refused."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except SAID_NO as error:
            raise click.ClickException(str(error)) from None
        except OSError as error:
            where = f" ({error.filename})" if error.filename else ""
            raise click.ClickException(f"{error.strerror or error}{where}") from None
        except Unavailable:
            raise click.ClickException(
                "The database is away, full, locked, read-only or damaged. Nothing was changed."
            ) from None


class Commands(click.Group):
    """The subcommands; pyproject.toml names each to Flask, so that `flask` offers them too."""

    command_class = SaysNoInWords
