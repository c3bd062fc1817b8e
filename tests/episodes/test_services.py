"""Saving the show: what is named again is replaced, what is still used stays."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from webapp import storage
from webapp.episodes import services
from webapp.episodes.models import HelpCountry, Show, Topic


def test_there_is_one_show(session: Session):
    storage.write(services.save_show, columns={"name": "Another name"}, seasons=[])

    assert [show.name for show in session.scalars(select(Show))] == ["Another name"]


def test_topics_come_in_their_order_and_used_ones_stay(session: Session):
    def use_a_topic(writing: Session) -> None:
        factories.add_topic(writing, factories.add_episode(writing), "walls")

    storage.write(use_a_topic)
    storage.write(
        services.save_topics,
        topics=[
            {"slug": "floors", "name": "Floors", "summary": ""},
            {"slug": "noise", "name": "Noise", "summary": ""},
        ],
    )
    storage.write(services.save_topics, topics=[{"slug": "noise", "name": "Loud", "summary": ""}])

    topics = {topic.slug: topic.name for topic in session.scalars(select(Topic))}
    assert topics == {"walls": "Walls", "noise": "Loud"}


def test_help_is_what_was_named_last(session: Session):
    country = {
        "code": "IE",
        "name": "Ireland",
        "emergency_number": "112",
        "emergency_text": "",
        "services": [],
    }
    storage.write(services.save_help, countries=[country])

    assert [row.code for row in session.scalars(select(HelpCountry))] == ["IE"]
