"""Moving house: `postbag mailbag`, sealed on the way, and `postbag move-database`."""

from pathlib import Path

import click

from webapp import create_app
from webapp.operations.commands import OPERATOR, Commands, SaysNoInWords
from webapp.operations.instance import refuse_unmigrated
from webapp.operations.progress import showing
from webapp.operations.relocating import relocate
from webapp.settings import Settings
from webapp.storage.sealing import read_keys
from webapp.transfer.mailbag.exporting import export_to
from webapp.transfer.mailbag.importing import import_mailbag

EXPORTED = (
    "{path} has the whole mailbag, sealed. Carry the folder of keys, {keys}, apart from it.",
    "Close this house now: what askers take back here from now on is in that file still.",
)
RELOCATED = (
    "{rows:,} rows in {tables} tables are in the new database{again}, each compared.",
    "Put its address into postbag.env as POSTBAG_DATABASE_URL, and start the site again. Media and",
    "keys stay where they are. Keep the SQLite file until you have seen that all is well.",
)


@click.group(cls=Commands)
def mailbag() -> None:
    """All questions, for moving house."""


@mailbag.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def export(file: Path) -> None:
    """Write the whole mailbag into FILE, sealed with this instance's keys."""
    settings = Settings.load()
    refuse_unmigrated(settings)
    with create_app(settings).app_context(), showing("Exported") as tell:
        export_to(file, actor=OPERATOR, tell=tell)
    for line in EXPORTED:
        click.echo(line.format(path=file, keys=settings.keys_path))


@mailbag.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--keys",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The folder of keys of the instance that FILE comes from. Default: this one's own.",
)
def import_(file: Path, keys: Path | None) -> None:
    """Take in a mailbag, whole or not at all; what is here already stays as it is."""
    settings = Settings.load()
    refuse_unmigrated(settings)
    theirs = read_keys(keys or settings.keys_path)
    with create_app(settings).app_context(), showing("Imported") as tell:
        brought = import_mailbag(file, theirs=theirs, actor=OPERATOR, tell=tell)
    for line in brought.lines():
        click.echo(line)


@click.command("move-database", cls=SaysNoInWords)
@click.argument("url")
def move_database(url: str) -> None:
    """Copy the database from SQLite to PostgreSQL at URL. Stop the site first; may be run again."""
    settings = Settings.load()
    refuse_unmigrated(settings)
    with showing("Copied") as tell:
        done = relocate(settings, url, tell)
    again = " already" if done.again else ""
    for line in RELOCATED:
        click.echo(line.format(rows=done.rows, tables=done.tables, again=again))
