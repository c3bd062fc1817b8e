"""Reading a show's bundle from a folder: all of it or, with every problem named, none of it.

Source of the formats: docs/bundle.md.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from webapp.episodes.expectations import Written, validate
from webapp.episodes.front_matter import read_as, split
from webapp.episodes.marked_yaml import MarkedYaml, load
from webapp.episodes.problems import BundleRefused
from webapp.studio.source.artwork import NAMES, read_artwork
from webapp.studio.source.checks import find_contradictions
from webapp.studio.source.episode_folders import read_episode
from webapp.studio.source.files import Bundle, EpisodeFolder, Person
from webapp.studio.source.reading import Folder
from webapp.studio.source.schema import HelpFile, PersonFile, ShowFile, TopicsFile
from webapp.writing import WritingRefused, render_text

SHARED = ("show.yaml", "topics.yaml", "help.yaml")
PEOPLE, EPISODES = "people", "episodes"
KNOWN = frozenset((*SHARED, *NAMES, PEOPLE, EPISODES))  # what lies at the top of a bundle

Tell = Callable[[int, int], None]

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NAME = "expected a name of small letters, digits and single hyphens"
_Model = TypeVar("_Model", bound=Written)


@dataclass(frozen=True, slots=True)
class Shared:
    """What is of the whole show, None where a text is not there."""

    show: ShowFile | None
    topics: TopicsFile | None
    help: HelpFile | None
    people: tuple[Person, ...]


class Texts(Folder):
    """Texts by their paths as a folder of a bundle, with nothing of it on a disk."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        super().__init__(Path("/nowhere"))
        self._given = texts

    def names(self, folder: str) -> Iterator[str]:
        """Yield the paths of the texts in a folder, sorted."""
        return (path for path in sorted(self._given) if path.startswith(f"{folder}/"))

    def has(self, name: str) -> bool:
        """Return whether there is such a text."""
        return name in self._given

    def text(self, name: str) -> str | None:
        """Return a text, None where there is none of that name."""
        return self._given.get(name)


def quietly(_done: int, _total: int) -> None:
    """Tell nobody how far it is."""


def read_bundle(folder: Path, tell: Tell = quietly) -> Bundle:
    """Return a folder's bundle; any of its files may be missing, but not all.

    Nothing outside of the folder is read. `tell` is told how many episodes are read, of all.
    Raises BundleRefused with everything that is wrong, by file and line.
    """
    found = Folder(folder)
    people = _people(found)
    bundle = Bundle(
        show=_show(found),
        topics=_topics(found),
        help=_yaml(found, HelpFile, "help.yaml"),
        artwork=read_artwork(found),
        people=people,
        episodes=_episodes(found, [person.head.name for person in people], tell),
        texts=found.texts,
        root=found.root,
    )
    found.problems.extend(find_contradictions(bundle))
    if not (found.texts or bundle.artwork or found.problems):
        found.say(str(folder), "expected show.yaml, people or episodes in this folder")
    if found.problems:
        unique = dict.fromkeys(found.problems)
        raise BundleRefused(sorted(unique, key=lambda problem: (problem.file, problem.line)))
    return bundle


def read_shared(texts: Mapping[str, str]) -> Shared:
    """Return what is of the whole show from texts by their paths. Raises BundleRefused."""
    found = Texts(texts)
    shared = Shared(
        _show(found), _topics(found), _yaml(found, HelpFile, "help.yaml"), _people(found)
    )
    if found.problems:
        raise BundleRefused(dict.fromkeys(found.problems))
    return shared


def list_left_out(folder: Path) -> tuple[str, ...]:
    """Return the paths of what lies in a bundle's folder and is no part of it, sorted."""
    found = Folder(folder)
    left = [path for path in found.names(".") if path not in KNOWN]
    left += [path for path in found.names(PEOPLE) if not path.endswith(".md")]
    for path in found.names(EPISODES):
        if not (found.root / path).is_dir():
            left.append(path)
        else:
            left += [each for each in found.names(path) if (found.root / each).is_dir()]
    return tuple(sorted(left))


def _yaml(folder: Folder, model: type[_Model], name: str) -> _Model | None:
    text = folder.text(name)
    marked = None if text is None else folder.attempt(load, text, file=name)
    return None if marked is None else folder.attempt(validate, model, marked, file=name)


def _show(folder: Folder) -> ShowFile | None:
    show = _yaml(folder, ShowFile, "show.yaml")
    if show is not None:
        _try_text(folder, show.about, "show.yaml", key="about")
    return show


def _topics(folder: Folder) -> TopicsFile | None:
    text = folder.text("topics.yaml")
    marked = None if text is None else folder.attempt(load, text, file="topics.yaml")
    if marked is None:
        return None
    lines = {("topics", *path): line for path, line in marked.lines.items()}
    under_a_key = MarkedYaml({"topics": marked.value}, lines)
    return folder.attempt(validate, TopicsFile, under_a_key, file="topics.yaml")


def _people(folder: Folder) -> tuple[Person, ...]:
    names = [name for name in folder.names(PEOPLE) if name.endswith(".md")]
    people = [_person(folder, name) for name in names]
    return tuple(person for person in people if person is not None)


def _person(folder: Folder, name: str) -> Person | None:
    slug = Path(name).stem
    if _SLUG.fullmatch(slug) is None:
        folder.say(name, f"{_NAME}, such as the-host.md")
    source = folder.text(name)
    head = None if source is None else folder.attempt(read_as, PersonFile, source, file=name)
    if source is None or head is None:
        return None
    bio = split(source)[1]
    _try_text(folder, bio, name)
    return Person(slug, head, bio)


def _episodes(folder: Folder, names: Sequence[str], tell: Tell) -> tuple[EpisodeFolder, ...]:
    """Return the episodes; `names` are those of people whose voices may be heard in them."""
    episodes = []
    places = list(folder.names(EPISODES))
    for done, name in enumerate(places):
        tell(done, len(places))
        if not folder.holds(name) or not (folder.root / name).is_dir():
            continue
        if _SLUG.fullmatch(Path(name).name) is None:
            folder.say(name, f"{_NAME}, such as getting-to-yes")
            continue
        episode = read_episode(folder, name, names)
        if episode is not None:
            episodes.append(episode)
    return tuple(episodes)


def _try_text(folder: Folder, text: str, name: str, *, key: str = "") -> None:
    """Note if a text in Markdown cannot be rendered."""
    try:
        render_text(text)
    except WritingRefused as refused:
        folder.say(name, str(refused), key=key)
