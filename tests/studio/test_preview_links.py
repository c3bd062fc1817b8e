"""Preview links: random, shown once, ending, and leading nowhere alike when they have."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import select

from tests.moderation.clustering import EDITH, SAM
from tests.studio.made import draft, publish
from webapp import clock, storage
from webapp.exceptions import NotFound, Refused
from webapp.storage.history import Act
from webapp.studio.models import PreviewLink
from webapp.studio.preview_links import MOST, end_link, get_previewed, list_links, make_link

pytestmark = pytest.mark.usefixtures("in_app")


def make(episode_id: int, *, days: int = 7, **how: object) -> str:
    given = {"actor": EDITH} | how
    return storage.write(make_link, episode_id=episode_id, days=days, **given)


def leads_to(token: str) -> int | None:
    storage.read().rollback()
    try:
        return get_previewed(storage.read(), token).id
    except NotFound:
        return None


def test_a_link_leads_to_its_episode_until_it_ends():
    episode = draft()
    token = make(episode, days=1)

    assert leads_to(token) == episode
    with time_machine.travel(clock.now() + timedelta(days=1, seconds=1)):
        assert leads_to(token) is None


def test_a_token_is_long_and_random_and_only_its_hash_is_kept():
    episode = draft()
    tokens = {make(episode) for _ in range(3)}

    assert len(tokens) == 3
    assert all(len(token) >= 43 for token in tokens)
    kept = storage.read().scalars(select(PreviewLink.token_hash)).all()
    assert all(len(each) == 32 for each in kept)
    acts = storage.read().scalars(select(Act).where(Act.action == "made preview link")).all()
    assert not any(token in str(act.detail) for act in acts for token in tokens)


@pytest.mark.parametrize(
    "token", ["", "x", "x" * 43, "x" * 1_000, "\u00e9", "\ud800", "a\0b", "../etc"]
)
def test_what_is_no_link_leads_nowhere(token: str):
    make(draft())

    assert leads_to(token) is None


def test_a_link_can_be_ended_at_once():
    episode, other = draft(), draft("Another")
    token = make(episode)
    link_id = list_links(storage.read(), episode)[0].id

    def end(link_id: object, of: int = episode) -> object:
        return storage.write(end_link, episode_id=of, link_id=link_id, actor=EDITH)

    assert end(link_id, other) is None
    assert end(uuid4()) is None
    assert leads_to(token) == episode
    assert end(link_id)
    assert leads_to(token) is None
    assert end(link_id) is None


def test_links_that_have_ended_are_listed_no_more_and_forgotten():
    episode = draft()
    make(episode, days=1)
    with time_machine.travel(clock.now() + timedelta(days=2)):
        storage.read().rollback()
        assert list_links(storage.read(), episode) == ()
        make(episode)
        storage.read().rollback()
        assert len(storage.read().scalars(select(PreviewLink)).all()) == 1


def test_there_are_no_more_than_some_and_none_to_what_is_out():
    episode, out = draft(), draft("Out")
    publish(out)
    for _ in range(MOST):
        make(episode)

    with pytest.raises(Refused, match="End one of them first"):
        make(episode)
    with pytest.raises(Refused, match="everybody can see"):
        make(out)


def test_editors_make_and_end_them():
    episode = draft()
    make(episode)
    (link,) = list_links(storage.read(), episode)

    with pytest.raises(Refused):
        make(episode, actor=SAM)
    with pytest.raises(Refused):
        storage.write(end_link, episode_id=episode, link_id=link.id, actor=SAM)
    with pytest.raises(NotFound):
        make(999_999)
