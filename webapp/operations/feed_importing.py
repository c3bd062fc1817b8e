"""`postbag import-feed`: an existing podcast's feed becomes episodes."""

import click

from webapp import create_app
from webapp.operations.commands import SaysNoInWords
from webapp.operations.instance import refuse_unmigrated
from webapp.operations.progress import showing
from webapp.settings import Settings
from webapp.transfer.feed_import.bringing import bring_files
from webapp.transfer.feed_import.taking_in import read_source, take_in
from webapp.transfer.plan import read_keep


@click.command("import-feed", cls=SaysNoInWords)
@click.argument("source", metavar="FILE_OR_URL")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--no-media", is_flag=True, help="Bring drafts only; the next run fetches files.")
@click.option(
    "--although-locked", is_flag=True, help="Yes, this feed is mine, although it is locked."
)
@click.option(
    "--keep", multiple=True, metavar="SIDE[:FILE[:FIELD]]", help="What stays of a conflict."
)
def import_feed(
    source: str, *, dry_run: bool, no_media: bool, although_locked: bool, keep: tuple[str, ...]
) -> None:
    """Take in a podcast's feed: its episodes as drafts, then their files, with which they are out.

    May be cut off, and run again: what is here already stays.
    """
    settings = Settings.load()
    refuse_unmigrated(settings)
    with create_app(settings).app_context():
        imported = take_in(
            read_source(source),
            dry_run=dry_run,
            although_locked=although_locked,
            with_artwork=not no_media,
            keep=read_keep(keep),
        )
        for line in imported.lines():
            click.echo(line)
        if dry_run or no_media:
            return
        with showing("Fetched") as tell:
            brought = bring_files(imported.feed, tell=tell)
        for line in brought.lines():
            click.echo(line)
