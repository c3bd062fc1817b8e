"""What tells one state of the public pages from the next."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from tests import factories
from webapp import clock, storage
from webapp.episodes import models
from webapp.episodes.freshness import read_epoch
from webapp.episodes.models import Episode
from webapp.storage.base import Base

NOT_SHOWN = {"bundle_files", "content_revision", "finished_bodies", "finished_pages"}
MAPPED = {
    mapper.local_table
    for mapper in Base.registry.mappers
    if mapper.class_.__module__ == models.__name__
}
SHOWN = sorted(
    (table for table in {*MAPPED, models.episode_topics} if table.name not in NOT_SHOWN),
    key=lambda table: table.name,
)


def revision() -> int:
    storage.read().rollback()
    return read_epoch(storage.read()).revision


def furnish(session: Session) -> None:
    """Put a row into every table that public pages show."""
    episode = factories.add_episode(session, slug="walls")
    factories.add_topic(session, episode, "walls")
    factories.add_contribution(session, episode, "the-host")
    factories.add_medium(session, episode)
    session.add(models.Alias(path="/old", episode_id=episode.id))


@pytest.mark.parametrize("table", SHOWN, ids=lambda table: table.name)
@pytest.mark.usefixtures("in_app")
def test_whatever_pages_show_counts_when_it_is_changed(table):
    storage.write(furnish)
    before, column = revision(), next(iter(table.primary_key.columns or table.columns))

    changed = storage.write(
        lambda session: session.execute(update(table).values({column.name: column})).rowcount
    )

    assert changed
    assert revision() > before


@pytest.mark.usefixtures("in_app")
def test_what_comes_and_what_goes_counts():
    before = revision()
    storage.write(furnish)
    there = revision()
    storage.write(lambda session: session.execute(delete(Episode)) and None)

    assert before < there < revision()


@pytest.mark.usefixtures("in_app")
def test_what_is_not_carried_out_and_the_mailbag_do_not_count():
    before = revision()
    with pytest.raises(ZeroDivisionError):
        storage.write(lambda session: (furnish(session), 1 / 0))
    storage.write(factories.add_question)

    assert revision() == before


def test_two_who_change_episodes_do_not_wait_for_each_other(in_app: Flask):
    if storage.db.engine.dialect.name == "sqlite":
        return  # it has one writer at a time
    storage.write(furnish)
    before = revision()
    with Session(storage.db.engine) as one, Session(storage.db.engine) as other:
        one.execute(update(Episode).where(Episode.slug == "walls").values(title="One"))
        other.execute(update(Episode).where(Episode.slug != "walls").values(title="Other"))
        other.commit()
        between = revision()
        one.commit()

    assert before < between < revision()


@pytest.mark.usefixtures("in_app")
def test_an_epoch_ends_when_the_next_episode_comes_out():
    now = clock.now()
    for days in (-2, -1, 1, 2):
        storage.write(
            factories.add_episode, slug=f"day{days}", published_at=now + timedelta(days=days)
        )

    epoch = read_epoch(storage.read())

    assert (epoch.last_out, epoch.next_out) == (now - timedelta(days=1), now + timedelta(days=1))
