"""The demonstration's mailbag and owner."""

from collections import Counter
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from webapp import storage
from webapp.operations.demo import fill_demo
from webapp.operations.instance import make_instance
from webapp.questions.models import Question, QueueCount
from webapp.settings import Settings
from webapp.staff.models import User


@pytest.fixture
def demo(tmp_path: Path) -> tuple[Flask, Settings]:
    settings = Settings.load(instance=tmp_path)
    return make_instance(settings), settings


def test_demo_has_thirty_questions_in_every_lane_and_one_owner(demo: tuple[Flask, Settings]):
    account = fill_demo(*demo)

    with demo[0].app_context():
        session = storage.read()
        rows = session.execute(select(Question.lane, Question.state)).all()
        counts = {(row.lane, row.state): row.count for row in session.scalars(select(QueueCount))}
        assert len(rows) == 30
        assert Counter(row.lane for row in rows)["urgent"] == 2
        assert {row.lane for row in rows} == {"ordinary", "urgent", "quarantine"}
        assert {row.state for row in rows} == {
            "new", "shortlisted", "ready", "scheduled", "merged", "declined", "answered",
        }  # fmt: skip
        assert Counter((row.lane, row.state) for row in rows) == {
            key: count for key, count in counts.items() if count
        }
        assert [user.email for user in session.scalars(select(User))] == [account.email]


def test_demo_again_adds_nothing(demo: tuple[Flask, Settings]):
    fill_demo(*demo)

    assert fill_demo(*demo) is None
    with demo[0].app_context():
        assert len(storage.read().scalars(select(Question.id)).all()) == 30


def test_demo_that_was_cut_short_is_filled_by_the_next_start(
    demo: tuple[Flask, Settings], monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as cut:
        cut.setattr("webapp.operations.demo.add_member", interrupt)
        with pytest.raises(KeyboardInterrupt):
            fill_demo(*demo)
    with demo[0].app_context():
        assert storage.read().scalars(select(Question.id)).all() == []

    assert fill_demo(*demo) is not None


def interrupt(*_arguments: object, **_more: object) -> None:
    raise KeyboardInterrupt
