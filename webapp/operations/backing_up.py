"""`postbag backup` and `postbag restore`: the whole site but its keys, in one file, and back."""

from contextlib import suppress
from pathlib import Path

import click

from webapp import clock, create_app, storage
from webapp.operations.backup.restoring import restore as put_back
from webapp.operations.backup.writing import back_up
from webapp.operations.chores import note_done
from webapp.operations.commands import SaysNoInWords
from webapp.operations.doctor import examine, in_words
from webapp.operations.instance import refuse_unmigrated
from webapp.operations.progress import showing
from webapp.settings import Settings
from webapp.web.wording import filesize

FILE = click.Path(path_type=Path, dir_okay=False)
DAMAGED = (
    "{count} of the media are not what they were, {name} first. They are in the backup as they "
    "are: put whole ones in their place."
)
BACKUP = "backup"
KEYS_APART = "The keys are not in it. Keep {keys} too, and apart from it."


@click.command(cls=SaysNoInWords)
@click.argument("file", type=FILE)
def backup(file: Path) -> None:
    """Write the database and the media into FILE, as they are now; the site may go on serving."""
    settings = Settings.load()
    refuse_unmigrated(settings)
    with create_app(settings).app_context(), showing("Backed up") as tell:
        done = back_up(file, tell)
        with suppress(*storage.AWAY):  # the backup is whole, whether it is noted or not
            storage.write(note_done, name=BACKUP, on=clock.today())
    click.echo(f"{file} has the database and {done.files:,} media, {filesize(done.size)}.")
    click.echo(KEYS_APART.format(keys=settings.keys_path))
    if done.damaged:
        click.echo(DAMAGED.format(count=len(done.damaged), name=done.damaged[0][:12]))
        click.get_current_context().exit(1)


@click.command(cls=SaysNoInWords)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--keys",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The folder of keys that belongs to FILE. Asked for where the instance has none.",
)
def restore(file: Path, keys: Path | None) -> None:
    """Put a backup in place, where there is no site yet, and look whether it is whole."""
    settings = Settings.load()

    def ask() -> Path:
        folder = click.Path(path_type=Path, exists=True, file_okay=False)
        return click.prompt("The folder of keys that belongs to it", type=folder)

    with showing("Put back") as tell:
        done = put_back(settings, file, keys=keys, ask_for_keys=ask, tell=tell)
    click.echo(
        f"The site of {done.made_at[:16].replace('T', ' ')} UTC is back, with {done.files:,} media."
    )
    click.echo(f"Erased again, since it was taken back or erased after that: {done.erased:,}.")
    click.echo(f"Erased by date: {done.purged:,}.")
    found = examine(settings)
    for line in in_words(found):
        click.echo(line)
    if any(not finding.is_advice for finding in found):
        click.get_current_context().exit(1)
