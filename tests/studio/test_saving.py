"""Saving an episode's files: as a page and a revision at once, or not at all."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.moderation.clustering import EDITH, SAM
from tests.studio.asked import WORDS, chosen, start
from webapp import storage
from webapp.episodes import queries
from webapp.episodes.bundle_files import Files, list_files, text_file
from webapp.episodes.models import Alias, Episode
from webapp.episodes.problems import BundleRefused
from webapp.episodes.searching import search
from webapp.exceptions import NotFound, Refused
from webapp.storage.history import Act
from webapp.studio.models import Revision, Tombstone
from webapp.studio.revisions import INDEX, get_revision
from webapp.studio.saving import change_files, make_ready, save_made
from webapp.studio.services import publish
from webapp.studio.starting import start_draft

pytestmark = pytest.mark.usefixtures("in_app")


def draft(title: str = "Thin walls") -> int:
    return storage.write(start_draft, actor=EDITH, title=title, season=1)


def edit(old: str, new: str) -> Callable[[Files], Files]:
    def change(files: Files) -> Files:
        return {**files, INDEX: text_file(files[INDEX].text.replace(old, new))}

    return change


def write(episode_id: int, old: str, new: str, **how: object) -> int | None:
    return change_files(edit(old, new), episode_id=episode_id, **({"actor": EDITH} | how))


def index_of(slug: str) -> str:
    storage.read().rollback()
    return list_files(storage.read(), folder=f"episodes/{slug}/")[INDEX].text


def stands(episode_id: int) -> Episode:
    storage.read().rollback()
    return storage.read().get_one(Episode, episode_id, populate_existing=True)


def test_what_is_saved_is_the_page_the_file_and_a_revision(session: Session):
    episode_id = draft()
    number = write(episode_id, "---\n\n", "---\n\nKnock first.\n\n## One {#one}\n\nThen wait.\n")

    assert number == 2
    assert "Then wait." in index_of("thin-walls")
    assert "Then wait." in stands(episode_id).document
    assert "Then wait." in get_revision(session, episode_id, 2)[INDEX].text
    assert "Then wait." not in get_revision(session, episode_id, 1)[INDEX].text
    revision = session.get(Revision, (episode_id, 2))
    assert (revision.author, revision.action) == (EDITH.label, "saved")
    acts = select(Act.action).where(Act.subject == "episode")
    assert session.scalars(acts).all() == ["saved"]


def test_what_changes_nothing_makes_no_revision():
    episode_id = draft()
    assert write(episode_id, "never there", "nor there") is None
    assert stands(episode_id).revision == 1


def test_what_is_wrong_is_refused_whole_with_its_line():
    episode_id = draft()
    with pytest.raises(BundleRefused) as caught:
        write(episode_id, "season: 1", "season: 77")
    (problem,) = caught.value.problems
    assert problem.key == "episode.season"
    assert problem.line > 0
    assert stands(episode_id).season == 1


def test_a_guid_never_changes():
    episode_id = draft()
    with pytest.raises(BundleRefused, match="it never changes"):
        write(episode_id, f"guid: {stands(episode_id).guid}", "guid: another")


def test_an_address_of_what_was_thrown_away_is_nobodys_else():
    episode_id = draft()

    def bury(session: Session) -> None:
        session.add(Tombstone(guid="gone", slug="gone", on=date(2026, 3, 3)))

    storage.write(bury)
    with pytest.raises(BundleRefused, match="thrown away"):
        write(episode_id, "slug: thin-walls", "slug: gone")


def test_an_address_that_leads_to_another_episode_is_that_ones_alone():
    moved, other = draft("Thin walls"), draft("Earplugs")
    write(moved, "slug: thin-walls", 'slug: thick-walls\naliases: ["/episodes/thin-walls"]')
    for taken in (
        "slug: thin-walls",
        'slug: earplugs\naliases: ["/episodes/thick-walls"]',
    ):
        with pytest.raises(BundleRefused, match="expected a"):
            write(other, "slug: earplugs", taken)
    assert stands(other).slug == "earplugs"


def test_a_change_of_address_takes_all_files_along(session: Session):
    episode_id = draft()
    write(episode_id, "slug: thin-walls", 'slug: thick-walls\naliases: ["/old"]')
    assert stands(episode_id).slug == "thick-walls"
    assert list(list_files(session, folder="episodes/thin-walls/")) == []
    assert "thick" in index_of("thick-walls")
    assert session.scalars(select(Alias.path)).all() == ["/old"]


def test_what_is_out_is_changed_at_once_and_stays_out_since_when_it_was(session: Session):
    episode_id = draft()
    storage.write(publish, episode_id=episode_id, actor=EDITH)
    before = stands(episode_id).published_at
    write(episode_id, "---\n\n", "---\n\nA walrus knocks.\n")
    assert stands(episode_id).published_at == before
    assert "walrus" in queries.get_published(session, "thin-walls").document.short_answer_html
    assert [found.slug for found in search(session, "walrus").episodes] == ["thin-walls"]


def test_a_change_that_was_overtaken_is_made_again_of_what_stands_now():
    episode_id = draft()
    overtaken = []

    def change(files: Files) -> Files:
        if not overtaken:
            overtaken.append(write(episode_id, "title: Thin walls", "title: Thick walls"))
        return edit("---\n\n", "---\n\nKnock.\n")(files)

    change_files(change, episode_id=episode_id, actor=EDITH)
    assert "title: Thick walls" in index_of("thin-walls")
    assert "Knock." in index_of("thin-walls")
    assert stands(episode_id).revision == 3


def test_of_two_that_take_one_address_at_once_one_is_told(session: Session):
    first, second = draft("Thin walls"), draft("Earplugs")
    made = make_ready(session, episode_id=second, change=edit("slug: earplugs", "slug: contested"))
    write(first, "slug: thin-walls", "slug: contested")
    with pytest.raises(BundleRefused, match="a slug of its own"):
        storage.write(save_made, made=made, actor=EDITH, action="saved")
    assert stands(second).slug == "earplugs"


def test_a_moderator_writes_no_episode():
    episode_id = draft()
    with pytest.raises(Refused, match="takes an editor"):
        write(episode_id, "---\n\n", "---\n\nMine.\n", actor=SAM)
    with pytest.raises(Refused, match="takes an editor"):
        storage.write(start_draft, actor=SAM, title="Mine", season=1)


def test_an_episode_that_is_not_there_is_not_found(in_app: Flask):
    with pytest.raises(NotFound):
        write(4_711, "a", "b")


def test_the_words_of_a_letter_are_in_no_revision(session: Session):
    question = chosen()
    episode_id = start(question)
    storage.write(publish, episode_id=episode_id, actor=EDITH)
    assert WORDS in index_of(stands(episode_id).slug)

    write(episode_id, "---\n\n", "---\n\nEarplugs.\n")

    assert WORDS in index_of(stands(episode_id).slug)
    for number in range(1, stands(episode_id).revision + 1):
        assert WORDS not in get_revision(session, episode_id, number)[INDEX].text


def test_drafts_that_are_started_at_once_get_numbers_and_addresses_of_their_own(app: Flask):
    def start_one(_turn: int) -> int:
        with app.app_context():
            return storage.write(start_draft, actor=EDITH, title="Thin walls", season=1)

    with ThreadPoolExecutor(4) as pool:
        started = list(pool.map(start_one, range(8)))

    with app.app_context():
        rows = storage.read().scalars(select(Episode).where(Episode.id.in_(started))).all()
        assert len({(row.season, row.number) for row in rows}) == 8
        assert len({row.slug for row in rows}) == 8
