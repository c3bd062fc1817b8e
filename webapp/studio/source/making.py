"""An episode made of its files as they are kept: what a save and a preview do alike.

Nothing is read from the folder of a bundle and nothing is saved here; what is wrong is refused
with its line, as an import would.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from webapp.episodes.bundle_files import Files
from webapp.episodes.pages import SeasonLabel
from webapp.episodes.problems import BundleProblem, BundleRefused
from webapp.studio.source import media_store
from webapp.studio.source.checks import find_unknown, find_wrong_within
from webapp.studio.source.columns import RENDERING
from webapp.studio.source.episode_folders import read_episode
from webapp.studio.source.files import Bundle, EpisodeFolder, Known
from webapp.studio.source.pictures import draw_pictures
from webapp.studio.source.stored import StoredFolder


@dataclass(frozen=True, slots=True)
class House:
    """What an episode is made in: what it may name, and how the show looks.

    `names` are those of people by their slug, `seasons` are by their number.
    """

    known: Known
    show: str
    seasons: Mapping[int, SeasonLabel]
    names: Mapping[str, str]


def make_episode(slug: str, files: Files, house: House) -> EpisodeFolder:
    """Return an episode made of its files, with its look and without pictures.

    Raises BundleRefused with everything that is wrong.
    """
    folder = StoredFolder(slug, files)
    episode = read_episode(folder, f"episodes/{slug}", list(house.names.values()))
    problems = list(folder.problems)
    if episode is not None:
        problems += [*find_wrong_within(episode), *find_strange(episode, house.known)]
    if problems or episode is None:
        raise BundleRefused(dict.fromkeys(problems))
    return with_look(episode, house)


def find_strange(episode: EpisodeFolder, known: Known) -> Iterator[BundleProblem]:
    """Yield what an episode names that is nowhere, and addresses that are another's."""
    alone = Bundle(None, None, None, None, (), (episode,), {}, Path("/nowhere"))
    return find_unknown(alone, known)


def with_look(episode: EpisodeFolder, house: House) -> EpisodeFolder:
    """Return an episode that knows what it is made of beside its files."""
    season = house.seasons.get(episode.front.episode.season)
    heard = [house.names.get(item.person, "") for item in episode.front.contributors]
    return replace(episode, look=look_of(house.show, season, heard))


def look_of(show: str, season: SeasonLabel | None, heard: Sequence[str]) -> str:
    """Return what an episode's pictures and its words in the search are made of, as a hash.

    That is the show's name, the season's colours, the names of who is heard, and our own code.
    """
    colours = (season.field, season.ink) if season else ("", "")
    seen = "\0".join((str(RENDERING), show, *colours, *heard))
    return sha256(seen.encode()).hexdigest()


def keep_pictures(episode: EpisodeFolder, house: House, folder: Path) -> EpisodeFolder:
    """Draw an episode's pictures into the folder of media, and return it with them."""
    season = house.seasons[episode.front.episode.season]
    drawn = {
        role: media_store.keep_picture(folder, f"{role}.jpg", picture)
        for role, picture in draw_pictures(episode, house.show, season)
    }
    return replace(episode, drawn=drawn)
