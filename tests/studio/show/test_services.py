"""Changing the show, whoever asks: through its files, whole or not at all."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.studio.show.made import FILES, SHOW, a_picture, save_files, text_of
from webapp import storage
from webapp.episodes.bundle_files import GONE, save_file, text_file
from webapp.episodes.models import Episode, Medium, Season, Show
from webapp.episodes.problems import BundleRefused
from webapp.exceptions import Refused
from webapp.storage import current_settings, read
from webapp.storage.history import Actor
from webapp.studio.remaking import remake_all, remake_stale
from webapp.studio.rows import Pairs
from webapp.studio.saving import change_files
from webapp.studio.show import services
from webapp.studio.show.artwork import keep_artwork, make_artwork
from webapp.studio.show.changing import read_values
from webapp.studio.show.fields import Sheet
from webapp.studio.show.filling import fill, fingerprints
from webapp.studio.show.sheets import PERSON, SEASONS, WORDS
from webapp.studio.starting import start_draft

OWNER, EDITOR = Actor("Olive", "owner"), Actor("Edith", "editor")


@pytest.fixture(autouse=True)
def _files(in_app: object) -> None:
    save_files()


def stands(sheet: Sheet, file: str = "") -> Pairs:
    """Return a form as its file stands."""
    return fill(sheet, read_values(file or sheet.file, text_of(file or sheet.file)))


def save(sheet: Sheet, changes: dict[str, str], *, actor: Actor = OWNER) -> bool:
    """Save a form with some of its fields changed."""
    now = stands(sheet)
    typed = tuple((dict(now) | changes).items())
    seen = fingerprints(sheet, now)
    return storage.write(services.save_sheet, sheet=sheet, typed=typed, seen=seen, actor=actor)


def test_only_owners_change_the_show(in_app: object):
    with pytest.raises(Refused, match="takes an owner"):
        save(WORDS, {"name": "Mine"}, actor=EDITOR)
    with pytest.raises(Refused, match="takes an owner"):
        storage.write(services.remove_artwork, actor=EDITOR)
    with pytest.raises(Refused, match="takes an owner"):
        storage.write(
            services.save_person,
            sheet=PERSON,
            slug="the-host",
            typed=(),
            seen={},
            to="the-host",
            actor=EDITOR,
        )
    assert text_of("show.yaml") == SHOW


def test_saving_what_is_so_already_changes_nothing(in_app: object):
    assert save(WORDS, {}) is False
    assert save(WORDS, {"name": "New"}) is True
    assert save(WORDS, {"name": "New"}) is False


def test_a_show_that_is_refused_leaves_everything_as_it_was(in_app: object):
    with pytest.raises(BundleRefused) as caught:
        save(SEASONS, {"seasons-0-title": "", "seasons-1-ink": "#333333"})
    assert [problem.key for problem in caught.value.problems] == [
        "seasons.1.title",
        "seasons.2.ink",
    ]
    assert text_of("show.yaml") == SHOW
    assert read().scalars(select(Season.title).order_by(Season.number)).all() == ["One", "Noise"]


def test_what_an_import_brought_stays_known(in_app: object):
    save(WORDS, {"name": "New"})
    files = {path for path in FILES if text_of(path) != FILES[path]}
    assert files == {"show.yaml"}


def test_the_worker_draws_anew_what_had_the_old_name_and_the_old_colours(
    in_app: object, media: object
):
    storage.write(_forget_noise)
    started = storage.write(start_draft, actor=EDITOR, title="Thin walls", season=1, topics=())
    change_files(
        lambda files: {
            **files,
            "index.md": text_file(files["index.md"].text + "\nKnock first.\n"),
        },
        episode_id=started,
        actor=EDITOR,
    )
    remake_all()
    before = drawn()
    assert before["artwork"]
    assert remake_stale() == 0

    save(WORDS, {"name": "Another Show"})
    remake_all()
    named = drawn()
    assert named["square"] != before["square"]
    assert named["artwork"] != before["artwork"]

    save(SEASONS, {"seasons-0-field": "#0C5B62"})
    remake_all()
    assert drawn()["square"] != named["square"]
    assert remake_stale() == 0


def test_artwork_that_was_brought_is_not_drawn_over(in_app: object, media: object):
    storage.write(_forget_noise)
    name, content_type, data = make_artwork(a_picture())
    file = keep_artwork(current_settings().media_path, content_type, data)
    assert storage.write(services.save_artwork, name=name, file=file, actor=OWNER)
    assert not storage.write(services.save_artwork, name=name, file=file, actor=OWNER)
    save(WORDS, {"name": "Another Show"})
    remake_all()
    assert drawn()["artwork"] == file.sha256
    assert storage.write(services.remove_artwork, actor=OWNER)
    assert not storage.write(services.remove_artwork, actor=OWNER)


def test_a_show_begins_with_one_season(in_app: object):
    storage.write(_forget_show)
    now = fill(WORDS, read_values("show.yaml", services.first_text("show.yaml")))
    words = {"name": "N", "language": "en", "timezone": "UTC", "email": "a@b.example"}
    typed = tuple((dict(now) | words).items())
    assert storage.write(
        services.save_sheet, sheet=WORDS, typed=typed, seen=fingerprints(WORDS, now), actor=OWNER
    )
    assert read().scalars(select(Show.name)).one() == "N"
    assert text_of("show.yaml").startswith("seasons:\n  - number: 1\n")


def drawn() -> dict[str, str]:
    """Return the hashes of what was drawn of the one episode, and of the show."""
    read().rollback()
    pictures = read().execute(select(Medium.role, Medium.sha256))
    return {row.role: row.sha256 for row in pictures} | {
        "artwork": read().scalars(select(Show.artwork_sha256)).one()
    }


def _forget_noise(session: Session) -> None:
    """Leave no episode that has no files of its own."""
    for episode in session.scalars(select(Episode)).all():
        session.delete(episode)


def _forget_show(session: Session) -> None:
    _forget_noise(session)
    session.flush()
    for model in (Season, Show):
        for row in session.scalars(select(model)).all():
            session.delete(row)
    save_file(session, path="show.yaml", file=GONE)
