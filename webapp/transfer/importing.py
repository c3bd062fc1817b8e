"""Taking a bundle in: a plan first, then one transaction; what has not changed is left alone."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import storage
from webapp.episodes import services
from webapp.episodes.models import BundleFile, Episode
from webapp.episodes.problems import BundleRefused
from webapp.transfer import columns
from webapp.transfer.bundle import read_bundle
from webapp.transfer.files import Bundle, EpisodeFolder
from webapp.transfer.media import MediaFile

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
    for episode in bundle.episodes:
        if plan.touches(_name(episode)):
            _keep_media(episode, storage.current_settings().media_path)
    return storage.write(apply_bundle, bundle=bundle)


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
        services.save_topics(session, columns.of_topics(bundle.topics))
    if bundle.help and plan.touches("help.yaml"):
        services.save_help(session, columns.of_help(bundle.help))
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


def _keep_media(episode: EpisodeFolder, folder: Path) -> None:
    """Put an episode's files where they are served from, under their hash.

    A file comes under its final name only when it is whole; one that no episode comes to name is
    harmless and can be swept.
    """
    files: list[MediaFile] = [*episode.media.values()]
    if episode.poster is not None:
        files.append(episode.poster)
    for file in files:
        target = folder / file.sha256[:2] / file.sha256
        if target.exists() and target.stat().st_size == file.size:
            continue
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = target.with_suffix(f".{uuid4().hex}")
        shutil.copyfile(file.path, partial)
        partial.replace(target)


def _name(episode: EpisodeFolder) -> str:
    return f"episodes/{episode.slug}"
