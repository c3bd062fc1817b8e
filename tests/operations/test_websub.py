"""A WebSub hub is told when the feeds have changed: at the moment that an episode is out."""

from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import parse_qs

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from tests.operations.web_server import Receiver, web_server
from tests.studio.made import draft, publish, take_back
from webapp import clock, storage
from webapp.operations import websub
from webapp.operations.outbox import deliver_due
from webapp.operations.sending import Never, NotNow
from webapp.storage.outbox import OutboxMessage, put

FEEDS = {"/feeds/podcast.xml", "/feeds/episodes.atom", "/feeds/episodes.json"}


@pytest.fixture
def hub(in_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A hub that the site knows."""
    with web_server() as receiver:
        settings = in_app.extensions["postbag.settings"]
        known = settings.model_copy(update={"websub_hub": receiver.url})
        monkeypatch.setitem(in_app.extensions, "postbag.settings", known)
        yield receiver


def deliver() -> None:
    for _ in deliver_due(date(2026, 1, 1)):
        pass


def told(hub: Receiver) -> list[dict[str, list[str]]]:
    return [parse_qs(posted.body.decode()) for posted in hub.posted]


def messages() -> list[OutboxMessage]:
    storage.read().rollback()
    return storage.read().query(OutboxMessage).filter_by(kind="websub").all()


def test_publishing_tells_of_the_three_feeds(hub: Receiver):
    publish(draft())

    deliver()

    assert {each["hub.mode"][0] for each in told(hub)} == {"publish"}
    addresses = {each["hub.url"][0].removeprefix("http://127.0.0.1:8000") for each in told(hub)}
    assert addresses == FEEDS
    assert all(each.done_at for each in messages())
    assert hub.posted[0].headers["content-type"] == "application/x-www-form-urlencoded"


def test_what_is_scheduled_is_told_when_it_is_out(hub: Receiver):
    publish(draft(), clock.now() + timedelta(hours=3))
    deliver()
    assert not hub.posted

    with time_machine.travel(clock.now() + timedelta(hours=3, seconds=1)):
        deliver()

    assert len(hub.posted) == 3


def test_another_moment_puts_it_off(hub: Receiver):
    episode = draft()
    publish(episode, clock.now() + timedelta(hours=3))
    later = clock.now() + timedelta(days=2)
    publish(episode, later)

    assert {each.due_at for each in messages()} == {later}


def test_taking_back_is_told_too(hub: Receiver):
    episode = draft()
    publish(episode)
    deliver()

    take_back(episode)
    deliver()

    assert len(hub.posted) == 6


def test_nobody_is_told_where_there_is_no_hub(in_app: Flask):
    publish(draft())

    assert messages() == []


def test_a_hub_that_is_away_or_says_no_is_tried_again():
    with web_server(status=503) as refusing, pytest.raises(NotNow, match="answered 503"):
        websub.tell(refusing.url, "https://show.example/feeds/podcast.xml")
    with pytest.raises(NotNow, match="cannot be reached"):
        websub.tell("http://127.0.0.1:9/", "https://show.example/feeds/podcast.xml")


def test_what_can_never_be_told_is_given_up(hub: Receiver, in_app: Flask):
    def add(session: Session) -> None:
        put(session, kind="websub", key="websub:nonsense", payload={"feed": "/nonsense"})

    storage.write(add)
    deliver()

    (message,) = messages()
    assert message.trouble == websub.UNREADABLE
    assert message.done_at


def test_a_hub_that_is_no_longer_set_is_given_up(in_app: Flask):
    def ping(session: Session) -> None:
        with pytest.raises(Never, match="not set any more"):
            websub.ping(
                session, OutboxMessage(kind="websub", payload={"feed": "/feeds/podcast.xml"})
            )

    storage.write(ping)
