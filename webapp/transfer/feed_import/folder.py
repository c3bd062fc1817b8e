"""A plan as the folder of a bundle: the same feed makes the same bytes."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from webapp.episodes.question_block import dump
from webapp.studio.drafts import compose
from webapp.studio.source.pieces import Row, put_together, take_yaml_apart, value_of, with_value
from webapp.transfer.feed_import.plan import FeedPlan, PlannedEpisode

SHOW = "show.yaml"


def write_folder(plan: FeedPlan, folder: Path, *, show: str = "") -> None:
    """Write what an import of a feed brings; `show` is show.yaml as it stands, if it does.

    A show that is there stays as it is, but for seasons that it lacks.
    """
    for name, text in texts_of(plan, show=show).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


def texts_of(plan: FeedPlan, *, show: str = "") -> dict[str, str]:
    """Return the text files that an import of a feed brings, by their paths in the bundle."""
    texts = dict(_shared(plan, show))
    for person in plan.people:
        texts[f"people/{person.slug}.md"] = compose(person.front, "")
    for episode in plan.episodes:
        for name, text in files_of(episode).items():
            texts[f"episodes/{episode.slug}/{name}"] = text
    return texts


def files_of(episode: PlannedEpisode) -> Mapping[str, str]:
    """Return the text files of an episode that need no fetching, by their names."""
    return {"index.md": compose(episode.front, episode.body), **episode.texts}


def fingerprint_of(episode: PlannedEpisode) -> str:
    """Return a hash of all that an item says."""
    texts = "\0".join(f"{name}\0{text}" for name, text in sorted(files_of(episode).items()))
    return sha256(f"{texts}\0{episode.files}".encode()).hexdigest()


def lacking_seasons(plan: FeedPlan, show: str) -> list[Mapping[str, object]]:
    """Return the seasons that a feed has and the show does not."""
    known = value_of(take_yaml_apart(show).find("seasons"))
    items = known if isinstance(known, list) else []
    numbers = {str(item.get("number")) for item in items if isinstance(item, Mapping)}
    return [season for season in plan.show["seasons"] if str(season["number"]) not in numbers]


def _shared(plan: FeedPlan, show: str) -> Iterator[tuple[str, str]]:
    if not show:
        yield SHOW, dump(plan.show)
        if plan.topics:
            yield "topics.yaml", "".join(_as_item(dump(topic)) for topic in plan.topics)
        return
    lacking = lacking_seasons(plan, show)
    if lacking:
        pieces = take_yaml_apart(show)
        known = value_of(pieces.find("seasons"))
        count = len(known) if isinstance(known, list) else 0
        rows = [*(Row({}, was=at) for at in range(count)), *(Row(season) for season in lacking)]
        yield SHOW, put_together(with_value(pieces, "seasons", rows))


def _as_item(text: str) -> str:
    """Return a mapping in YAML as an item of a list."""
    first, *others = text.splitlines()
    return "\n".join([f"- {first}", *(f"  {line}" for line in others)]) + "\n"
