"""Before you publish: what feeds would not take as it stands."""

import pytest
from sqlalchemy import Executable, update
from sqlalchemy.orm import Session

from tests.studio.made import draft, edit, finish_show, look_up, whole
from tests.studio.preflight.looked import checks, missing, serious
from webapp import storage
from webapp.episodes.models import Medium, Person, Season, Show

pytestmark = pytest.mark.usefixtures("in_app")

SERIAL = {"categories": ["Society & Culture"], "type": "serial"}


def run(change: Executable) -> None:
    def execute(session: Session) -> None:
        session.execute(change)

    storage.write(execute)


def test_a_title_with_its_number_is_a_hint():
    finish_show()
    episode = whole()
    edit(episode, "title: Thin walls", 'title: "Episode 1: Thin walls"')

    assert missing(episode) == {"title"}
    assert serious(episode) == set()
    assert checks(episode)["title"].field == "f-title"


def test_a_title_may_have_the_number_that_feeds_do_not_say():
    episode = whole()
    edit(episode, "title: Thin walls", 'title: "Episode 1: Thin walls"')
    edit(episode, "  number: 1\n", "  number: 1\n  feed_number: none\n")

    assert checks(episode)["title"].is_done


def test_a_twin_is_named():
    first, second = whole("Before"), draft()
    number = look_up(second).number
    edit(second, f"number: {number}", f"number: {look_up(first).number}")

    assert checks(second)["number"].words == "“Before” has the same season and number."
    assert "number" not in serious(second)


def test_a_twin_is_serious_where_the_show_is_heard_from_the_start():
    run(update(Show).values(podcast=SERIAL))
    first, second = whole("Before"), draft()
    edit(second, f"number: {look_up(second).number}", f"number: {look_up(first).number}")

    assert "number" in serious(second)
    assert checks(second)["number"].words.startswith("“Before” has the same season and number, ")


def test_a_trailer_may_have_the_number_of_its_episode():
    run(update(Show).values(podcast=SERIAL))
    first, second = whole("Before"), draft()
    number = look_up(first).number
    edit(second, f"number: {look_up(second).number}", f"number: {number}\n  type: trailer")

    assert checks(second)["number"].is_done


def test_a_serial_show_needs_a_number_in_its_feeds():
    finish_show()
    episode = whole()
    edit(episode, "  number: 1\n", "  number: 1\n  feed_number: none\n")
    assert missing(episode) == set()
    run(update(Show).values(podcast=SERIAL))

    assert serious(episode) == {"number"}
    assert "feeds say no number" in checks(episode)["number"].words
    edit(episode, "  number: 1\n", "  number: 1\n  type: bonus\n")
    assert checks(episode)["number"].is_done


@pytest.mark.parametrize(("size", "is_done"), [(3_700, True), (4_000, False)])
def test_a_description_is_as_long_as_feeds_write_it(size: int, is_done: bool):
    episode = whole()
    edit(episode, "Loud knocking.", "x" * size)

    assert checks(episode)["description"].is_done is is_done


def test_notes_on_parts_are_not_in_the_description():
    episode = whole()
    edit(episode, "about: video", "about: 'part:one'")
    edit(episode, "Loud knocking.", "x" * 4_000)

    assert checks(episode)["description"].is_done


def test_names_that_feeds_cut_are_named():
    finish_show()
    episode = whole()
    edit(
        episode,
        "media: [{file: video.mp4, primary: true}]",
        f"media: [{{file: video.mp4, label: {'v' * 40}, primary: true}}]",
    )
    assert missing(episode) == set()  # the label of what is enclosed is in no feed
    run(update(Person).where(Person.slug == "the-host").values(name="h" * 129))
    run(update(Season).where(Season.number == 1).values(title="s" * 129))
    run(update(Medium).where(Medium.role == "media").values(content_type="video/webm"))

    found = checks(episode)
    assert found["names"].words == f"Feeds cut names after 128 characters: {'h' * 129}."
    assert found["season"].words == "Feeds cut the title of its season after 128 characters."
    assert found["labels"].words.endswith(f"after 32 characters: {'v' * 40}.")
    assert not {"names", "season", "labels"} & serious(episode)
