"""`postbag import`, `seed` and `export`: the show's content into the house, and out of it."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import click

from webapp import create_app
from webapp.exceptions import Refused
from webapp.operations.baking import bake_all
from webapp.operations.commands import SaysNoInWords
from webapp.operations.instance import refuse_unmigrated
from webapp.operations.progress import showing
from webapp.settings import Settings, package_folder
from webapp.transfer.exporting import current_source
from webapp.transfer.folders import export_to
from webapp.transfer.importing import import_bundle
from webapp.transfer.plan import Plan, choose_named, read_keep

NOT_EMPTY = (
    "There is something in {folder} already. Name an empty folder: what was taken back since would "
    "stay in an earlier archive."
)
FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
DRY_RUN = click.option("--dry-run", is_flag=True, help="Show what would change, change nothing.")
KEEP = click.option(
    "--keep",
    multiple=True,
    metavar="SIDE[:FILE[:FIELD]]",
    help="Of what both sides changed, keep what is here, or there (in FOLDER). May be repeated.",
)


@click.command("import", cls=SaysNoInWords)
@click.argument("folder", type=FOLDER)
@DRY_RUN
@KEEP
def import_(folder: Path, keep: tuple[str, ...], *, dry_run: bool) -> None:
    """Take in a show's bundle, whole or not at all."""
    _import(folder, keep, dry_run=dry_run)


@click.command(cls=SaysNoInWords)
@click.argument("folder", required=False, type=FOLDER)
@DRY_RUN
@KEEP
def seed(folder: Path | None, keep: tuple[str, ...], *, dry_run: bool) -> None:
    """Take in the seed show, or the show in FOLDER."""
    _import(folder or package_folder("seeds") / "show", keep, dry_run=dry_run)


@click.command(cls=SaysNoInWords)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def export(folder: Path) -> None:
    """Write the whole show into FOLDER, as a bundle. An earlier export is brought up to date."""
    with create_app(Settings.load()).app_context(), showing("Exported") as tell:
        written, same, removed = export_to(folder, current_source(), tell)
    click.echo(f"{written} files written, {same} as they were, {removed} removed")


@click.command(cls=SaysNoInWords)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def bake(folder: Path) -> None:
    """Write the finished site into FOLDER as files, for an archive that needs no server of ours."""
    settings = Settings.load()
    refuse_unmigrated(settings)
    if folder.exists() and any(folder.iterdir()):
        raise Refused(NOT_EMPTY.format(folder=folder))
    with showing("Baked") as tell:
        done = bake_all(create_app(settings), folder, tell)
    click.echo(f"{done:,} pages and files are in {folder}. Search, filters and the question box")
    click.echo("need the site itself.")


def _import(folder: Path, keep: tuple[str, ...], *, dry_run: bool) -> None:
    choose = partial(choose_named, read_keep(keep)) if keep else None
    with create_app(Settings.load()).app_context(), showing("Imported") as tell:
        plan = import_bundle(folder, choose=choose, dry_run=dry_run, tell=tell)
    for line in _lines(plan):
        click.echo(line)
    if plan.conflicts:
        click.get_current_context().exit(1)


def _lines(plan: Plan) -> Iterator[str]:
    yield from plan.lines()
    if plan.conflicts:
        yield "Say with --keep which is to stay; without it, the import is refused."
