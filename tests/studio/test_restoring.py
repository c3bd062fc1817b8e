"""Bringing a version back: what it said, on top of what is, with the letter of today."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from tests.moderation.clustering import EDITH, SAM
from tests.studio.asked import WORDS, chosen, start
from tests.studio.made import (
    draft,
    edit,
    files_of,
    index_of,
    look_up,
    medium,
    publish,
    take_back,
    whole,
)
from tests.transfer.made_media import mp4
from webapp import storage
from webapp.episodes.bundle_files import Files
from webapp.episodes.front_matter import read
from webapp.episodes.models import Season
from webapp.episodes.problems import BundleRefused
from webapp.exceptions import Conflict, NotFound, Refused
from webapp.storage.history import Actor
from webapp.studio.correcting import correct
from webapp.studio.models import Revision
from webapp.studio.restoring import Restored
from webapp.studio.restoring import restore as bring_back
from webapp.studio.revisions import get_revision
from webapp.studio.saving import change_files

MOMENT = datetime(2026, 3, 3, 8, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("in_app")


def restore(episode_id: int, number: int, *, seen: int = 0, actor: Actor = EDITH) -> Restored:
    seen = seen or look_up(episode_id).revision
    return bring_back(episode_id=episode_id, number=number, seen=seen, actor=actor)


def test_a_version_comes_back_as_a_new_one(session: Session):
    episode = whole()
    edit(episode, "Knock.\n", "Ring.\n")

    done = restore(episode, 2)

    assert done == Restored(4, ())
    assert "Ring." not in index_of(episode)
    assert "Knock.\n" in index_of(episode)
    assert "Knock." in look_up(episode).document
    revision = session.get_one(Revision, (episode, 4))
    assert (revision.action, revision.author) == ("restored", "Edith")


def test_what_readers_were_told_stays_told(session: Session):
    episode = whole()
    publish(episode)
    edit(episode, "## Speak {#two}\n\nSpeak up.\n", "## Sing {#three}\n\nSing.\n")
    correct(episode_id=episode, part="three", text="It said to speak.", actor=EDITH)
    updated = look_up(episode).updated_at

    restore(episode, 2)

    (correction,) = read(index_of(episode), file="index.md").corrections
    assert (correction.part, correction.text) == ("", "It said to speak.")
    assert "Speak up." in index_of(episode)
    assert look_up(episode).updated_at == updated


def test_bringing_back_the_one_before_undoes_it():
    episode = whole()
    edit(episode, "Knock.\n", "Ring.\n")
    before = index_of(episode)
    restore(episode, 2)

    restore(episode, 3)

    assert index_of(episode) == before


def test_what_is_so_already_makes_no_version():
    episode = whole()

    assert restore(episode, 2).number is None
    assert look_up(episode).revision == 2


def test_when_it_is_out_and_its_address_stay(session: Session):
    episode = whole()
    edit(episode, "slug: thin-walls", "slug: thick-walls")
    publish(episode, MOMENT)

    restore(episode, 2)

    front = read(index_of(episode), file="index.md")
    found = look_up(episode)
    assert (front.slug, found.slug) == ("thick-walls", "thick-walls")
    assert (front.draft, front.date, found.published_at) == (False, MOMENT, MOMENT)


def test_what_was_out_then_is_no_reason_to_be_out_now():
    episode = whole()
    publish(episode, MOMENT)
    edit(episode, "Knock.\n", "Ring.\n")
    take_back(episode)
    edit(episode, "Ring.\n", "Shout.\n")

    restore(episode, 3)

    assert read(index_of(episode), file="index.md").draft
    assert look_up(episode).published_at is None


def test_a_letter_that_is_printed_now_stays_printed():
    episode = start(chosen())
    edit(episode, "---\n\n", "---\n\nKnock first.\n")
    publish(episode)
    assert WORDS in index_of(episode)
    edit(episode, "Knock first.", "Ring first.")

    restore(episode, 2)

    assert "Knock first." in index_of(episode)
    assert WORDS in index_of(episode)
    assert look_up(episode).question_text == WORDS
    assert WORDS not in get_revision(storage.read(), episode, 4)["index.md"].text


def test_a_letter_is_brought_back_by_no_version():
    episode = start(chosen())
    edit(episode, "---\n\n", "---\n\nKnock first.\n")
    publish(episode)
    edit(episode, "Knock first.", "Ring first.")
    take_back(episode)

    restore(episode, 2)

    assert WORDS not in index_of(episode)
    assert look_up(episode).question_text == ""


def test_words_of_an_editors_own_come_back_with_their_version():
    episode = whole()
    edit(episode, "Can you hear me through it?", "Can anybody?")

    restore(episode, 2)

    assert look_up(episode).question_text == "Can you hear me through it?"


def test_a_newer_version_than_was_seen_is_a_conflict():
    episode = whole()
    edit(episode, "Knock.\n", "Ring.\n")
    edit(episode, "Ring.\n", "Shout.\n")

    with pytest.raises(Conflict):
        restore(episode, 2, seen=3)
    assert "Shout." in index_of(episode)


def swap_video(episode_id: int, data: bytes | None) -> None:
    def change(files: Files) -> Files:
        rest = {name: file for name, file in files.items() if name != "video.mp4"}
        return rest | ({"video.mp4": medium(data, "video/mp4", duration=3)} if data else {})

    change_files(change, episode_id=episode_id, actor=EDITH)


def lose(episode_id: int, number: int) -> None:
    """Take the bytes of a version's video from the disk."""
    file = get_revision(storage.read(), episode_id, number)["video.mp4"]
    storage.current_settings().media_file(file.sha256).unlink()


def test_a_medium_whose_bytes_are_gone_stays_as_it_is_now():
    episode = whole()
    swap_video(episode, mp4(seconds=9))
    lose(episode, 2)

    done = restore(episode, 2)

    assert done == Restored(None, ("video.mp4",))
    assert files_of(episode)["video.mp4"] == get_revision(storage.read(), episode, 3)["video.mp4"]


def test_one_that_is_nowhere_is_left_out_and_said():
    episode = whole()
    edit(episode, "media: [{file: video.mp4, primary: true}]\n", "")
    swap_video(episode, None)
    lose(episode, 2)

    done = restore(episode, 2)

    assert done.gone == ("video.mp4",)
    assert "video.mp4" not in files_of(episode)
    assert "media:" not in index_of(episode)


def test_what_a_version_names_and_is_gone_keeps_it_from_coming_back():
    def add_season(session: Session) -> None:
        session.add(Season(number=5, title="", summary="", field="#000000", ink="#FFFFFF"))

    storage.write(add_season)
    episode = draft()
    edit(episode, "season: 1", "season: 5")
    edit(episode, "season: 5", "season: 1")
    storage.write(lambda session: session.delete(session.get_one(Season, 5)))

    with pytest.raises(BundleRefused, match="expected a season"):
        restore(episode, 2)


def test_only_editors_bring_back_and_only_what_there_is():
    episode = whole()
    edit(episode, "Knock.\n", "Ring.\n")

    with pytest.raises(Refused, match="takes an editor"):
        restore(episode, 2, actor=SAM)
    with pytest.raises(NotFound):
        restore(episode, 99)
