"""Taking a bundle in: a plan first, then one transaction; what has not changed is left alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy.orm import Session

from webapp import clock, storage
from webapp.episodes import services
from webapp.episodes.pages import SeasonLabel
from webapp.episodes.problems import BundleRefused
from webapp.episodes.queries import find_show
from webapp.exceptions import Conflict
from webapp.storage.history import Actor
from webapp.studio.services import publish, take_back
from webapp.transfer import columns, media_store, queries
from webapp.transfer.bundle import read_bundle
from webapp.transfer.checks import find_unknown
from webapp.transfer.files import Bundle, EpisodeFolder
from webapp.transfer.media import JPEG
from webapp.transfer.pictures import draw_artwork, draw_pictures

THE_IMPORT = Actor("the import", "editor")
SHARED_FILES = ("show.yaml", "topics.yaml", "help.yaml")


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import does, by the paths of files and folders in the bundle."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]

    def touches(self, name: str) -> bool:
        """Return whether a file or folder is to be saved."""
        return name in self.new or name in self.changed

    def lines(self) -> Iterator[str]:
        """Yield the plan as people read it."""
        for word, names in (("new", self.new), ("changed", self.changed)):
            yield from (f"{word}: {name}" for name in names)
        yield f"{len(self.new)} new, {len(self.changed)} changed, {len(self.unchanged)} unchanged"


def import_bundle(folder: Path, *, dry_run: bool = False) -> Plan:
    """Take in a folder's bundle, whole or not at all, and return what was done.

    Raises BundleRefused with everything that is wrong with it, and Conflict when another import
    comes in between.
    """
    bundle = _with_look(read_bundle(folder), storage.read())
    plan = make_plan(storage.read(), bundle)
    if dry_run or not (plan.new or plan.changed):
        return plan
    return storage.write(apply_bundle, bundle=_keep_media(bundle, plan), plan=plan)


def make_plan(session: Session, bundle: Bundle) -> Plan:
    """Return what taking in a bundle would do. Changes nothing.

    Raises BundleRefused when an episode names what is nowhere, or takes another's slug.
    """
    problems = list(find_unknown(bundle, queries.get_known(session)))
    if problems:
        raise BundleRefused(problems)
    texts = queries.list_saved_texts(session, bundle.texts)
    saved = queries.list_saved_episodes(
        session, [episode.front.guid for episode in bundle.episodes]
    )
    show = queries.find_saved_show(session)
    is_stale = show is not None and show.rendering != columns.RENDERING
    now: dict[str, tuple[str, str | None]] = {
        name: (text, texts.get(name))
        for name, text in bundle.texts.items()
        if name in SHARED_FILES or name.startswith("people/")
    }
    if bundle.artwork is not None:
        name = bundle.artwork.path.name
        now[name] = (bundle.artwork.sha256, show.artwork_sha256 if show else None)
    elif _has_other_artwork(show, bundle) and "show.yaml" in texts:
        now["show.yaml"] = (bundle.texts["show.yaml"], "")
    for episode in bundle.episodes:
        before = saved.get(episode.front.guid)
        now[_name(episode)] = (episode.fingerprint, before.fingerprint if before else None)
    return _plan(now, is_stale=is_stale)


def _has_other_artwork(show: queries.SavedShow | None, bundle: Bundle) -> bool:
    """Return whether drawn artwork is to replace what is there: another look, or one taken away."""
    if show is None or not bundle.drawn:
        return False
    return show.artwork_sha256 != sha256(bundle.drawn).hexdigest()


def _plan(now: Mapping[str, tuple[str, str | None]], *, is_stale: bool) -> Plan:
    """Return the plan for things as they are and were; if stale, none of them is as it was."""
    new = tuple(name for name, (_, before) in now.items() if before is None)
    same = tuple(name for name, (after, before) in now.items() if before == after and not is_stale)
    return Plan(
        new=new, changed=tuple(name for name in now if name not in {*new, *same}), unchanged=same
    )


def apply_bundle(session: Session, *, bundle: Bundle, plan: Plan) -> Plan:
    """Save what is new or changed, by the plan for which files were kept.

    Raises BundleRefused as `make_plan` does, and Conflict when the plan holds no longer.
    """
    if make_plan(session, bundle) != plan:
        raise Conflict("Another import came in between. Start this one again.")
    _save_show(session, bundle, plan)
    for person in bundle.people:
        if plan.touches(f"people/{person.slug}.md"):
            services.save_person(session, slug=person.slug, columns=columns.of_person(person))
    out = _save_episodes(session, bundle, plan)
    for path, text in bundle.texts.items():
        if not _is_left_alone(path, plan):
            services.save_bundle_file(session, path=path, text=text)
    for episode_id, at in out.items():
        if at is None:
            take_back(session, episode_id=episode_id, actor=THE_IMPORT)
        else:
            publish(session, episode_id=episode_id, actor=THE_IMPORT, at=at)
    services.mark_saved(session, at=clock.now())
    return plan


def _is_left_alone(path: str, plan: Plan) -> bool:
    """Return whether a file is of something unchanged: what the desk has written there stays."""
    folder = "/".join(path.split("/")[:2])
    return path in plan.unchanged or folder in plan.unchanged


def _save_show(session: Session, bundle: Bundle, plan: Plan) -> None:
    """Save what is of the whole show: its words, its artwork, its topics and where to get help."""
    if bundle.show and plan.touches("show.yaml"):
        show, seasons = columns.of_show(bundle.show)
        services.save_show(session, columns=show, seasons=seasons)
        if bundle.show.podcast.guid:
            services.name_podcast(session, guid=bundle.show.podcast.guid)
        elif storage.current_settings().is_public:
            services.name_podcast_once(session, site_url=storage.current_settings().site_url)
    if artwork := bundle.artwork:
        services.save_artwork(session, sha256=artwork.sha256, content_type=artwork.content_type)
    elif bundle.drawn:
        digest = sha256(bundle.drawn).hexdigest()
        services.save_artwork(session, sha256=digest, content_type=JPEG)
    if bundle.topics and plan.touches("topics.yaml"):
        services.save_topics(session, topics=columns.of_topics(bundle.topics))
    if bundle.help and plan.touches("help.yaml"):
        services.save_help(session, countries=columns.of_help(bundle.help))


def _save_episodes(session: Session, bundle: Bundle, plan: Plan) -> Mapping[int, datetime | None]:
    """Save what is new or changed; return by id when each episode is out, None for a draft."""
    out: dict[int, datetime | None] = {}
    known = queries.get_known(session)
    touched = [episode for episode in bundle.episodes if plan.touches(_name(episode))]
    saved = queries.list_saved_episodes(session, [episode.front.guid for episode in touched])
    for episode in touched:
        before = saved.get(episode.front.guid)
        if before:  # a file that is no longer there, or an old address, is not exported
            services.forget_bundle_files(session, folder=f"episodes/{before.slug}/")
        saved_as = columns.of_episode(episode, known)
        at = saved_as["columns"].pop("published_at")
        episode_id = services.save_episode(session, guid=episode.front.guid, **saved_as)
        out[episode_id] = at
    return out


def _with_look(bundle: Bundle, session: Session) -> Bundle:
    """Draw the artwork that lacks, and let episodes change with what is not in their folders.

    That is the look of their pictures, and the names by which they are found.
    """
    names = queries.list_names(session) | {
        person.slug: person.head.name for person in bundle.people
    }
    name, seasons = _show_and_seasons(session, bundle)

    def look(episode: EpisodeFolder) -> EpisodeFolder:
        season = seasons.get(episode.front.episode.season)
        if season is None:
            return episode
        heard = (names.get(item.person, "") for item in episode.front.contributors)
        seen = "\0".join((episode.fingerprint, name, season.field, season.ink, *heard))
        return replace(episode, fingerprint=sha256(seen.encode()).hexdigest())

    brings_none = bundle.show is not None and bundle.artwork is None
    drawn = draw_artwork(name, seasons[min(seasons)]) if brings_none else b""
    return replace(
        bundle, episodes=tuple(look(episode) for episode in bundle.episodes), drawn=drawn
    )


def _keep_media(bundle: Bundle, plan: Plan) -> Bundle:
    """Put the files of what is new and changed in their place, and the pictures drawn of it."""
    folder = storage.current_settings().media_path
    name, seasons = _show_and_seasons(storage.read(), bundle)

    def keep(episode: EpisodeFolder) -> EpisodeFolder:
        if not plan.touches(_name(episode)):
            return episode
        for file in (*episode.media.values(), *filter(None, [episode.poster])):
            media_store.keep_file(folder, file)
        season = seasons[episode.front.episode.season]
        drawn = {
            role: media_store.keep_picture(folder, f"{role}.jpg", picture)
            for role, picture in draw_pictures(episode, name, season)
        }
        return replace(episode, drawn=drawn)

    if bundle.artwork is not None:
        media_store.keep_file(folder, bundle.artwork)
    elif bundle.drawn:
        media_store.keep_picture(folder, "artwork.jpg", bundle.drawn)
    return replace(bundle, episodes=tuple(keep(episode) for episode in bundle.episodes))


def _show_and_seasons(session: Session, bundle: Bundle) -> tuple[str, dict[int, SeasonLabel]]:
    """Return the show's name, and its seasons by number, as they will be after an import."""
    known = find_show(session)
    seasons = {season.number: season for season in (known.seasons if known else ())}
    if bundle.show is None:
        return known.name if known else "", seasons
    brought = {season.number: SeasonLabel(**season.model_dump()) for season in bundle.show.seasons}
    return bundle.show.name, seasons | brought


def _name(episode: EpisodeFolder) -> str:
    return f"episodes/{episode.slug}"
