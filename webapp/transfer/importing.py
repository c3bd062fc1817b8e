"""Taking a bundle in: a plan first, then one transaction; what has not changed is left alone."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import storage
from webapp.episodes import services
from webapp.episodes.models import BundleFile, Episode
from webapp.episodes.problems import BundleRefused
from webapp.transfer import columns, media_store
from webapp.transfer.bundle import read_bundle
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
    bundle = read_bundle(folder)
    plan = make_plan(storage.read(), bundle)
    if dry_run or not (plan.new or plan.changed):
        return plan
    return storage.write(apply_bundle, bundle=_keep_media(bundle, plan))


def make_plan(session: Session, bundle: Bundle) -> Plan:
    """Return what taking in a bundle would do. Changes nothing."""
    known: dict[str, str] = {
        file.path: file.text
        for file in session.scalars(select(BundleFile).where(BundleFile.path.in_(bundle.texts)))
    }
    guids = [episode.front.guid for episode in bundle.episodes]
    prints: dict[str, str] = {
        row.guid: row.fingerprint
        for row in session.execute(
            select(Episode.guid, Episode.fingerprint).where(Episode.guid.in_(guids))
        )
    }
    now: dict[str, tuple[str, str | None]] = {
        name: (text, known.get(name))
        for name, text in bundle.texts.items()
        if name in SHARED_FILES or name.startswith("people/")
    }
    for episode in bundle.episodes:
        now[_name(episode)] = (episode.fingerprint, prints.get(episode.front.guid))
    return Plan(
        new=tuple(name for name, (_, before) in now.items() if before is None),
        changed=tuple(name for name, (after, before) in now.items() if before not in {None, after}),
        unchanged=tuple(name for name, (after, before) in now.items() if before == after),
    )


def apply_bundle(session: Session, *, bundle: Bundle) -> Plan:
    """Save what is new or changed. Raises BundleRefused when it names what is nowhere."""
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
    known = columns.Known.read(session)
    problems = [problem for episode in bundle.episodes for problem in known.find_unknown(episode)]
    if problems:
        raise BundleRefused(problems)
    for episode in bundle.episodes:
        if plan.touches(_name(episode)):
            services.save_episode(session, guid=episode.front.guid, **known.of_episode(episode))


def _keep_media(bundle: Bundle, plan: Plan) -> Bundle:
    """Put the files of new and changed episodes in their place; draw the posters that lack."""
    folder = storage.current_settings().media_path
    name, seasons = columns.show_and_seasons(storage.read(), bundle)
    episodes = []
    for episode in bundle.episodes:
        number = episode.front.episode.season
        if plan.touches(_name(episode)):
            brought = [*episode.media.values(), *([episode.poster] if episode.poster else [])]
            for file in brought:
                media_store.keep_file(folder, file)
            if episode.poster is None and number in seasons:
                poster = media_store.keep_poster(folder, episode, name, seasons[number])
                episodes.append(replace(episode, poster=poster))
                continue
        episodes.append(episode)
    return replace(bundle, episodes=tuple(episodes))


def _name(episode: EpisodeFolder) -> str:
    return f"episodes/{episode.slug}"
