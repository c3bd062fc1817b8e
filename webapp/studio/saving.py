"""Saving an episode's files: made into a page first, then kept in one transaction, as a revision.

Whatever changes an episode comes this way: the page on which it is written, an upload, a revision
that is restored, a correction, an import. Nothing is half saved, and nothing is saved over what
somebody else has saved meanwhile: the change is then asked for again, of the files as they are.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock, storage
from webapp.episodes import services
from webapp.episodes.bundle_files import Files, list_files, move_files, save_files
from webapp.episodes.front_matter import read
from webapp.episodes.models import Episode
from webapp.episodes.problems import BundleProblem, BundleRefused
from webapp.exceptions import Conflict, NotFound, Refused
from webapp.questions import workflow
from webapp.storage import take_turn
from webapp.storage.history import Actor, record
from webapp.studio.models import Tombstone
from webapp.studio.revisions import INDEX, add_revision, fingerprint_of, folder_of
from webapp.studio.source import columns
from webapp.studio.source.files import EpisodeFolder
from webapp.studio.source.making import House, find_strange, keep_pictures, make_episode
from webapp.studio.source.queries import get_house, get_known

TRIES = 5
OVERTAKEN = "Somebody saves this episode at the same time, again and again. Save it once more."
NOT_YOURS = "Writing an episode takes an editor."
TAKEN = "expected an address that no episode had; one that was thrown away was at this one"

Change = Callable[[Files], Files]


class Overtaken(Conflict):
    """The files were changed after they had been looked at; the change has to be made anew."""


@dataclass(frozen=True, slots=True)
class Made:
    """An episode that is ready to be saved; `before` is the fingerprint of the files until now."""

    episode_id: int
    before: str
    episode: EpisodeFolder


def change_files(
    change: Change, *, episode_id: int, actor: Actor, action: str = "saved"
) -> int | None:
    """Change an episode's files, and return the number of the revision; None if nothing changed.

    `change` is given the files as they stand, by name, and returns what they are to be; what it
    raises goes on. Raises NotFound, BundleRefused with everything that is wrong with the files,
    and Refused for whoever is no editor.
    """
    for _ in range(TRIES):
        made = make_ready(storage.read(), episode_id=episode_id, change=change)
        if made is None:
            return None
        try:
            return storage.write(save_made, made=made, actor=actor, action=action)
        except Overtaken:
            storage.read().rollback()
    raise Conflict(OVERTAKEN)


def make_ready(session: Session, *, episode_id: int, change: Change) -> Made | None:
    """Return an episode with changed files, made and with its pictures drawn; None if unchanged.

    Saves nothing but pictures, which do no harm where nothing comes to name them. Raises NotFound
    and BundleRefused.
    """
    row = get_row(session, episode_id)
    files = list_files(session, folder=folder_of(row.slug))
    before = fingerprint_of(files)
    after = change(files)
    if fingerprint_of(after) == before:
        return None
    house = get_house(session)
    episode = make(session, after, house, guid=row.guid)
    return Made(
        episode_id, before, keep_pictures(episode, house, storage.current_settings().media_path)
    )


def make(session: Session, files: Files, house: House, *, guid: str) -> EpisodeFolder:
    """Return an episode made of its files. Raises BundleRefused with everything that is wrong."""
    index = files.get(INDEX)
    front = read(index.text if index else "", file=INDEX)
    name = f"{folder_of(front.slug)}{INDEX}"
    if front.guid != guid:
        raise BundleRefused([BundleProblem(name, 0, "guid", f"expected {guid}: it never changes")])
    buried = select(Tombstone.guid).where(Tombstone.slug == front.slug, Tombstone.guid != guid)
    if session.scalar(buried.limit(1)) is not None:
        raise BundleRefused([BundleProblem(name, 0, "slug", TAKEN)])
    return make_episode(front.slug, files, house)


def save_made(session: Session, *, made: Made, actor: Actor, action: str) -> int:
    """Save an episode that is ready, and return the number of the revision.

    Raises Overtaken when its files were changed meanwhile, BundleRefused when what it names is no
    longer there, and Refused for whoever is no editor.
    """
    if not workflow.allows(actor.role, "editor"):
        raise Refused(NOT_YOURS)
    take_turn(session)
    row = get_row(session, made.episode_id)
    folder = folder_of(row.slug)
    if fingerprint_of(list_files(session, folder=folder)) != made.before:
        raise Overtaken("The files were changed meanwhile.")
    if problems := list(find_strange(made.episode, get_known(session))):
        raise BundleRefused(problems)
    slug = made.episode.front.slug
    if slug != row.slug:
        move_files(session, folder=folder, to=folder_of(slug))
    save_files(session, folder=folder_of(slug), files=made.episode.files)
    save_page(session, made.episode)
    number = add_revision(session, row, actor=actor, action=action)
    record(
        session,
        actor=actor,
        action=action,
        subject="episode",
        subject_id=row.id,
        detail={"revision": number},
    )
    return number


def replace_page(session: Session, *, made: Made) -> None:
    """Save a page that was made anew of the files that it has, unless they were changed since.

    What was found out of a file is saved with it.
    """
    take_turn(session)
    row = get_row(session, made.episode_id)
    files = list_files(session, folder=folder_of(row.slug))
    if fingerprint_of(files) == made.before:
        if files != made.episode.files:
            save_files(session, folder=folder_of(row.slug), files=made.episode.files)
        save_page(session, made.episode)


def save_page(session: Session, episode: EpisodeFolder) -> int:
    """Save what an episode's files make: its columns, its media, what the search finds.

    When it is out stays as it is: that is for `studio.services.publish`. Returns its id.
    """
    saved_as = columns.of_episode(episode, get_known(session))
    saved_as["columns"].pop("published_at")
    episode_id = services.save_episode(session, guid=episode.front.guid, **saved_as)
    services.mark_saved(session, at=clock.now())
    return episode_id


def get_row(session: Session, episode_id: int) -> Episode:
    """Return an episode as it stands now. Raises NotFound."""
    episode = session.get(Episode, episode_id, populate_existing=True)
    if episode is None:
        raise NotFound
    return episode
