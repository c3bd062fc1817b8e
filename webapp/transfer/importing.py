"""Taking a bundle in: a plan first, then one transaction; what has not changed is left alone."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.orm import Session

from webapp import storage
from webapp.episodes import services
from webapp.episodes.pages import SeasonLabel
from webapp.episodes.problems import BundleRefused
from webapp.episodes.queries import find_show
from webapp.transfer import columns, media_store, queries
from webapp.transfer.bundle import read_bundle
from webapp.transfer.checks import find_unknown
from webapp.transfer.files import Bundle, EpisodeFolder

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

    Raises BundleRefused with everything that is wrong with it.
    """
    bundle = _with_look(read_bundle(folder), storage.read())
    plan = make_plan(storage.read(), bundle)
    if dry_run or not (plan.new or plan.changed):
        return plan
    return storage.write(apply_bundle, bundle=_keep_media(bundle, plan))


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
    now: dict[str, tuple[str, str | None]] = {
        name: (text, texts.get(name))
        for name, text in bundle.texts.items()
        if name in SHARED_FILES or name.startswith("people/")
    }
    for episode in bundle.episodes:
        before = saved.get(episode.front.guid)
        now[_name(episode)] = (episode.fingerprint, before.fingerprint if before else None)
    return Plan(
        new=tuple(name for name, (_, before) in now.items() if before is None),
        changed=tuple(name for name, (after, before) in now.items() if before not in {None, after}),
        unchanged=tuple(name for name, (after, before) in now.items() if before == after),
    )


def apply_bundle(session: Session, *, bundle: Bundle) -> Plan:
    """Save what is new or changed. Raises BundleRefused as `make_plan` does."""
    plan = make_plan(session, bundle)
    if bundle.show and plan.touches("show.yaml"):
        show, seasons = columns.of_show(bundle.show)
        services.save_show(session, columns=show, seasons=seasons)
    if bundle.topics and plan.touches("topics.yaml"):
        services.save_topics(session, topics=columns.of_topics(bundle.topics))
    if bundle.help and plan.touches("help.yaml"):
        services.save_help(session, countries=columns.of_help(bundle.help))
    for person in bundle.people:
        if plan.touches(f"people/{person.slug}.md"):
            services.save_person(session, slug=person.slug, columns=columns.of_person(person))
    _save_episodes(session, bundle, plan)
    for path, text in bundle.texts.items():
        services.save_bundle_file(session, path=path, text=text)
    return plan


def _save_episodes(session: Session, bundle: Bundle, plan: Plan) -> None:
    known = queries.get_known(session)
    touched = [episode for episode in bundle.episodes if plan.touches(_name(episode))]
    saved = queries.list_saved_episodes(session, [episode.front.guid for episode in touched])
    for episode in touched:
        before = saved.get(episode.front.guid)
        if before:  # a file that is no longer there, or an old address, is not exported
            services.forget_bundle_files(session, folder=f"episodes/{before.slug}/")
        services.save_episode(
            session, guid=episode.front.guid, **columns.of_episode(episode, known)
        )


def _with_look(bundle: Bundle, session: Session) -> Bundle:
    """Let an episode that brings no poster change with the look from which one is drawn."""
    name, seasons = _show_and_seasons(session, bundle)

    def look(episode: EpisodeFolder) -> EpisodeFolder:
        season = seasons.get(episode.front.episode.season)
        if episode.poster is not None or season is None:
            return episode
        seen = "\0".join((episode.fingerprint, name, season.field, season.ink))
        return replace(episode, fingerprint=hashlib.sha256(seen.encode()).hexdigest())

    return replace(bundle, episodes=tuple(look(episode) for episode in bundle.episodes))


def _keep_media(bundle: Bundle, plan: Plan) -> Bundle:
    """Put the files of new and changed episodes in their place; draw the posters that lack."""
    folder = storage.current_settings().media_path
    name, seasons = _show_and_seasons(storage.read(), bundle)

    def keep(episode: EpisodeFolder) -> EpisodeFolder:
        if not plan.touches(_name(episode)):
            return episode
        for file in (*episode.media.values(), *filter(None, [episode.poster])):
            media_store.keep_file(folder, file)
        if episode.poster is not None:
            return episode
        season = seasons[episode.front.episode.season]
        return replace(episode, poster=media_store.keep_poster(folder, episode, name, season))

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
