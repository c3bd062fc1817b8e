"""Making ready what a bundle changes: its result is checked, and made into pages with pictures.

What is brought together of two sides is looked at as if it had come so: a part that one of them
took out and the other one names is a mistake, and refused like any other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.orm import Session

from webapp.episodes.bundle_files import Stored
from webapp.episodes.pages import SeasonLabel
from webapp.episodes.problems import BundleProblem, BundleRefused
from webapp.studio.revisions import INDEX
from webapp.studio.saving import TAKEN
from webapp.studio.source import media_store
from webapp.studio.source.artwork import NAMES
from webapp.studio.source.checks import find_contradictions, find_unknown
from webapp.studio.source.files import Bundle, EpisodeFolder, Known
from webapp.studio.source.making import House, keep_pictures, make_episode, with_look
from webapp.studio.source.queries import get_house
from webapp.transfer.bundle import Shared, Tell, list_left_out, read_shared
from webapp.transfer.comparing import HERE, MERGED, OPEN, SAME
from webapp.transfer.plan import Keep, Plan
from webapp.transfer.planning import (
    BURIED,
    NEW,
    Arrival,
    Standing,
    get_standing,
    look_at,
)

NO_PART = "no part of a bundle"
THROWN_AWAY = "it was thrown away here"


@dataclass(frozen=True, slots=True)
class Work:
    """What an import is to save: by `arrivals`, with the pages of episodes by their guids.

    `shared` is what changes of the whole show; `standing` what it was found out with.
    """

    plan: Plan
    arrivals: Sequence[Arrival]
    shared: Shared
    pages: Mapping[str, EpisodeFolder]
    standing: Standing
    bundle: Bundle


def prepare(session: Session, bundle: Bundle, keep: Keep) -> Work:
    """Return what taking in a bundle would save. Changes nothing.

    Raises BundleRefused when what would stand here then contradicts itself, or names what is
    nowhere.
    """
    standing = get_standing(session)
    arrivals = look_at(session, bundle, standing, keep)
    saved = [each for each in arrivals if each.is_saved]
    shared = read_shared(
        {
            name: file.text
            for each in saved
            if each.episode is None
            for name, file in each.files.items()
            if name not in NAMES
        }
    )
    house = house_after(get_house(session), shared, saved)
    pages = _make(saved, house)
    _refuse_wrong(pages, shared, house.known, standing)
    plan = _plan(bundle.root, arrivals)
    return Work(plan, arrivals, shared, pages, standing, bundle)


def keep_media(work: Work, house: House, folder: Path, tell: Tell) -> Work:
    """Put the files of what changes in their place, and draw its pictures; return it with them.

    `tell` is told how many episodes are ready, of all. What comes to nothing does no harm there.
    """
    root, pages = work.bundle.root, dict(work.pages)
    if work.bundle.artwork is not None:
        artwork = work.bundle.artwork
        media_store.keep_file(folder, artwork.path, artwork.sha256)
    changed = [
        (each, each.episode.front.guid)
        for each in work.arrivals
        if each.is_saved and each.episode is not None
    ]
    for done, (arrival, guid) in enumerate(changed):
        tell(done, len(changed))
        for name, file in arrival.files.items():
            if _came(arrival, name, file):
                media_store.keep_file(folder, root / arrival.name / name, file.sha256)
        pages[guid] = keep_pictures(pages[guid], house, folder)
    return replace(work, pages=pages)


def house_after(house: House, shared: Shared, saved: Iterable[Arrival]) -> House:
    """Return what episodes are made in, as it will be after an import."""
    names = {**house.names, **{person.slug: person.head.name for person in shared.people}}
    guids = {each.episode.front.guid for each in saved if each.episode}
    known = replace(
        house.known,
        guids={slug: guid for slug, guid in house.known.guids.items() if guid not in guids},
    )
    new = {
        slug: 0 for slug in (person.slug for person in shared.people) if slug not in known.people
    }
    topics = {topic.slug: 0 for topic in (shared.topics.topics if shared.topics else ())}
    known = replace(known, people={**new, **known.people}, topics={**topics, **known.topics})
    if shared.show is None:
        return replace(house, names=names, known=known)
    seasons = {season.number: SeasonLabel(**season.model_dump()) for season in shared.show.seasons}
    return House(
        known=replace(known, seasons=known.seasons | frozenset(seasons)),
        show=shared.show.name,
        seasons={**house.seasons, **seasons},
        names=names,
    )


def _make(saved: Iterable[Arrival], house: House) -> dict[str, EpisodeFolder]:
    """Return the pages of what changes, by guid: as they came, or made of what became of them."""
    pages: dict[str, EpisodeFolder] = {}
    problems: list[BundleProblem] = []
    for arrival in saved:
        came = arrival.episode
        if came is None:
            continue
        files = {name: file for name, file in arrival.files.items() if file.sha256}
        try:
            is_as_it_came = files == came.files and arrival.slug == came.slug
            made = (
                with_look(came, house)
                if is_as_it_came
                else make_episode(arrival.slug, files, house)
            )
        except BundleRefused as refused:
            problems += refused.problems
        else:
            pages[came.front.guid] = made
    if problems:
        raise BundleRefused(dict.fromkeys(problems))
    return pages


def _refuse_wrong(
    pages: Mapping[str, EpisodeFolder], shared: Shared, known: Known, standing: Standing
) -> None:
    after = Bundle(
        shared.show, shared.topics, None, None, shared.people, tuple(pages.values()), {}, Path()
    )
    problems = [
        *find_contradictions(replace(after, show=None)),
        *find_unknown(after, known),
        *(
            page.problem(("slug",), TAKEN)
            for guid, page in pages.items()
            if any(slug == page.slug and other != guid for other, slug in standing.buried.items())
        ),
    ]
    if problems:
        raise BundleRefused(dict.fromkeys(problems))


def _plan(root: Path, arrivals: Sequence[Arrival]) -> Plan:
    def named(*hows: str) -> tuple[str, ...]:
        return tuple(each.name for each in arrivals if each.how in hows)

    others = (NEW, SAME, MERGED, HERE, OPEN, BURIED)
    return Plan(
        new=named(NEW),
        changed=tuple(each.name for each in arrivals if each.how not in others),
        unchanged=named(SAME),
        merged=named(MERGED),
        here=named(HERE),
        left_out=(
            *((name, THROWN_AWAY) for name in named(BURIED)),
            *((name, NO_PART) for name in list_left_out(root)),
        ),
        redirects=tuple(
            (f"/episodes/{each.leads_from}", f"/episodes/{each.slug}")
            for each in arrivals
            if each.leads_from
        ),
        conflicts=tuple(clash for each in arrivals for clash in each.conflicts),
    )


def _came(arrival: Arrival, name: str, file: Stored) -> bool:
    """Return whether a file that is no text is to be taken from the bundle's folder."""
    if file.is_text or arrival.episode is None or name == INDEX:
        return False
    brought = arrival.episode.files.get(name)
    return brought is not None and brought.sha256 == file.sha256
