"""How an episode stands: a draft, scheduled, out, withdrawn, and whether it was ever seen."""

from datetime import timedelta

import pytest
import time_machine

from tests.moderation.clustering import add_episode
from tests.studio.made import draft, look_up, publish, take_back
from webapp import clock, storage
from webapp.studio.states import find_out_since, state_of, was_ever_out

pytestmark = pytest.mark.usefixtures("in_app")


def stands(episode_id: int) -> str:
    episode = look_up(episode_id)
    return state_of(episode.published_at, episode.withdrawn_at)


def was_out(episode_id: int) -> bool:
    return was_ever_out(storage.read(), look_up(episode_id))


def test_an_episode_goes_from_draft_to_out_and_is_withdrawn():
    episode = draft()
    assert (stands(episode), was_out(episode)) == ("draft", False)

    publish(episode)
    assert (stands(episode), was_out(episode)) == ("out", True)

    take_back(episode)
    assert (stands(episode), was_out(episode)) == ("withdrawn", True)
    assert look_up(episode).withdrawn_at


def test_what_is_published_again_is_withdrawn_no_more():
    episode = draft()
    publish(episode)
    take_back(episode)

    publish(episode, clock.now() + timedelta(days=1))

    assert stands(episode) == "scheduled"
    assert look_up(episode).withdrawn_at is None
    assert was_out(episode)


def test_what_was_withdrawn_can_be_out_again_since_its_own_day():
    episode = draft()
    publish(episode)
    since = look_up(episode).published_at
    take_back(episode)

    publish(episode, find_out_since(storage.read(), episode))

    assert (stands(episode), look_up(episode).published_at) == ("out", since)


def test_what_was_only_scheduled_is_a_draft_again():
    episode = draft()
    publish(episode, clock.now() + timedelta(days=1))

    take_back(episode)

    assert (stands(episode), was_out(episode)) == ("draft", False)


def test_what_came_out_by_itself_was_out():
    episode = draft()
    now = clock.now()
    with time_machine.travel(now, tick=False):
        publish(episode, now + timedelta(hours=1))
    with time_machine.travel(now + timedelta(hours=2), tick=False):
        assert stands(episode) == "out"
        take_back(episode)
        publish(episode, now + timedelta(days=2))
        take_back(episode)

    assert (stands(episode), was_out(episode)) == ("withdrawn", True)


def test_what_was_put_off_before_it_was_taken_back_was_out_too():
    episode = add_episode(published_at=clock.now() - timedelta(days=2))
    publish(episode, clock.now() + timedelta(days=1))

    take_back(episode)

    assert stands(episode) == "withdrawn"
