"""Pages are made anew when colours, names or our own code have changed; files stay as they are."""

from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.moderation.clustering import EDITH
from webapp import storage
from webapp.episodes.bundle_files import list_files, save_text
from webapp.episodes.models import Episode, Medium, Season, Show
from webapp.episodes.services import forget_look
from webapp.studio.remaking import BATCH, remake_all, remake_stale
from webapp.studio.starting import start_draft


@pytest.fixture(autouse=True)
def _looked_at(in_app: object, media: Path) -> None:
    remake_all()


def draft(title: str) -> int:
    return storage.write(start_draft, actor=EDITH, title=title, season=1)


def pictures(session: Session, episode_id: int) -> dict[str, str]:
    session.rollback()
    drawn = select(Medium.role, Medium.sha256).where(Medium.episode_id == episode_id)
    return {row.role: row.sha256 for row in session.execute(drawn)}


def paint(session: Session) -> None:
    session.execute(update(Season).where(Season.number == 1).values(field="#0C5B62"))


def test_a_draft_that_was_just_started_gets_its_pictures(session: Session):
    episode_id = draft("Thin walls")
    assert pictures(session, episode_id) == {}
    remake_all()
    assert set(pictures(session, episode_id)) == {"poster", "square"}


def test_other_colours_draw_pictures_anew_and_leave_files_and_revisions(session: Session):
    episode_id = draft("Thin walls")
    remake_all()
    before, files = pictures(session, episode_id), list_files(session)
    storage.write(paint)
    assert remake_stale() >= 1
    remake_all()
    after = pictures(session, episode_id)
    assert after["poster"] != before["poster"]
    assert list_files(session) == files
    assert session.get_one(Episode, episode_id).revision == 1


def test_a_round_makes_a_batch_and_nothing_is_looked_for_once_all_is_made(session: Session):
    for number in range(BATCH + 1):
        draft(f"Walls {number}")
    session.rollback()
    assert remake_stale() == BATCH
    session.rollback()
    remake_all()
    session.rollback()
    assert session.scalar(select(Show.look)) != ""
    assert remake_stale() == 0


def test_a_page_whose_files_no_longer_do_stays_as_it_was_made(session: Session):
    episode_id = draft("Thin walls")
    storage.write(save_text, path="episodes/thin-walls/index.md", text="No front matter.")
    storage.write(forget_look)
    session.rollback()
    remake_all()
    session.rollback()
    assert session.get_one(Episode, episode_id).title == "Thin walls"
    assert remake_stale() == 0
