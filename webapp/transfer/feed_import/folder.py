"""A plan as the folder of a bundle: the same feed makes the same bytes."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from webapp.episodes.question_block import dump
from webapp.exceptions import Refused
from webapp.studio.drafts import compose
from webapp.studio.source.artwork import read_artwork
from webapp.studio.source.pieces import Row, put_together, take_yaml_apart, value_of, with_value
from webapp.studio.source.reading import Folder
from webapp.transfer.feed_import.fetching import PICTURE, Rules, fetch
from webapp.transfer.feed_import.plan import FeedPlan, PlannedEpisode

SHOW = "show.yaml"
NO_ARTWORK = "the show’s picture is drawn here, as the feed’s cannot be used: {why}"


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


def with_artwork_in(plan: FeedPlan, folder: Path, rules: Rules) -> FeedPlan:
    """Put the show's picture into its bundle, or say in the plan why not."""
    if not plan.artwork:
        return plan
    try:
        found = fetch(plan.artwork, limits=PICTURE, rules=rules)
    except Refused as refused:
        return replace(plan, remarks=(*plan.remarks, NO_ARTWORK.format(why=refused)))
    path = folder / ("artwork.png" if found.body.startswith(b"\x89PNG") else "artwork.jpg")
    path.write_bytes(found.body)
    looked_at = Folder(folder)
    if read_artwork(looked_at) is None:
        path.unlink()
        why = "; ".join(problem.expected for problem in looked_at.problems)
        return replace(plan, remarks=(*plan.remarks, NO_ARTWORK.format(why=why)))
    return plan
