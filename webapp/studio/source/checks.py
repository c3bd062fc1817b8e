"""What the files of a bundle must not say against each other."""

from collections.abc import Callable, Iterable, Iterator
from urllib.parse import unquote

from webapp.episodes.marked_yaml import Path
from webapp.episodes.problems import BundleProblem
from webapp.studio.source.files import Bundle, EpisodeFolder, Known


def find_contradictions(bundle: Bundle) -> Iterator[BundleProblem]:
    """Yield what contradicts itself in a bundle whose files can each be read.

    Whether a person, a topic or a season exists is looked up in the bundle if it is a whole show
    (show.yaml, with topics.yaml or people/ beside it). In a part of a show they may be known to
    the database, and only an import can tell.
    """
    yield from _twice(bundle.episodes, "guid", lambda episode: [episode.front.guid])
    yield from _twice(bundle.episodes, "slug", lambda episode: [episode.front.slug])
    yield from _twice(
        bundle.episodes, "aliases", lambda episode: map(unquote, episode.front.aliases)
    )
    for episode in bundle.episodes:
        yield from find_wrong_within(episode)
        if bundle.show is not None:
            yield from _unknown(bundle, episode)


def _twice(
    episodes: Iterable[EpisodeFolder],
    key: str,
    values_of: Callable[[EpisodeFolder], Iterable[str]],
) -> Iterator[BundleProblem]:
    """Yield a problem for each value that an episode shares with one before it."""
    seen: dict[str, str] = {}
    for episode in episodes:
        for value in values_of(episode):
            if value in seen:
                words = f"expected one of its own; {seen[value]} has the same, {value}"
                yield episode.problem((key,), words)
            seen.setdefault(value, episode.index)


def find_wrong_within(episode: EpisodeFolder) -> Iterator[BundleProblem]:
    """Yield what an episode's head says against its folder, or against parts of its text."""
    front = episode.front
    if front.slug != episode.slug:
        yield episode.problem(("slug",), f"expected the name of the folder, {episode.slug}")
    known = {part.id for part in episode.expansion.parts}
    mentions: list[tuple[Path, str]] = [
        *((("notes", at, "about"), note.part) for at, note in enumerate(front.notes)),
        *((("parts", at, "id"), part.id) for at, part in enumerate(front.parts)),
        *((("corrections", at, "part"), item.part) for at, item in enumerate(front.corrections)),
    ]
    for path, part in mentions:
        if part and part not in known:
            words = f"expected the id of a part of the text; there is no {{#{part}}}"
            yield episode.problem(path, words)


def find_unknown(bundle: Bundle, known: Known) -> Iterator[BundleProblem]:
    """Yield what episodes name that neither the bundle nor the database has.

    Also a slug or an old address that the database knows as another episode's; an episode keeps
    the slug that it is saved under, whatever else claims it.
    """
    old, live = _addresses(bundle, known)
    for episode in bundle.episodes:
        yield from _unknown(bundle, episode, known)
        slug, guid = episode.front.slug, episode.front.guid
        saved = known.guids.get(slug)
        if saved not in {None, guid}:
            words = f"expected a slug of its own; another episode is saved as {slug}"
            yield episode.problem(("slug",), words)
        elif saved is None and old.get(f"/episodes/{slug}", guid) != guid:
            words = f"expected a slug that no other episode had; {slug} leads to one"
            yield episode.problem(("slug",), words)
        for at, alias in enumerate(episode.front.aliases):
            path = unquote(alias)
            if any(leads.get(path, guid) != guid for leads in (known.aliases, live)):
                words = f"expected an address that no other episode had; {alias} is taken"
                yield episode.problem(("aliases", at), words)


def _addresses(bundle: Bundle, known: Known) -> tuple[dict[str, str], dict[str, str]]:
    """Return the guids of episodes by their old addresses and by their own, once all is in."""
    brought = {episode.front.guid for episode in bundle.episodes}
    old = {path: guid for path, guid in known.aliases.items() if guid not in brought}
    live = {f"/episodes/{slug}": guid for slug, guid in known.guids.items() if guid not in brought}
    for episode in bundle.episodes:
        live[f"/episodes/{episode.front.slug}"] = episode.front.guid
    return old, live


def _unknown(
    bundle: Bundle, episode: EpisodeFolder, known: Known | None = None
) -> Iterator[BundleProblem]:
    """Yield every mention of a season, a topic or a person that is nowhere.

    Without the database, what a bundle has no file for may be known to it, and passes.
    """
    front = episode.front
    seasons = {season.number for season in bundle.show.seasons} if bundle.show else set()
    if front.episode.season not in seasons | (known.seasons if known else set()):
        words = f"expected a season of show.yaml; there is no {front.episode.season}"
        yield episode.problem(("episode", "season"), words)
    topics = {topic.slug for topic in bundle.topics.topics} if bundle.topics else set()
    for at, topic in enumerate(front.topics):
        if (known or topics) and topic not in topics | set(known.topics if known else ()):
            words = f"expected a topic of topics.yaml; there is no {topic}"
            yield episode.problem(("topics", at), words)
    people = {person.slug for person in bundle.people}
    for at, contributor in enumerate(front.contributors):
        name = contributor.person
        if (known or people) and name not in people | set(known.people if known else ()):
            words = f"expected somebody in people/; there is no {name}.md"
            yield episode.problem(("contributors", at, "person"), words)
