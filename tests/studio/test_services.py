"""Publishing and taking back: once, told in history, in the file, and to the questions."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.moderation.clustering import EDITH, SAM, add, add_episode, move, plan, settle, stands
from webapp import clock, storage
from webapp.episodes.bundle_files import save_text
from webapp.episodes.document import Correction
from webapp.episodes.front_matter import read
from webapp.episodes.models import BundleFile, Episode, Show
from webapp.exceptions import Conflict, NotFound, Refused
from webapp.storage.history import Act
from webapp.storage.outbox import OutboxMessage
from webapp.studio import services

MOMENT = datetime(2026, 3, 3, 8, tzinfo=UTC)
FILE = """---
guid: guid-thin-walls
title: Thin walls
slug: thin-walls
draft: true
episode: {season: 1, number: 1}
---

Knock first.
"""


def publish(episode_id: int, at: datetime | None = None, **how: object):
    return storage.write(services.publish, episode_id=episode_id, at=at, **({"actor": EDITH} | how))


def take_back(episode_id: int, **how: object):
    return storage.write(services.take_back, episode_id=episode_id, **({"actor": EDITH} | how))


def stands_out(episode_id: int) -> Episode:
    storage.read().rollback()
    return storage.read().get_one(Episode, episode_id, populate_existing=True)


def acts(episode_id: int) -> list[Act]:
    storage.read().rollback()
    done = select(Act).where(Act.subject == "episode", Act.subject_id == str(episode_id))
    return list(storage.read().scalars(done.order_by(Act.at)))


def due(episode_id: int) -> dict[str, OutboxMessage]:
    storage.read().rollback()
    found = storage.read().scalars(select(OutboxMessage)).all()
    return {each.key: each for each in found if each.payload == {"episode_id": episode_id}}


def test_publishing_makes_an_episode_visible_from_now(in_app: Flask):
    episode = add_episode()

    with time_machine.travel(MOMENT, tick=False):
        assert publish(episode)

    found = stands_out(episode)
    assert (found.published_at, found.updated_at) == (MOMENT, MOMENT)
    [act] = acts(episode)
    assert (act.action, act.actor) == ("published", "Edith")
    assert act.detail == {"at": MOMENT.isoformat(), "before": ""}
    assert storage.read().scalar(select(Show.saved_at)) == MOMENT
    assert set(due(episode)) == {f"settle:{episode}"}


def test_publishing_again_changes_nothing(in_app: Flask):
    episode = add_episode()
    publish(episode)
    before = stands_out(episode).published_at

    assert publish(episode) is None
    assert publish(episode, before) is None

    assert stands_out(episode).published_at == before
    assert len(acts(episode)) == 1


def test_publishing_later_waits_in_the_outbox_until_then(in_app: Flask):
    episode, later = add_episode(), clock.now() + timedelta(days=2)

    publish(episode, later)

    assert stands_out(episode).published_at == later
    assert due(episode)[f"settle:{episode}:out"].due_at == later


def test_what_is_out_may_be_put_off_and_what_it_answered_waits_again(in_app: Flask):
    question, episode = add(), add_episode()
    move(question, "shortlisted")
    plan(question, episode)
    publish(episode)
    settle(episode)
    assert stands(question).state == "answered"

    publish(episode, clock.now() + timedelta(days=2))
    settle(episode)

    assert stands(question).state == "shortlisted"
    with time_machine.travel(clock.now() + timedelta(days=3)):
        settle(episode)
        assert stands(question).state == "answered"


def test_what_is_taken_back_is_a_draft_and_can_be_published_again(in_app: Flask):
    episode = add_episode()
    publish(episode)

    assert take_back(episode)
    assert take_back(episode) is None

    found = stands_out(episode)
    assert (found.published_at, found.updated_at) == (None, None)
    assert [act.action for act in acts(episode)] == ["published", "took back episode"]
    assert publish(episode)


def test_a_correction_still_counts_after_publishing_again(in_app: Flask):
    corrected = Correction(date=MOMENT.date() + timedelta(days=30), part="", text="A typo.")
    episode = add_episode(document=factories.a_document(corrections=(corrected,)))

    publish(episode, MOMENT)

    assert stands_out(episode).updated_at == datetime(2026, 4, 1, 23, tzinfo=UTC)


def test_its_file_says_the_same(in_app: Flask):
    episode = add_episode()
    storage.write(save_text, path="episodes/thin-walls/index.md", text=FILE)

    publish(episode, MOMENT)
    out = read(file_of("thin-walls"), file="index.md")
    take_back(episode)
    back = read(file_of("thin-walls"), file="index.md")

    assert (out.draft, out.date) == (False, MOMENT)
    assert (back.draft, back.date) == (True, MOMENT)
    assert file_of("thin-walls").endswith("Knock first.\n")


def file_of(slug: str) -> str:
    storage.read().rollback()
    return storage.read().get_one(BundleFile, f"episodes/{slug}/index.md").text


def test_only_editors_publish(in_app: Flask):
    episode = add_episode()

    with pytest.raises(Refused, match="takes an editor"):
        publish(episode, actor=SAM)
    with pytest.raises(Refused, match="takes an editor"):
        take_back(episode, actor=SAM)


def test_an_episode_that_is_nowhere_is_not_found(in_app: Flask):
    with pytest.raises(NotFound):
        publish(999_999)
    with pytest.raises(NotFound):
        take_back(999_999)


def test_what_somebody_set_meanwhile_is_a_conflict_unless_it_is_just_that(in_app: Flask):
    episode, other = add_episode(), clock.now() + timedelta(days=1)
    publish(episode, other)
    seen: dict[str, object] = {"episode_id": episode, "seen": None, "actor": EDITH}

    with pytest.raises(Conflict):
        storage.write(services.publish_as_seen, **seen)
    with pytest.raises(Conflict):
        storage.write(services.publish_as_seen, **seen, at=other + timedelta(days=1))
    with pytest.raises(Conflict):
        storage.write(services.take_back_as_seen, **seen)

    assert storage.write(services.publish_as_seen, **seen, at=other) is None
    assert storage.write(services.publish_as_seen, **seen | {"seen": other})
    assert storage.write(
        services.take_back_as_seen, **seen | {"seen": stands_out(episode).published_at}
    )
    assert storage.write(services.take_back_as_seen, **seen | {"seen": other}) is None


def test_two_who_publish_at_once_make_one_act(in_app: Flask):
    episode = add_episode()

    def publish_twice(session: Session) -> list[object]:
        how = {"episode_id": episode, "seen": None, "actor": EDITH}
        return [services.publish_as_seen(session, **how) for _ in range(2)]

    first, second = storage.write(publish_twice)

    assert first
    assert second is None
