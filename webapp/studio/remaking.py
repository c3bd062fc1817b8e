"""Making pages anew that were made of another look: colours, names, or an older version of us.

The worker does it, so that whoever changes a colour waits for no picture. Files stay what they
are, and so do revisions.
"""

import logging
from collections.abc import Iterator
from hashlib import sha256

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp import storage
from webapp.episodes import services
from webapp.episodes.bundle_files import Files, list_files
from webapp.episodes.expectations import validate
from webapp.episodes.front_matter import read_as, split
from webapp.episodes.marked_yaml import load
from webapp.episodes.models import Contribution, Episode, Show
from webapp.episodes.models import Person as PersonRow
from webapp.episodes.problems import BundleRefused
from webapp.studio.revisions import fingerprint_of, folder_of
from webapp.studio.saving import Made, make, replace_page
from webapp.studio.source import columns, media_store
from webapp.studio.source.columns import RENDERING
from webapp.studio.source.episode_folders import look_at
from webapp.studio.source.files import Person
from webapp.studio.source.making import House, keep_pictures, look_of
from webapp.studio.source.media import JPEG
from webapp.studio.source.pictures import draw_artwork
from webapp.studio.source.queries import get_house, has_artwork_of_its_own
from webapp.studio.source.schema import PersonFile, ShowFile
from webapp.studio.source.stored import OPAQUE

BATCH = 5  # pictures take a while, and other chores wait

log = logging.getLogger(__name__)


def remake_stale() -> int:
    """Make anew a batch of episodes whose look is old; return how many that were."""
    session = storage.read()
    house = get_house(session)
    whole = _look_of_all(house)
    if session.scalar(select(Show.look)) in {whole, None}:
        return 0
    stale = list(_stale(session, house))
    for episode_id, look in stale[:BATCH]:
        _remake(episode_id, look, house)
    if len(stale) <= BATCH:
        storage.write(_settle, whole=whole, drawn=_draw_artwork(house))
    return len(stale[:BATCH])


def remake_all() -> None:
    """Make anew everything whose look is old, however long it takes."""
    while remake_stale():
        storage.read().rollback()


def _look_of_all(house: House) -> str:
    seasons = sorted((each.number, each.field, each.ink) for each in house.seasons.values())
    return sha256(
        repr((RENDERING, house.show, seasons, sorted(house.names.items()))).encode()
    ).hexdigest()


def _stale(session: Session, house: House) -> Iterator[tuple[int, str]]:
    """Yield the episodes that were made of another look, each with the one that it is to have."""
    heard: dict[int, list[str]] = {}
    named = select(Contribution.episode_id, PersonRow.name).join(PersonRow)
    for row in session.execute(named.order_by(Contribution.episode_id, Contribution.position)):
        heard.setdefault(row.episode_id, []).append(row.name)
    looks = select(Episode.id, Episode.season, Episode.look).order_by(Episode.id.desc())
    for episode in session.execute(looks).all():
        season = house.seasons.get(episode.season)
        look = look_of(house.show, season, heard.get(episode.id, []))
        if look != episode.look:
            yield episode.id, look


def _remake(episode_id: int, look: str, house: House) -> None:
    session = storage.read()
    row = session.execute(select(Episode.slug, Episode.guid).where(Episode.id == episode_id)).one()
    files = _looked_at(list_files(session, folder=folder_of(row.slug)))
    try:
        episode = make(session, files, house, guid=row.guid)
    except BundleRefused:  # of files that an older version took; the page stays as it was made
        log.warning("The page of an episode cannot be made anew: number %s", episode_id)
        storage.write(_mark_made, episode_id=episode_id, look=look)
        return
    drawn = keep_pictures(episode, house, storage.current_settings().media_path)
    storage.write(replace_page, made=Made(episode_id, fingerprint_of(files), drawn))


def _looked_at(files: Files) -> Files:
    """Return files with what an older version kept without looking at it looked at now."""
    folder = storage.current_settings().media_path
    found = dict(files)
    for name, file in files.items():
        place = media_store.place_of(folder, file.sha256)
        if file.content_type == OPAQUE and place.is_file():
            found[name] = look_at(place, name)
    return found


def _mark_made(session: Session, *, episode_id: int, look: str) -> None:
    session.execute(update(Episode).where(Episode.id == episode_id).values(look=look))


def _draw_artwork(house: House) -> str:
    """Draw the show's artwork, and return its hash; empty where the show brings its own."""
    if has_artwork_of_its_own(storage.read()) or not house.seasons:
        return ""
    picture = draw_artwork(house.show, house.seasons[min(house.seasons)])
    folder = storage.current_settings().media_path
    return media_store.keep_picture(folder, "artwork.jpg", picture).sha256


def _settle(session: Session, *, whole: str, drawn: str) -> None:
    """Finish: the words of the show and its people too, where an older version rendered them."""
    if drawn:
        services.save_artwork(session, sha256=drawn, content_type=JPEG)
    if session.scalar(select(Show.rendering)) != RENDERING:
        _render_words(session)
    session.execute(update(Show).values(look=whole, rendering=RENDERING))


def _render_words(session: Session) -> None:
    for path, file in list_files(session).items():
        if path == "show.yaml":
            show = validate(ShowFile, load(file.text, file=path), file=path)
            values, seasons = columns.of_show(show)
            services.save_show(session, columns=values, seasons=seasons)
        elif path.startswith("people/") and path.endswith(".md"):
            slug = path.removeprefix("people/").removesuffix(".md")
            head = read_as(PersonFile, file.text, file=path)
            person = Person(slug, head, split(file.text)[1])
            services.save_person(session, slug=slug, columns=columns.of_person(person))
