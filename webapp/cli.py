"""The `postbag` command: each subcommand calls one feature's service."""

import sys
from pathlib import Path

import click

from webapp import create_app, storage
from webapp.exceptions import NotFound, Refused
from webapp.operations.backing_up import backup, restore
from webapp.operations.bundling import bake, export, import_, seed
from webapp.operations.commands import OPERATOR, Commands
from webapp.operations.demo import fill_demo
from webapp.operations.doctor import examine, in_words
from webapp.operations.feed_importing import import_feed
from webapp.operations.instance import make_instance, refuse_unmigrated
from webapp.operations.moving import mailbag, move_database
from webapp.operations.progress import showing
from webapp.operations.purging import purge_now, sentences
from webapp.operations.rotation import rotate
from webapp.operations.server import serve as run_server
from webapp.operations.worker import run_worker
from webapp.settings import Settings
from webapp.staff.joining import INVITATION_PATH, LIFETIME_DAYS
from webapp.staff.queries import list_people
from webapp.staff.roles import ROLES
from webapp.staff.services import Link, invite, reset_by_email

PORT = click.IntRange(1, 65535)


@click.group(cls=Commands)
@click.version_option(package_name="postbag-web")
def main() -> None:
    """The companion site for an advice show."""


for command in (backup, bake, export, import_, mailbag, seed):
    main.add_command(command)
main.add_command(import_feed)
main.add_command(move_database)
main.add_command(restore)


@main.command()
@click.option("--port", default=8000, show_default=True, type=PORT)
@click.option(
    "--instance", type=click.Path(path_type=Path, file_okay=False), help="Where to keep it."
)
def demo(port: int, instance: Path | None) -> None:
    """Start the demonstration: the seed show, invented questions, an owner's account."""
    given = {"instance": instance} if instance else {}
    settings = Settings.load(site_url=f"http://127.0.0.1:{port}", **given)
    account = fill_demo(make_instance(settings), settings)
    if account is not None:
        click.echo(f"The owner's account: {account.email}, password {account.password}")
        click.echo("It is shown this once. The desk is at /desk.")
    click.echo(f"Postbag is at {settings.site_url} (Ctrl-C ends it)")
    run_server(settings, host="127.0.0.1", port=port, workers=1, worker=True)


@main.command()
def init() -> None:
    """Make an instance: keys and a migrated database. Safe to repeat."""
    settings = Settings.load()
    make_instance(settings)
    click.echo(
        f"The instance in {settings.instance_path} is ready. Keep {settings.keys_path} safe,"
    )
    click.echo("and apart from its backups: without it nobody can read the questions.")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=PORT)
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(min=1), help="Processes."
)
@click.option(
    "--threads",
    type=click.IntRange(min=1),
    help="Threads of each process, instead of POSTBAG_THREADS.",
)
@click.option("--no-worker", is_flag=True, help="Leave the daily work to a `postbag worker`.")
def serve(host: str, port: int, workers: int, threads: int | None, *, no_worker: bool) -> None:
    """Serve the site for the surface that POSTBAG_SURFACE names."""
    settings = Settings.load(**({"threads": threads} if threads else {}))
    if settings.database.startswith("sqlite"):
        make_instance(settings)
    else:
        refuse_unmigrated(settings)
    click.echo(f"Postbag is at {settings.own_address}, listening on {host}:{port}")
    run_server(settings, host=host, port=port, workers=workers, worker=not no_worker)


@main.command()
@click.option("--beside", type=int, hidden=True, help="The process that this one ends with.")
def worker(beside: int | None) -> None:
    """Do the daily work, where `serve` does not: erase what has been kept long enough."""
    run_worker(Settings.load(), beside=beside)


@main.command()
def purge() -> None:
    """Erase now what has been kept long enough, and say how much that was."""
    settings = Settings.load()
    refuse_unmigrated(settings)
    with create_app(settings).app_context():
        done = purge_now()
    for line in sentences(done):
        click.echo(line)


@main.group(cls=Commands)
def staff() -> None:
    """The people who make the show."""


@staff.command()
@click.argument("email")
@click.option("--role", required=True, type=click.Choice(ROLES), help="What they may do.")
@click.option("--name", help="The working name that colleagues see. Default: from the address.")
def add(email: str, role: str, name: str | None) -> None:
    """Invite somebody, and print the link by which they choose a password."""
    settings = Settings.load()
    with create_app(settings).app_context():
        name = name or email.partition("@")[0]
        link = storage.write(invite, actor=OPERATOR, email=email, name=name, role=role)
    click.echo(f"{email} is invited as {role}:")
    _print_link(settings, link)


@staff.command("list")
def list_() -> None:
    """List the people, with their roles."""
    with create_app(Settings.load()).app_context():
        people = list_people(storage.read())
    for one in people:
        second = "second factor" if one.has_second else "no second factor"
        state = "invited" if one.is_invited else second
        click.echo(f"{one.email}  {one.role}  {one.name}  {state}  {one.seen_on or 'never here'}")


@staff.command()
@click.argument("email")
def reset(email: str) -> None:
    """Take away somebody's password, second factors and sessions, and print a new link."""
    settings = Settings.load()
    with create_app(settings).app_context():
        try:
            link = storage.write(reset_by_email, actor=OPERATOR, email=email)
        except NotFound:
            raise Refused(
                f"{email} is no member of staff. `postbag staff list` shows all."
            ) from None
    click.echo(f"{email} is signed out everywhere, and comes in by a new link:")
    _print_link(settings, link)


def _print_link(settings: Settings, link: Link) -> None:
    click.echo(f"{settings.desk_address}{INVITATION_PATH}{link.token}")
    click.echo(
        f"It works once, for {LIFETIME_DAYS} days, and is shown this once: hand it over by a"
    )
    click.echo("way that nobody else reads.")


@main.command("rotate-keys")
def rotate_keys() -> None:
    """Make a new sealing key and seal every question again. May be cut off, and run again."""
    settings = Settings.load()
    refuse_unmigrated(settings)
    with create_app(settings).app_context(), showing("Sealed again") as tell:
        rotation = rotate(tell)
    for line in rotation.lines():
        click.echo(line)
    if undone := " ".join(rotation.left_undone()):
        raise Refused(undone)


@main.command()
def doctor() -> None:
    """Say what is wrong with this instance, in sentences. Changes nothing."""
    found = examine(Settings.load())
    for line in in_words(found):
        click.echo(line)
    if any(not finding.is_advice for finding in found):
        click.get_current_context().exit(1)


if __name__ == "__main__":
    sys.exit(main())
