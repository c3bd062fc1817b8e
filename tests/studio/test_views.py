"""Episodes at the desk: the list, one with what is missing, publishing it, and starting one."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import factories
from tests.factories import LONG_AGO, a_document
from tests.moderation.clustering import add_cluster, add_episode, plan, settle, stands
from tests.pages import soup, typed
from tests.staff.members import add_staff, sign_in, token
from tests.studio.asked import WORDS, chosen, episode_of, start, write
from tests.studio.made import finish_show, whole
from webapp import clock, storage
from webapp.episodes.document import Document
from webapp.episodes.models import Episode
from webapp.questions.services import withdraw


def empty_draft() -> int:
    return add_episode(document=Document())


def episode_page(desk: FlaskClient, episode_id: int) -> TestResponse:
    return desk.get(f"/desk/episodes/{episode_id}")


def send(
    desk: FlaskClient, episode_id: int, act: str = "publish", **fields: object
) -> TestResponse:
    """Send a form of an episode's page as it stands."""
    page = episode_page(desk, episode_id)
    data = {name: typed(page, name) for name in ("seen", "asked")} | {"csrf_token": token(page)}
    return desk.post(f"/desk/episodes/{episode_id}/{act}", data=data | fields)


def moment(episode_id: int):
    storage.read().rollback()
    return storage.read().get_one(Episode, episode_id, populate_existing=True).published_at


def text_of(page: TestResponse) -> str:
    return soup(page).main.get_text(" ", strip=True)


def mended(page: TestResponse) -> list[str]:
    return [line.get_text(strip=True) for line in soup(page).select(".c-errors li")]


def test_drafts_what_is_scheduled_and_what_is_out_are_listed(desk: FlaskClient):
    storage.write(lambda session: factories.add_episode(session, title="A thing that is out").id)
    episode = add_episode(slug="a-draft", title="A draft")
    plan(chosen(), episode)

    page = soup(desk.get("/desk/episodes"))

    lists = {
        section.h2.get_text(): section.get_text(" ", strip=True)
        for section in page.main.select("section")
    }
    assert "A draft" in lists["Drafts"]
    assert "will answer 1 question" in lists["Drafts"]
    assert "1 January 2999" in lists["Scheduled"]
    assert "A thing that is out Season 1, no. 1 · 6 January 2026, 08:00 GMT" in lists["Out"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_number_of_statements_for_any_number_of_rows(
    desk: FlaskClient, statements: list[str], rows: int
):
    for number in range(rows):
        plan(chosen(), add_episode(slug=f"draft-{number}", number=number + 2))
    desk.get("/desk/episodes")
    statements.clear()

    desk.get("/desk/episodes")

    assert len([each for each in statements if " episodes" in each or " questions" in each]) == 3


def test_an_episode_says_what_is_missing_and_what_it_will_answer(desk: FlaskClient):
    lead, _members = add_cluster(2)
    episode = empty_draft()
    plan(lead, episode)

    page = episode_page(desk, episode)

    told = text_of(page)
    assert "There is no written answer yet" in told
    assert "There is no video or sound." in told
    assert "2 questions go with it" in told
    assert soup(page).find("a", href=f"/desk/questions/{lead}")
    assert soup(page).find("button", value="now").get("disabled") is None


def test_a_draft_shows_what_will_be_printed_and_where_it_stands_until_then(desk: FlaskClient):
    episode = start(chosen())

    page = episode_page(desk, episode)

    assert WORDS in text_of(page)
    assert "it stands sealed in the mailbag and nowhere else" in text_of(page)
    assert typed(page, "sign_off") == "Curious in Kansas"
    assert "There is no question on its page" not in text_of(page)
    assert episode_of(episode).question_text == ""


def test_the_sign_off_is_printed_as_the_editor_leaves_it(desk: FlaskClient):
    episode = start(chosen())

    broken = send(desk, episode, when="now", although="written", sign_off="x" * 61)
    none = send(desk, episode, when="never", sign_off="Mine")
    send(desk, episode, when="now", although="written", sign_off=" ")

    assert mended(broken) == ["Keep it to 60 characters."]
    assert typed(none, "sign_off") == "Mine"
    assert (episode_of(episode).question_text, episode_of(episode).question_sign_off) == (WORDS, "")


def test_publishing_a_draft_whose_question_was_taken_back_says_so(desk: FlaskClient):
    question = chosen()
    episode = start(question)
    storage.write(withdraw, question_id=question)

    page = episode_page(desk, episode)
    unsaid = send(desk, episode, when="now", although="written")
    answer = send(desk, episode, when="now", although=["written", "letter"])

    assert "has been taken back or erased" in text_of(page)
    assert unsaid.status_code == 422
    assert WORDS not in page.text
    told = soup(desk.get(answer.location)).select_one(".c-told").get_text()
    assert "It is out." in told
    assert "has been taken back or erased" in told


def test_a_scheduled_episode_whose_question_was_named_later_says_how_it_is_printed(
    desk: FlaskClient,
):
    question = chosen()
    episode = start(question, web="")
    send(desk, episode, when="at", at="2998-07-01T09:00", although="written")
    write(question, web=WORDS)

    assert "publish it again, now or at its time" in text_of(episode_page(desk, episode))


def test_one_with_everything_lacks_nothing(desk: FlaskClient):
    finish_show()

    page = episode_page(desk, whole())

    assert "Before you publish Nothing is missing." in text_of(page)


def test_what_only_an_owner_can_mend_is_a_link_for_owners(owner_desk: FlaskClient):
    page = soup(episode_page(owner_desk, add_episode())).main

    assert page.find("a", href="/desk/show/artwork#picture")
    assert "An owner can mend that." not in page.get_text()


def test_what_only_an_owner_can_mend_is_no_link_for_editors(desk: FlaskClient):
    page = soup(episode_page(desk, add_episode())).main

    assert page.find("a", href="/desk/show/artwork#picture") is None
    assert "An owner can mend that." in page.get_text()


def test_publishing_now_puts_it_out_and_answers_what_it_was_named_for(desk: FlaskClient):
    question, episode = chosen(), add_episode()
    plan(question, episode)

    answer = send(desk, episode, when="now")

    assert answer.status_code == 302
    assert "It is out." in soup(desk.get(answer.location)).get_text()
    assert desk.get("/episodes/thin-walls").status_code == 200
    settle(episode)
    assert stands(question).state == "answered"


def test_one_without_a_written_answer_goes_out_only_if_somebody_says_so(desk: FlaskClient):
    episode = empty_draft()

    refused = send(desk, episode, when="now")

    assert refused.status_code == 422
    assert mended(refused) == ["Mend what is marked below, or tick that it goes out all the same."]
    assert soup(refused).find(id="although-written")
    assert moment(episode) is None
    assert send(desk, episode, when="now", although="written").status_code == 302
    assert moment(episode)


def test_publishing_at_a_time_is_on_the_shows_clock(desk: FlaskClient):
    episode = add_episode()

    answer = send(desk, episode, when="at", at="2998-07-01T09:00")

    assert "It goes out on 1 July 2998, 09:00 BST." in soup(desk.get(answer.location)).get_text()
    assert moment(episode).hour == 8
    assert typed(episode_page(desk, episode), "at") == "2998-07-01T09:00"
    assert desk.get("/episodes/thin-walls").status_code == 404


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("", "Write the day and the time, such as 2026-03-09T08:00."),
        (
            "2020-01-01T08:00",
            "That moment has passed.",
        ),
        ("2998-03-25T01:30", "skip 01:30"),
    ],
)
def test_a_time_that_is_none_is_mended_and_stays_typed(desk: FlaskClient, at: str, words: str):
    page = send(desk, add_episode(), when="at", at=at)

    assert page.status_code == 422
    assert words in mended(page)[0]
    assert soup(page).title.get_text().startswith("Error:")
    assert typed(page, "at") == at


def test_a_time_that_comes_twice_is_asked_about(desk: FlaskClient):
    episode = add_episode()

    page = send(desk, episode, when="at", at="2998-10-28T01:30")
    asked = [choice["value"] for choice in soup(page).select("input[name=which]")]
    send(desk, episode, when="at", at="2998-10-28T01:30", which="second")

    assert page.status_code == 422
    assert "comes twice" in mended(page)[0]
    assert asked == ["first", "second"]
    assert (moment(episode).hour, moment(episode).minute) == (1, 30)


def test_two_who_choose_different_times_meet_in_a_conflict(desk: FlaskClient):
    episode = add_episode()
    before = episode_page(desk, episode)
    send(desk, episode, when="at", at="2998-07-01T09:00")
    data = {"csrf_token": token(before), "seen": typed(before, "seen"), "asked": "", "when": "at"}

    answer = desk.post(f"/desk/episodes/{episode}/publish", data=data | {"at": "2998-07-02T09:00"})
    same = desk.post(f"/desk/episodes/{episode}/publish", data=data | {"at": "2998-07-01T09:00"})
    back = desk.post(f"/desk/episodes/{episode}/take-back", data=data)

    assert answer.status_code == 409
    assert "Somebody was there before you" in text_of(answer)
    assert typed(answer, "at") == "2998-07-02T09:00"
    assert "Goes out on 1 July 2998" in text_of(answer)
    assert same.status_code == 302
    assert back.status_code == 409
    again = desk.post(
        f"/desk/episodes/{episode}/publish",
        data=data | {"seen": typed(answer, "seen"), "at": typed(answer, "at")},
    )
    assert again.status_code == 302


def test_taking_back_withdraws_it(desk: FlaskClient):
    episode = add_episode(published_at=LONG_AGO)

    answer = send(desk, episode, "take-back")

    assert "nobody can open its page" in soup(desk.get(answer.location)).get_text()
    assert moment(episode) is None
    assert desk.get("/episodes/thin-walls").status_code == 404


def test_taking_back_what_only_was_to_go_out_says_no_more_than_that(desk: FlaskClient):
    episode = add_episode()
    send(desk, episode, when="at", at="2998-07-01T09:00")

    answer = send(desk, episode, "take-back")

    told = soup(desk.get(answer.location)).get_text()
    assert "It does not go out." in told
    assert "nobody can open its page" not in told


@pytest.mark.parametrize("fields", [{"csrf_token": "old", "when": "now"}, {"when": "never"}])
def test_a_broken_form_publishes_nothing(desk: FlaskClient, fields: dict[str, str]):
    episode = add_episode()

    assert send(desk, episode, **fields).status_code == 422
    assert moment(episode) is None


def test_taking_back_with_an_old_page_says_so(desk: FlaskClient):
    episode = add_episode(published_at=LONG_AGO)

    answer = send(desk, episode, "take-back", csrf_token="old")

    assert "open for too long" in soup(desk.get(answer.location)).get_text()
    assert moment(episode) == LONG_AGO


def test_what_is_out_can_be_put_off(desk: FlaskClient):
    episode = add_episode(published_at=LONG_AGO)

    send(desk, episode, when="at", at="2998-07-01T09:00")

    assert desk.get("/episodes/thin-walls").status_code == 404
    with time_machine.travel(clock.now() + timedelta(days=365 * 980)):
        assert moment(episode) < clock.now()


@pytest.mark.parametrize("path", ["/desk/episodes", "/desk/episodes/1"])
def test_episodes_take_an_editor(app: Flask, client: FlaskClient, path: str):
    add_staff(app, name="Mo", role="moderator")
    sign_in(client, email="mo@example.org")

    assert client.get(path).status_code == 403


def test_an_episode_that_is_nowhere_is_not_found(desk: FlaskClient):
    assert episode_page(desk, 999_999).status_code == 404


def test_a_document_that_is_written_is_no_draft_to_confirm(desk: FlaskClient):
    episode = add_episode(document=a_document())

    assert not soup(episode_page(desk, episode)).find("input", id="although-written")


def test_what_was_edited_since_the_page_was_opened_is_not_published_unseen(desk: FlaskClient):
    question = chosen()
    episode = start(question)
    page = episode_page(desk, episode)
    write(question, web="Bob Smith of Leeds")
    data = {name: typed(page, name) for name in ("seen", "asked")}
    data |= {"csrf_token": token(page), "when": "now", "although": "written"}

    answer = desk.post(f"/desk/episodes/{episode}/publish", data=data)

    assert answer.status_code == 409
    assert "Bob Smith of Leeds" in text_of(answer)
    assert moment(episode) is None
