"""Taking a bundle in: a plan first, then one transaction; what has not changed is left alone.

See docs/decisions/0026-an-import-looks-at-three-sides.md.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete
from sqlalchemy.orm import Session

from webapp import clock, storage
from webapp.episodes import services
from webapp.episodes.bundle_files import mark_brought, move_files, save_file
from webapp.episodes.models import BundleFile
from webapp.exceptions import Conflict
from webapp.storage import take_turn
from webapp.storage.history import Actor, record
from webapp.studio.remaking import remake_all
from webapp.studio.revisions import add_revision, folder_of
from webapp.studio.saving import get_row
from webapp.studio.services import publish, take_back
from webapp.studio.source import columns
from webapp.studio.source.artwork import NAMES
from webapp.studio.source.queries import get_house, get_known
from webapp.transfer.bundle import Tell, quietly, read_bundle
from webapp.transfer.plan import Clashing, Keep, Plan
from webapp.transfer.planning import Arrival, get_standing
from webapp.transfer.preparing import Work, house_after, keep_media, prepare

log = logging.getLogger(__name__)

THE_IMPORT = Actor("the import", "editor")
TRIES = 3
OVERTAKEN = "Something was saved meanwhile. Start this one again."

Choose = Callable[[Plan], Keep]
Finish = Callable[[Session, Plan], None]


class Overtaken(Conflict):
    """What stands here has changed since it was looked at."""


def import_bundle(
    folder: Path,
    *,
    choose: Choose | None = None,
    dry_run: bool = False,
    actor: Actor = THE_IMPORT,
    tell: Tell = quietly,
    finish: Finish | None = None,
) -> Plan:
    """Take in a folder's bundle, whole or not at all, and return what was done.

    `choose` is given the plan where both sides changed the same, and says what is to stay; `tell`
    is told how many steps are done, of all; `finish` is called in the transaction, and what it
    raises undoes all. Raises BundleRefused with everything that is wrong with the bundle, Clashing
    with what nobody chose, and Conflict when others save again and again meanwhile.
    """
    bundle = read_bundle(folder, lambda done, total: tell(done, 2 * total))
    for _ in range(TRIES):
        work = prepare(reading(), bundle, {})
        if work.plan.conflicts and choose is not None:
            work = prepare(reading(), bundle, choose(work.plan))
        if dry_run:
            return work.plan
        if work.plan.conflicts:
            raise Clashing(work.plan)
        try:
            _save(work, actor=actor, tell=tell, finish=finish)
        except Overtaken:
            continue
        tell(1, 1)
        return work.plan
    raise Conflict(OVERTAKEN)


def reading() -> Session:
    """Return the session that this reads with, beginning now, with the keys of what is sealed."""
    session = storage.read()
    session.rollback()
    session.info["keyring"] = storage.current_keyring()
    return session


def _save(work: Work, *, actor: Actor, tell: Tell, finish: Finish | None) -> None:
    if work.plan.does_nothing and not any(each.brought for each in work.arrivals):
        if finish is not None:
            storage.write(finish, work.plan)
        _draw()  # what an import that was cut off after its commit left
        return
    saved = [each for each in work.arrivals if each.is_saved]
    house = house_after(get_house(storage.read()), work.shared, saved)
    folder = storage.current_settings().media_path
    ready = keep_media(work, house, folder, lambda done, total: tell(total + done, 2 * total))
    storage.write(apply, work=ready, actor=actor, finish=finish)
    _draw()


def _draw() -> None:
    """Draw what is to be drawn anew; where that fails, what was saved stays so all the same."""
    try:
        remake_all()
    except (OSError, *storage.AWAY):
        log.warning("Pages and pictures could not be made anew; the worker tries again.")


def apply(
    session: Session, *, work: Work, actor: Actor = THE_IMPORT, finish: Finish | None = None
) -> None:
    """Save what a bundle changes. Raises Overtaken when what stands here has changed meanwhile."""
    take_turn(session)
    if get_standing(session) != work.standing:
        raise Overtaken(OVERTAKEN)
    saved = [each for each in work.arrivals if each.is_saved]
    _save_show(session, work)
    _move(session, saved)
    for arrival in work.arrivals:
        _keep_files(session, arrival)
    _save_episodes(session, saved, work, actor)
    session.execute(delete(BundleFile).where(BundleFile.sha256 == "", BundleFile.base_sha256 == ""))
    if saved:
        services.mark_saved(session, at=clock.now())
        services.forget_look(session)
        figures = {"new": len(work.plan.new), "changed": len(saved) - len(work.plan.new)}
        record(
            session,
            actor=actor,
            action="imported bundle",
            subject="show",
            subject_id="",
            detail=figures,
        )
    if finish is not None:
        finish(session, work.plan)


def _save_show(session: Session, work: Work) -> None:
    """Save what is of the whole show: its words, its artwork, its topics and where to get help."""
    show, artwork = work.shared.show, work.bundle.artwork
    if show is not None:
        values, seasons = columns.of_show(show)
        services.save_show(session, columns=values, seasons=seasons)
        if show.podcast.guid:
            services.name_podcast(session, guid=show.podcast.guid)
        elif storage.current_settings().is_public:
            services.name_podcast_once(session, site_url=storage.current_settings().site_url)
    changed = {name for each in work.arrivals if each.is_saved for name in each.files}
    if artwork is not None and artwork.path.name in changed & set(NAMES):
        services.save_artwork(session, sha256=artwork.sha256, content_type=artwork.content_type)
    if work.shared.topics is not None:
        services.save_topics(session, topics=columns.of_topics(work.shared.topics))
    if work.shared.help is not None:
        services.save_help(session, countries=columns.of_help(work.shared.help))
    for person in work.shared.people:
        services.save_person(session, slug=person.slug, columns=columns.of_person(person))


def _move(session: Session, saved: list[Arrival]) -> None:
    """Have episodes that change their slugs leave them all first: two may swap theirs."""
    moving = [each for each in saved if each.saved and each.saved.slug != each.slug]
    for each in moving:
        if each.saved is not None:
            row = get_row(session, each.saved.id)
            row.slug = f"moving-{row.id}"
            move_files(session, folder=folder_of(each.saved.slug), to=f"{row.slug}/")
    for each in moving:
        if each.saved is not None:
            move_files(session, folder=f"moving-{each.saved.id}/", to=each.folder)


def _keep_files(session: Session, arrival: Arrival) -> None:
    """Keep the files of what is saved, and of all what the bundle brought."""
    if arrival.is_saved:
        for name, file in arrival.files.items():
            save_file(session, path=f"{arrival.folder}{name}", file=file)
    for name, file in arrival.brought.items():
        mark_brought(session, path=f"{arrival.folder}{name}", file=file)


def _save_episodes(session: Session, saved: list[Arrival], work: Work, actor: Actor) -> None:
    """Save the pages, and have them be out or drafts as their files say."""
    known = get_known(session)
    for arrival in saved:
        if arrival.episode is None:
            continue
        guid = arrival.episode.front.guid
        values = columns.of_episode(work.pages[guid], known)
        at: datetime | None = values["columns"].pop("published_at")
        episode_id = services.save_episode(session, guid=guid, **values)
        if at is None:
            take_back(session, episode_id=episode_id, actor=actor)
        else:
            publish(session, episode_id=episode_id, actor=actor, at=at)
        add_revision(session, get_row(session, episode_id), actor=actor, action="imported")
