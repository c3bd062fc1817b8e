"""What is wrong with an instance, in sentences; one thing that is broken hides no other."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text, update

from tests import factories
from tests.operations.rotating import add_many, an_instance, dispose, letter
from webapp import clock, create_app, storage
from webapp.moderation.filters import Filters
from webapp.moderation.queries import Reader, list_queue
from webapp.moderation.rows import UNREADABLE
from webapp.operations import doctor
from webapp.operations.rotation import rotate
from webapp.questions.models import Question, QueueCount
from webapp.settings import Settings
from webapp.storage.database import alembic
from webapp.storage.sealing import make_sealing_key


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    with an_instance(request, tmp_path / "instance") as settings:
        yield settings


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    with app.app_context():
        yield app
    dispose(app)


def wrong(settings: Settings) -> list[str]:
    return [found.words for found in doctor.examine(settings) if not found.is_advice]


def advice(settings: Settings) -> list[str]:
    return [found.words for found in doctor.examine(settings) if found.is_advice]


def changed(settings: Settings, **changes: object) -> Settings:
    return Settings.load(**{"instance": settings.instance, "keys": settings.keys, **changes})


def test_nothing_is_wrong_with_a_new_instance(settings: Settings):
    assert wrong(settings) == []


def test_nothing_is_wrong_with_questions_before_and_after_a_rotation(
    app: Flask, settings: Settings
):
    storage.write(add_many, 70)
    assert wrong(settings) == []

    rotate(lambda _done, _total: None)

    assert wrong(settings) == []


def test_a_lost_key_is_told_and_hides_nothing_else(app: Flask, settings: Settings):
    storage.write(factories.add_question)
    make_sealing_key(settings.keys_path, 2)
    storage.write(add_many, 14)
    (settings.keys_path / "seal-2.key").unlink()

    [words] = wrong(settings)
    assert words == (
        f"The key seal-2.key is not in {settings.keys_path}. 14 questions were sealed with it; "
        "nobody can read them until it is put back."
    )
    restarted = create_app(settings)
    with restarted.app_context():
        page = list_queue(
            storage.read(), storage.current_keyring(), reader=Reader("editor"), filters=Filters()
        )
    dispose(restarted)
    assert sorted(row.text for row in page.rows) == [UNREADABLE] * 14 + [factories.LETTER]


def test_a_key_that_is_there_and_of_no_use_is_told_with_its_questions(
    app: Flask, settings: Settings
):
    storage.write(factories.add_question)
    (settings.keys_path / "seal-1.key").write_text("zz")

    damaged, unread = wrong(settings)
    assert damaged == f"The key seal-1.key in {settings.keys_path} is damaged."
    assert unread == (
        "1 question was sealed with seal-1.key, which is there and cannot be used; nobody can "
        "read it until a whole copy is in its place."
    )


def test_an_older_key_that_is_still_in_use_is_to_be_replaced(app: Flask, settings: Settings):
    storage.write(add_many, 3)
    make_sealing_key(settings.keys_path, 2)

    [words] = wrong(settings)
    assert words == (
        "3 questions are still sealed with an older key, seal-1.key. Run `postbag rotate-keys`: "
        "it goes on where it stopped."
    )


def test_another_key_under_the_right_name_is_noticed(app: Flask, settings: Settings):
    storage.write(add_many, 60)
    key = settings.keys_path / "seal-1.key"
    key.unlink()
    make_sealing_key(settings.keys_path, 1)

    [words] = wrong(settings)
    assert words.startswith("Of 50 questions taken at random, 50 did not open")


def test_counts_that_are_not_true_are_said(app: Flask, settings: Settings):
    storage.write(add_many, 2)
    urgent = update(QueueCount).where(QueueCount.lane == "urgent", QueueCount.state == "spam")
    storage.write(lambda session: session.execute(urgent.values(count=4)) and None)

    [words] = wrong(settings)
    assert "wrong numbers of questions for spam in urgent." in words


@pytest.mark.parametrize(("days", "count"), [(2, 0), (3, 1)])
@pytest.mark.parametrize("column", ["texts_until", "kept_until"])
def test_what_should_have_been_erased_is_said(
    app: Flask, settings: Settings, column: str, days: int, count: int
):
    question_id = storage.write(factories.add_question)
    day = clock.today() - timedelta(days=days)
    row = update(Question).where(Question.id == question_id).values({column: day})
    storage.write(lambda session: session.execute(row) and None)

    assert ["1 question" in words and "`postbag purge`" in words for words in wrong(settings)] == [
        True
    ] * count


@pytest.mark.parametrize(("days", "count"), [(0, 0), (1, 1)])
def test_what_nobody_has_looked_through_since_yesterday_is_said(
    app: Flask, settings: Settings, days: int, count: int
):
    arrived = {"received_on": clock.today() - timedelta(days=days), "is_looked_through": False}
    question_id = storage.write(factories.add_question)
    row = update(Question).where(Question.id == question_id).values(arrived)
    storage.write(lambda session: session.execute(row) and None)

    assert ["1 question of earlier days" in words for words in wrong(settings)] == [True] * count


def test_media_that_are_missing_or_cut_short_are_named(app: Flask, settings: Settings):
    def add(session) -> None:
        episode = factories.add_episode(session)
        for position, name in enumerate(("whole.mp4", "short.mp4", "gone.mp4"), start=1):
            sha256 = f"{position:064}"
            factories.add_medium(session, episode, position=position, file=name, sha256=sha256)
        factories.add_medium(
            session, episode, position=4, file="", url="https://a.example", sha256=""
        )

    storage.write(add)
    for number, content in ((1, b"0123456789"), (2, b"01")):
        path = settings.media_file(f"{number:064}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    [words] = wrong(settings)
    assert words.startswith(
        f"Missing from {settings.media_path}, or cut short: 2 files "
        "(thin-walls/gone.mp4, thin-walls/short.mp4)."
    )


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_a_database_that_does_not_answer_is_said_without_its_password(settings: Settings):
    url = "postgresql+psycopg://postbag:hunter2@127.0.0.1:1/postbag"

    [words] = wrong(changed(settings, database_url=url))

    assert words.startswith("The database does not answer.")
    assert "hunter2" not in words


def test_a_database_from_before_or_after_this_version_is_said(app: Flask, settings: Settings):
    alembic.downgrade("0003")
    storage.read().rollback()

    [older] = wrong(settings)
    assert "`postbag init`" in older

    storage.write(
        lambda session: (
            session.execute(text("UPDATE alembic_version SET version_num = '9999'")) and None
        )
    )
    [newer] = wrong(settings)
    assert newer.startswith("A newer Postbag has changed this database")


def test_no_text_of_a_question_is_ever_told(app: Flask, settings: Settings):
    storage.write(add_many, 5)
    (settings.keys_path / "seal-1.key").unlink()
    make_sealing_key(settings.keys_path, 2)

    told = " ".join(doctor.in_words(doctor.examine(settings)))

    assert not [number for number in range(5) if letter(number) in told]
