"""What taking in a bundle would do: every file looked at from three sides, and nothing changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from webapp.episodes.bundle_files import GONE, Stored, text_file
from webapp.episodes.front_matter import read
from webapp.studio.revisions import INDEX, folder_of
from webapp.studio.source.artwork import NAMES
from webapp.studio.source.files import Bundle, EpisodeFolder
from webapp.studio.source.pieces import put_together, take_apart, with_value
from webapp.studio.source.stored import media_file
from webapp.transfer import letters, queries
from webapp.transfer.bundle import EPISODES
from webapp.transfer.comparing import (
    HERE,
    OPEN,
    SAME,
    THERE,
    Clash,
    Settled,
    Sides,
    clashing,
    how_all,
    settle,
)
from webapp.transfer.plan import Keep, choices_for
from webapp.transfer.queries import SavedEpisode

ARTWORK = "artwork"
NEW, BURIED = "new", "buried"


@dataclass(frozen=True, slots=True)
class Arrival:
    """What becomes of a file of the show, or of an episode's folder, by its path in the bundle.

    `files` are as they will be kept, by their names in `folder`; those that go are GONE.
    `brought` is what the bundle has otherwise than the last one that was taken in.
    """

    name: str
    how: str
    folder: str
    files: Mapping[str, Stored]
    brought: Mapping[str, Stored]
    conflicts: tuple[tuple[str, Clash], ...] = ()
    saved: SavedEpisode | None = None
    episode: EpisodeFolder | None = None
    leads_from: str = ""  # the slug whose address will lead to it

    @property
    def is_saved(self) -> bool:
        """Return whether something here changes with it."""
        return self.how not in {SAME, HERE, OPEN, BURIED}

    @property
    def slug(self) -> str:
        """Return the slug that an episode will have."""
        return self.folder.removeprefix(f"{EPISODES}/").rstrip("/")


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands here: episodes by guid, and those that were thrown away.

    `folders` have by the folder of an episode the hashes of its files, with "" for all others.
    """

    folders: Mapping[str, Mapping[str, tuple[str, str]]]
    episodes: Mapping[str, SavedEpisode]
    buried: Mapping[str, str]


def get_standing(session: Session) -> Standing:
    """Return what stands here."""
    folders: dict[str, dict[str, tuple[str, str]]] = {}
    for path, hashes in queries.list_brought(session).items():
        folder, slash, name = path.rpartition("/")
        inside = path.startswith(f"{EPISODES}/")
        folders.setdefault(folder + slash if inside else "", {})[name if inside else path] = hashes
    return Standing(
        folders,
        queries.list_saved_episodes(session),
        queries.list_buried(session),
    )


def look_at(session: Session, bundle: Bundle, standing: Standing, keep: Keep) -> list[Arrival]:
    """Return what becomes of everything in a bundle. Only inside of a session that has the keys."""
    arrivals = list(_shared(session, bundle, keep))
    arrivals += [_episode(session, each, standing, keep) for each in bundle.episodes]
    return [_leading_on(each, arrivals) for each in arrivals]


def _shared(session: Session, bundle: Bundle, keep: Keep) -> Iterator[Arrival]:
    came = {
        path: text_file(text)
        for path, text in bundle.texts.items()
        if not path.startswith(f"{EPISODES}/")
    }
    stand = queries.list_standing(session, list(came))
    for path, file in came.items():
        here, base = stand.get(path, (GONE, GONE))
        sides = Sides(file, _there(here), _there(base))
        settled = settle(path, sides, choices_for(keep, path))
        how = NEW if not (here.sha256 or base.sha256) else settled.how
        yield Arrival(
            path,
            how,
            "",
            {path: settled.file or GONE},
            _unlike({path: file}, {path: base}),
            clashing({path: settled}),
        )
    yield from _artwork(session, bundle, keep)


def _artwork(session: Session, bundle: Bundle, keep: Keep) -> Iterator[Arrival]:
    """Yield what becomes of the artwork, whichever of its two names it has."""
    stand = queries.list_standing(session, NAMES)
    here, base = (
        {name: files[side] for name, files in stand.items() if files[side].sha256}
        for side in (0, 1)
    )
    brought = bundle.artwork
    came = {brought.path.name: media_file(brought)} if brought else {}
    if not came and (bundle.show is None or not base):
        return
    sides = Sides(*(next(iter(side.values()), None) for side in (came, here, base)))
    name = next(iter({**base, **here, **came}))
    settled = settle(name, sides, choices_for(keep, name))
    files: dict[str, Stored] = dict.fromkeys({**here, **base, **came}, GONE)
    files |= came if settled.how == THERE else here
    how = NEW if came and not (here or base) else settled.how
    yield Arrival(
        next(iter(came or base)), how, "", files,
        _unlike({**dict.fromkeys(files, GONE), **came}, base), clashing({name: settled}),
    )  # fmt: skip


def _episode(session: Session, episode: EpisodeFolder, standing: Standing, keep: Keep) -> Arrival:
    name, guid = f"{EPISODES}/{episode.slug}", episode.front.guid
    saved = standing.episodes.get(guid)
    if saved is None:
        how = BURIED if guid in standing.buried else NEW
        came = dict(episode.files)
        return Arrival(name, how, folder_of(episode.slug), came, came, episode=episode)
    folder = folder_of(saved.slug)
    known = standing.folders.get(folder, {})
    if known == {each: (file.sha256,) * 2 for each, file in episode.files.items()}:
        return Arrival(name, SAME, folder, {}, {}, saved=saved)
    return _changed(session, episode, saved, list(known), keep)


def _changed(
    session: Session, episode: EpisodeFolder, saved: SavedEpisode, known: list[str], keep: Keep
) -> Arrival:
    """Return what becomes of an episode that stands here, as its letter leaves it."""
    name, folder = f"{EPISODES}/{episode.slug}", folder_of(saved.slug)
    rows = queries.list_standing(session, [f"{folder}{each}" for each in known])
    stand = {path.removeprefix(folder): files for path, files in rows.items()}
    naming = letters.get_letters(session, saved.id)
    came, here, base = (
        letters.without(session, naming, {each: file for each, file in side.items() if file.sha256})
        for side in (
            episode.files,
            {each: files[0] for each, files in stand.items()},
            {each: files[1] for each, files in stand.items()},
        )
    )
    settled = {
        each: settle(
            f"{name}/{each}",
            Sides(came.get(each), here.get(each), base.get(each)),
            choices_for(keep, f"{name}/{each}"),
        )
        for each in sorted({*came, *here, *base})
    }
    files = {each: one.file or GONE for each, one in settled.items()}
    standing = stand.get(INDEX, (GONE, GONE))[0]
    if INDEX in here and standing.sha256 != here[INDEX].sha256 and files[INDEX].sha256:
        files[INDEX] = text_file(letters.printed_again(files[INDEX].text, standing.text))
    conflicts = tuple((f"{name}/{each}", clash) for each, clash in clashing(settled))
    brought = _unlike({**dict.fromkeys(settled, GONE), **came}, base)
    how = how_all(settled)
    slug = _slug_in(files, settled, saved.slug) if how != OPEN else saved.slug
    return Arrival(name, how, folder_of(slug), files, brought, conflicts, saved, episode)


def _slug_in(files: Mapping[str, Stored], settled: Mapping[str, Settled], slug: str) -> str:
    if settled[INDEX].how in {SAME, HERE}:
        return slug
    return read(files[INDEX].text, file=INDEX).slug


def _leading_on(arrival: Arrival, arrivals: list[Arrival]) -> Arrival:
    """Return an episode that was out and moves as one whose old address leads to the new one.

    Not where another episode takes the old address.
    """
    saved = arrival.saved
    if saved is None or not saved.is_out or arrival.slug == saved.slug or not arrival.is_saved:
        return arrival
    if any(each.slug == saved.slug and each.is_saved for each in arrivals if each is not arrival):
        return arrival
    old = f"/{EPISODES}/{saved.slug}"
    index = arrival.files[INDEX].text
    aliases = read(index, file=INDEX).aliases
    files = arrival.files
    if old not in aliases:
        pieces = with_value(take_apart(index), "aliases", [*aliases, old], before="question")
        files = {**files, INDEX: text_file(put_together(pieces))}
    return replace(arrival, files=files, leads_from=saved.slug)


def _unlike(came: Mapping[str, Stored], base: Mapping[str, Stored]) -> dict[str, Stored]:
    """Return what came otherwise than last time."""
    return {name: file for name, file in came.items() if file.sha256 != base.get(name, GONE).sha256}


def _there(file: Stored) -> Stored | None:
    return file if file.sha256 else None
