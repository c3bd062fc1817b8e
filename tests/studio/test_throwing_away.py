"""Throwing an episode away: asked once more, its questions free, its name nobody else's."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.moderation.clustering import EDITH, SAM, settle, stands
from tests.pages import soup, typed
from tests.staff.members import press, token
from tests.studio.asked import chosen, start
from tests.studio.made import draft, look_up, publish, take_back, whole
from tests.studio.writing import open_page, save_by_itself, text_of
from webapp import clock, storage
from webapp.episodes.models import BundleFile, Episode
from webapp.episodes.problems import BundleRefused
from webapp.episodes.searching.models import Passage
from webapp.exceptions import Conflict, NotFound, Refused
from webapp.storage.history import Act, Actor
from webapp.studio.models import Revision, Tombstone
from webapp.studio.saving import change_files
from webapp.studio.starting import start_draft
from webapp.studio.throwing_away import throw_away

OWNER = Actor("Olga", "owner", 3)

pytestmark = pytest.mark.usefixtures("in_app")


def throw(episode_id: int, *, actor: Actor = EDITH, seen: int | None = None) -> None:
    seen = look_up(episode_id).revision if seen is None else seen
    storage.write(throw_away, episode_id=episode_id, seen=seen, actor=actor)


def count(*conditions: object, of: type = Episode) -> int:
    storage.read().rollback()
    return storage.read().scalar(select(func.count()).select_from(of).where(*conditions)) or 0


def test_nothing_is_left_but_a_tombstone_and_history():
    episode = whole()
    guid = look_up(episode).guid

    throw(episode)

    assert not count(Episode.id == episode)
    assert not count(BundleFile.path.startswith("episodes/thin-walls/"), of=BundleFile)
    assert not count(Revision.episode_id == episode, of=Revision)
    assert not count(Passage.episode_id == episode, of=Passage)
    stone = storage.read().get_one(Tombstone, guid)
    assert (stone.slug, stone.on) == ("thin-walls", clock.today())
    act = storage.read().scalars(select(Act).where(Act.action == "threw away episode")).one()
    assert (act.actor, act.subject_id, act.detail["guid"]) == ("Edith", str(episode), guid)


def test_its_questions_can_be_answered_by_another():
    question = chosen()
    episode = start(question)

    throw(episode)

    assert stands(question).planned_for_id is None
    assert stands(question).state == "ready"
    assert start(question)


def test_what_it_answered_while_it_was_out_goes_back():
    question = chosen()
    episode = start(question)
    publish(episode)
    settle(episode)
    assert stands(question).state == "answered"
    take_back(episode)  # and the worker has not run yet

    throw(episode, actor=OWNER)

    found = stands(question)
    assert (found.state, found.planned_for_id, found.answered_by_id) == ("ready", None, None)


def test_its_address_and_its_number_in_history_are_no_other_episodes():
    episode = draft()
    throw(episode)

    other = storage.write(start_draft, actor=EDITH, title="Thin walls", season=1)

    assert other > episode
    assert look_up(other).slug == "thin-walls-2"
    index = "index.md"
    with pytest.raises(BundleRefused, match="an address that no episode had"):
        change_files(
            lambda files: {
                index: type(files[index])(
                    "0", 1, files[index].text.replace("thin-walls-2", "thin-walls")
                )
            },
            episode_id=other,
            actor=EDITH,
        )


def test_what_is_out_or_about_to_be_is_taken_back_first():
    scheduled, out = draft("Tomorrow"), draft("Today")
    publish(scheduled, clock.now() + timedelta(days=1))
    publish(out)

    for episode in (scheduled, out):
        with pytest.raises(Refused, match="Take it back first"):
            throw(episode, actor=OWNER)


def test_what_was_out_takes_an_owner_and_the_rest_an_editor():
    episode, other = draft("Was out"), draft("Never was")
    publish(episode)
    take_back(episode)

    with pytest.raises(Refused, match="only an owner"):
        throw(episode)
    with pytest.raises(Refused, match="takes an editor"):
        throw(other, actor=SAM)
    throw(episode, actor=OWNER)
    throw(other)


def test_what_was_saved_meanwhile_is_not_thrown_away_unseen():
    episode = draft()

    with pytest.raises(Conflict):
        throw(episode, seen=0)
    assert look_up(episode)


def test_what_is_nowhere_is_not_found():
    with pytest.raises(NotFound):
        throw(999_999, seen=0)


def test_the_page_asks_once_more_and_goes_back_to_the_list(desk: FlaskClient):
    episode = whole()
    page = desk.get(f"/desk/episodes/{episode}")
    assert soup(page).find("a", href=f"/desk/episodes/{episode}/throw-away")

    answer = press(
        desk, f"/desk/episodes/{episode}/throw-away", f"/desk/episodes/{episode}/throw-away"
    )

    assert answer.location == "/desk/episodes"
    assert "Thrown away." in desk.get(answer.location).text
    assert desk.get(f"/desk/episodes/{episode}").status_code == 404


def test_whoever_has_not_saved_yet_is_named(desk: FlaskClient):
    episode = draft()
    page = open_page(desk, episode)
    assert save_by_itself(desk, page, 1, {"title": "Mine"}).status_code == 204

    asked = desk.get(f"/desk/episodes/{episode}/throw-away")

    assert "Edith has written here and had not saved it on" in text_of(asked)
    assert "That will be gone too." in text_of(asked)


def test_a_save_in_between_is_shown(desk: FlaskClient):
    episode = draft()
    here = f"/desk/episodes/{episode}/throw-away"
    page = desk.get(here)
    data = {"csrf_token": token(page), "seen": "0"}

    answer = desk.post(here, data=data)
    stale = desk.post(here, data={"seen": typed(page, "seen"), "csrf_token": "old"})

    assert answer.status_code == 409
    assert "It was saved while you looked" in answer.text
    assert stale.status_code == 422
    assert look_up(episode)


def test_an_editor_is_told_who_may_throw_away_what_was_out(desk: FlaskClient):
    episode = draft()
    publish(episode)
    take_back(episode)

    page = desk.get(f"/desk/episodes/{episode}/throw-away")
    data = {"csrf_token": token(desk.get("/desk/account")), "seen": "1"}
    answer = desk.post(f"/desk/episodes/{episode}/throw-away", data=data)

    assert "only an owner" in page.text
    assert not soup(page).main.find("form")
    assert answer.status_code == 422
    assert look_up(episode)


def test_an_owner_comes_to_a_page_of_its_own_for_that(owner_desk: FlaskClient):
    episode = draft()
    publish(episode)
    take_back(episode)
    for_good = f"/desk/episodes/{episode}/throw-away-for-good"

    assert owner_desk.get(f"/desk/episodes/{episode}/throw-away").location == for_good
    assert press(owner_desk, for_good, for_good).status_code == 302
    assert not count(Episode.id == episode)
