"""Versions at the desk: the list, one beside another, bringing one back."""

from flask.testing import FlaskClient
from sqlalchemy import delete
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.pages import soup, typed
from tests.staff.members import press, token
from tests.studio.asked import WORDS, chosen, start
from tests.studio.made import edit, index_of, look_up, publish, whole
from webapp import storage
from webapp.episodes.models import Topic
from webapp.studio.revision_queries import PAGE_SIZE
from webapp.studio.revisions import get_revision


def page_of(desk: FlaskClient, episode_id: int, rest: str = "") -> TestResponse:
    return desk.get(f"/desk/episodes/{episode_id}/revisions{rest}")


def text_of(page: TestResponse) -> str:
    return soup(page).main.get_text(" ", strip=True)


def test_the_list_says_who_changed_what_and_when(desk: FlaskClient):
    episode = whole()
    edit(episode, "What to say", "All about what to say")

    lines = [
        line.get_text(" ", strip=True) for line in soup(page_of(desk, episode)).select("main ol li")
    ]

    assert lines[0].startswith("Version 3, as it is now")
    assert lines[0].endswith("Edith · saved · Summary")
    assert "Transcript (added)" in lines[1]
    assert lines[2].endswith("Edith · started")


def test_the_list_is_reached_from_the_episode_and_goes_on_after_a_page(desk: FlaskClient):
    episode = whole()
    for number in range(PAGE_SIZE):
        edit(episode, "Knock", f"Knock {number} times, knock")
    assert soup(desk.get(f"/desk/episodes/{episode}")).find(
        "a", href=f"/desk/episodes/{episode}/revisions"
    )

    first = soup(page_of(desk, episode))
    older = first.find("a", string="Older versions")

    assert len(first.select("main ol > li")) == PAGE_SIZE
    assert "Version 1" in text_of(desk.get(older["href"]))


def test_a_version_is_shown_beside_the_one_before_and_beside_any_other(desk: FlaskClient):
    episode = whole()
    edit(episode, "Speak up.", "Speak very loudly.")
    edit(episode, "Knock quizzically first.", "Knock first.")

    before = page_of(desk, episode, "/4")
    other = page_of(desk, episode, "/4?against=2")

    assert "What is different from version 3" in text_of(before)
    assert [each.get_text() for each in soup(before).select("h3")] == ["Short answer"]
    assert "quizzically" in soup(before).find("del").get_text()
    assert [each.get_text() for each in soup(other).select("h3")] == [
        "Short answer",
        "Part “Speak”",
    ]
    assert "very loudly" in soup(other).find("ins").get_text()


def test_the_words_of_a_letter_are_on_none_of_these_pages(desk: FlaskClient):
    episode = start(chosen())
    publish(episode)
    edit(episode, "---\n\n", "---\n\nKnock first.\n")

    for rest in ("", "/1", "/2"):
        assert WORDS not in page_of(desk, episode, rest).text
    assert WORDS in index_of(episode)


def test_bringing_one_back_says_what_it_made_and_how_to_undo_it(desk: FlaskClient):
    episode = whole()
    edit(episode, "Speak up.", "Speak very loudly.")
    here = f"/desk/episodes/{episode}/revisions/2"

    answer = press(desk, here, f"{here}/restore")

    assert answer.location == f"/desk/episodes/{episode}/revisions"
    told = "Version 2 is back, as version 4. To undo that, bring back version 3."
    assert told in desk.get(answer.location).text
    assert "Speak up." in index_of(episode)


def test_whoever_comes_too_late_sees_what_changed_and_may_do_it_all_the_same(desk: FlaskClient):
    episode = whole()
    edit(episode, "Speak up.", "Speak very loudly.")
    here = f"/desk/episodes/{episode}/revisions/2"
    page = desk.get(here)
    edit(episode, "What to say", "All about what to say")
    data = {"csrf_token": token(page), "seen": typed(page, "seen")}

    answer = desk.post(f"{here}/restore", data=data)

    assert answer.status_code == 409
    assert "Somebody was there before you" in text_of(answer)
    assert "Version 4" in text_of(answer)
    assert "Summary" in text_of(answer)
    again = desk.post(f"{here}/restore", data=data | {"seen": typed(answer, "seen")})
    assert again.status_code == 302
    assert look_up(episode).summary == "What to say through a wall."


def test_a_version_that_cannot_come_back_says_why(desk: FlaskClient):
    episode = whole()
    edit(episode, "topics: [walls]", "topics: []")
    storage.write(_drop_topic)
    here = f"/desk/episodes/{episode}/revisions/2"

    answer = press(desk, here, f"{here}/restore")

    assert answer.status_code == 422
    assert "expected a topic" in soup(answer).select_one(".c-errors").get_text()
    assert look_up(episode).revision == 3


def _drop_topic(session: Session) -> None:
    session.execute(delete(Topic).where(Topic.slug == "walls"))


def test_files_that_are_gone_are_named_beforehand(desk: FlaskClient):
    episode = whole()
    edit(episode, "Speak up.", "Speak very loudly.")
    file = get_revision(storage.read(), episode, 2)["video.mp4"]
    storage.current_settings().media_file(file.sha256).unlink()

    assert "These files are not there any more" in text_of(page_of(desk, episode, "/2"))


def test_a_page_that_was_open_for_too_long_brings_nothing_back(desk: FlaskClient):
    episode = whole()
    edit(episode, "Speak up.", "Speak very loudly.")

    answer = press(
        desk,
        f"/desk/episodes/{episode}/revisions/2",
        f"/desk/episodes/{episode}/revisions/2/restore",
        csrf_token="old",
    )

    assert answer.status_code == 422
    assert "open for too long" in text_of(answer)
    assert look_up(episode).revision == 3


def test_what_is_nowhere_is_not_found(desk: FlaskClient):
    episode = whole()

    assert page_of(desk, 999_999).status_code == 404
    assert page_of(desk, episode, "/99").status_code == 404
    assert page_of(desk, episode, "/2?against=99").status_code == 404
    data = {"csrf_token": token(desk.get("/desk/account")), "seen": "2"}
    assert desk.post(f"/desk/episodes/{episode}/revisions/99/restore", data=data).status_code == 404
