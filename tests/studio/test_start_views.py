"""Starting an episode from a question at the desk, and naming one that is there."""

from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import factories
from tests.factories import LONG_AGO
from tests.moderation.clustering import add, add_cluster, add_episode, plan, stands
from tests.pages import heading, soup, typed
from tests.staff.members import token
from tests.studio.asked import WORDS, chosen, write


def text_of(page: TestResponse) -> str:
    return soup(page).main.get_text(" ", strip=True)


def mended(page: TestResponse) -> list[str]:
    return [line.get_text(strip=True) for line in soup(page).select(".c-errors li")]


def start_page(desk: FlaskClient, question: UUID) -> TestResponse:
    return desk.get(f"/desk/questions/{question}/start-episode")


def send_start(desk: FlaskClient, question: UUID, **fields: str) -> TestResponse:
    page = start_page(desk, question)
    data = {
        "csrf_token": token(page),
        "version": str(stands(question).version),
        "title": "The wall",
        "season": "1",
    }
    return desk.post(f"/desk/questions/{question}/start-episode", data=data | fields)


def test_starting_shows_what_will_be_printed_with_the_sign_off_as_written(desk: FlaskClient):
    question = chosen()
    write(question, web=WORDS)

    page = start_page(desk, question)

    assert WORDS in text_of(page)
    assert "Curious in Kansas" in text_of(page)
    assert soup(page).select_one("#season option[selected]")["value"] == "9"


def test_starting_never_offers_the_letter_and_says_what_to_write(desk: FlaskClient):
    page = start_page(desk, chosen())

    assert factories.LETTER not in text_of(page)
    assert "Its question is not ready" in text_of(page)
    assert soup(page).find("button", string="Start the draft")


def test_starting_leads_to_the_draft(desk: FlaskClient):
    question = chosen()

    answer = send_start(desk, question)

    page = desk.get(answer.location)
    assert heading(page) == "The wall"
    assert "Its question is not ready" in text_of(page)
    assert stands(question).planned_for_id == int(answer.location.rpartition("/")[2])

    again = send_start(desk, question)

    assert again.location == answer.location
    assert "An episode is named for it already" in soup(desk.get(again.location)).get_text()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": "  "}, "Write a title: its address is made of it."),
        ({"title": "x" * 301}, "Keep it to 300 characters."),
        ({"season": "77"}, "Choose a season."),
        ({"version": ""}, "The page did not say which version it showed. Open it again."),
        ({"csrf_token": "old"}, "This page was open for too long."),
    ],
)
def test_what_is_wrong_is_mended_and_the_rest_stays_typed(
    desk: FlaskClient, fields: dict[str, str], words: str
):
    page = send_start(desk, chosen(), **{"title": "Mine"} | fields)

    assert page.status_code == 422
    assert mended(page)[0].startswith(words)
    assert typed(page, "title") == fields.get("title", "Mine").strip()


def test_a_question_that_changed_meanwhile_is_a_conflict_with_what_was_typed(desk: FlaskClient):
    question = chosen()

    page = send_start(desk, question, version="1", title="A title of mine")

    assert page.status_code == 409
    assert "has changed since you looked" in text_of(page)
    assert typed(page, "title") == "A title of mine"
    assert typed(page, "version") == str(stands(question).version)


def test_what_no_episode_can_answer_says_why(desk: FlaskClient):
    lead, [member] = add_cluster(1)

    private = start_page(desk, chosen(consent="private"))
    new = start_page(desk, add())
    merged = start_page(desk, member)

    assert "no episode can answer it" in text_of(private)
    assert "Shortlist it first" in text_of(new)
    assert soup(merged).find("a", href=f"/desk/questions/{lead}/start-episode")
    assert start_page(desk, uuid4()).status_code == 404


def test_refusals_of_the_service_are_told_on_the_page(desk: FlaskClient):
    question = add()

    page = send_start(desk, question)
    named = send_name(desk, question, episode=str(add_episode()))

    assert (page.status_code, named.status_code) == (422, 422)
    assert "Shortlist it first" in text_of(page)


def send_name(desk: FlaskClient, question: UUID, **fields: str) -> TestResponse:
    page = start_page(desk, question)
    data = {"csrf_token": token(page), "version": str(stands(question).version)}
    return desk.post(f"/desk/questions/{question}/named-episode", data=data | fields)


def test_an_episode_that_is_there_is_named_with_an_undo(desk: FlaskClient):
    question, episode = chosen(), add_episode()

    answer = send_name(desk, question, episode=str(episode))

    assert stands(question).planned_for_id == episode
    page = soup(desk.get(answer.location))
    assert "It is answered once that episode is out." in page.get_text()
    assert page.select_one(".c-told input[name=history]")["value"]
    shown = soup(start_page(desk, question))
    assert shown.select_one("#episode option[selected]")["value"] == str(episode)

    again = send_name(desk, question, episode=str(episode))
    none = send_name(desk, question, episode="")

    assert again.status_code == none.status_code == 302
    assert stands(question).planned_for_id is None


def test_naming_what_is_no_episode_or_after_a_change_does_nothing(desk: FlaskClient):
    question, episode = chosen(), add_episode()

    nonsense = send_name(desk, question, episode="999999")
    late = send_name(desk, question, episode=str(episode), version="1")

    assert (nonsense.status_code, mended(nonsense)) == (422, ["Choose an episode."])
    assert late.status_code == 409
    assert stands(question).planned_for_id is None


def test_one_that_is_out_stays_among_the_choices_of_what_names_it(desk: FlaskClient):
    question, episode = chosen(), add_episode(published_at=LONG_AGO, title="Out by now")
    plan(question, episode)

    page = start_page(desk, question)

    assert "Out by now" in soup(page).select_one("#episode").get_text()
