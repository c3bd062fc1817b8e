"""What the holder of a receipt is told: the state, what happens next, and until when."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import factories
from tests.markup import faults
from tests.pages import heading, main_state, soup
from tests.questions import holding
from tests.questions.holding import UNKNOWN, WAYS, ask_back, bring_to, post
from webapp import clock, storage
from webapp.episodes.models import Episode
from webapp.questions import services

HEADINGS = {
    "new": "It’s waiting to be read",
    "shortlisted": "It’s on the shortlist",
    "merged": "You’re not the only one",
    "ready": "It’s ready for the show",
    "scheduled": "It’s on the list for a recording",
    "recorded": "It has been recorded",
    "answered": "It has been answered",
    "declined": "The show will not answer this one",
    "spam": "It’s waiting to be read",
}


@pytest.fixture
def receipt(app: Flask) -> str:
    return holding.receipt_of(app)


@pytest.fixture
def question(app: Flask) -> UUID:
    return holding.add(app)


@pytest.fixture
def episode_id(app: Flask) -> int:
    with app.app_context():
        return storage.write(lambda session: factories.add_episode(session).id)


def said(response: TestResponse) -> str:
    return soup(response).main.get_text(" ", strip=True)


def dates(response: TestResponse) -> dict[str, str]:
    """Return the dates of the page by their words; a day as ISO 8601."""
    rows = soup(response).select(".c-dates div")
    return {
        row.dt.get_text(strip=True): row.time["datetime"]
        if row.time
        else row.dd.get_text(strip=True)
        for row in rows
    }


def day(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


@pytest.mark.parametrize("state", WAYS)
def test_every_state_has_its_words(
    app: Flask, client: FlaskClient, receipt: str, question: UUID, episode_id: int, state: str
):
    also = {"answered_by_id": episode_id} if state == "answered" else {}
    bring_to(app, question, state, **also)

    response = post(client, "", receipt)

    assert response.status_code == 200
    assert main_state(response) == {"spam": "new"}.get(state, state)
    assert heading(response) == HEADINGS[state]
    assert faults(response.text) == []
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "typed", [str.upper, str.title, lambda words: words.replace(" ", "-"), lambda w: "x" + w[1:]]
)
def test_capitals_separators_and_one_slip_are_forgiven(
    client: FlaskClient, receipt: str, question: UUID, typed
):
    assert main_state(post(client, "", typed(receipt))) == "new"


@pytest.mark.parametrize("words", ["", "six", UNKNOWN, "x" * 100_000, "\0", "' OR 1=1"])
def test_unknown_words_are_404_in_words(client: FlaskClient, question: UUID, words: str):
    response = post(client, "", words)

    assert response.status_code == 404
    assert soup(response).title.string.startswith("Error: ")
    assert "No question answers to these words" in response.text


def test_what_is_long_gone_looks_as_if_it_had_never_been(
    app: Flask, client: FlaskClient, receipt: str, question: UUID
):
    bring_to(app, question, "recorded")
    with app.app_context():
        storage.write(services.withdraw, question_id=question)
    gone = [post(client, action, receipt) for action in ("", "reply", "prolong", "withdraw")]
    never = [post(client, action, UNKNOWN) for action in ("", "reply", "prolong", "withdraw")]

    assert {response.status_code for response in gone + never} == {404}
    assert {page.text.replace(receipt, UNKNOWN) for page in gone} == {never[0].text}
    assert {page.text for page in never} == {never[0].text}


@pytest.mark.parametrize("was_asked", [False, True])
def test_spam_looks_to_its_asker_like_any_other(
    app: Flask, client: FlaskClient, receipt: str, question: UUID, was_asked: bool
):
    if was_asked:
        ask_back(app, question)
    before = post(client, "", receipt)
    bring_to(app, question, "spam")

    after = post(client, "", receipt)

    assert main_state(after) == "new"
    assert after.text == before.text  # not even a date tells
    assert post(client, "prolong", receipt).status_code == 200


def test_a_new_question_is_kept_until_one_day(client: FlaskClient, receipt: str, question: UUID):
    response = post(client, "", receipt)

    assert dates(response) == {"Arrived": day(0), "Kept until": day(90)}
    assert "The producer reads every question. Twice a week." in said(response)


@pytest.mark.parametrize(
    ("state", "texts"), [("shortlisted", 90), ("merged", 90), ("ready", 365), ("recorded", 365)]
)
def test_a_question_on_its_way_is_kept_until_one_day(
    app: Flask, client: FlaskClient, receipt: str, question: UUID, state: str, texts: int
):
    bring_to(app, question, state)

    assert dates(post(client, "", receipt)) == {"Arrived": day(0), "Kept until": day(texts)}


def test_a_declined_question_tells_reason_kind_word_and_both_dates(
    app: Flask, client: FlaskClient, receipt: str, question: UUID
):
    bring_to(app, question, "declined", decline_reason="needs-more")

    response = post(client, "", receipt)

    assert "You can send it again with more of the story." in said(response)
    assert dates(response) == {
        "Arrived": day(0),
        "Your text is kept until": day(7),
        "These words work until": day(90),
    }


def test_an_answer_is_linked(
    app: Flask, client: FlaskClient, receipt: str, question: UUID, episode_id: int
):
    bring_to(app, question, "answered", answered_by_id=episode_id)

    page = soup(post(client, "", receipt))

    assert page.main.find("a", href="/episodes/thin-walls").get_text() == "Thin walls"


def test_an_answer_whose_episode_was_taken_back_waits_for_it(
    app: Flask, client: FlaskClient, receipt: str, question: UUID, episode_id: int
):
    bring_to(app, question, "answered", answered_by_id=episode_id)
    with app.app_context():
        storage.write(
            lambda session: setattr(
                session.get_one(Episode, episode_id),
                "published_at",
                datetime(2999, 1, 1, tzinfo=UTC),
            )
        )

    assert main_state(post(client, "", receipt)) == "recorded"


@pytest.mark.parametrize("state", ["new", "shortlisted", "merged", "ready", "scheduled"])
def test_a_question_whose_time_ran_out_says_so(
    app: Flask, client: FlaskClient, receipt: str, question: UUID, state: str
):
    bring_to(app, question, state)
    holding.change(app, question, texts_until=None, **services.NO_TEXTS)

    response = post(client, "", receipt)

    assert heading(response) == "Its time ran out"
    assert dates(response)["Your text"] == "Erased"
    assert not soup(response).main.find("form")


def test_a_receipt_is_only_ever_in_the_body(client: FlaskClient, receipt: str, question: UUID):
    first, second = receipt.split()[:2]
    said = re.compile(rf"{first}\W+{second}")
    for action in ("", "reply", "prolong", "withdraw"):
        response = post(client, action, receipt)
        page = soup(response)

        assert not said.search(response.request.url)
        assert not [value for value in response.headers.values() if said.search(value)]
        assert not said.search(page.title.string)
        addresses = [tag.get("href") or tag.get("action") for tag in page.select("[href], form")]
        assert not [address for address in addresses if said.search(address)]


def test_withdrawing_asks_once_more_and_then_erases(
    app: Flask, client: FlaskClient, receipt: str, question: UUID
):
    asked = post(client, "withdraw", receipt)
    kept = post(client, "", receipt)
    done = post(client, "withdraw", receipt, confirm="yes")
    again = post(client, "withdraw", receipt, confirm="yes")

    assert heading(asked) == "Take it back?"
    assert main_state(kept) == "new"
    assert heading(done) == "It’s gone"
    assert done.text == again.text
    assert f'datetime="{day(7)}"' in done.text
    with app.app_context():
        row = storage.read().get_one(services.Question, question)
        assert {getattr(row, name) for name in services.NO_TEXTS} == {None}
    after = post(client, "", receipt)
    assert heading(after) == "You took it back"
    assert dates(after) == {
        "Arrived": day(0),
        "Your text": "Erased",
        "These words work until": day(7),
    }


@pytest.mark.parametrize("state", ["recorded", "answered"])
def test_withdrawing_says_where_the_cut_off_is(
    app: Flask, client: FlaskClient, receipt: str, question: UUID, episode_id: int, state: str
):
    bring_to(app, question, state, answered_by_id=episode_id)

    offered, asked = post(client, "", receipt), post(client, "withdraw", receipt)
    done = post(client, "withdraw", receipt, confirm="yes")
    again = post(client, "withdraw", receipt, confirm="yes")

    assert "What has been recorded cannot be unmade." in said(offered)
    assert "so do your six words" in said(asked)
    assert main_state(done) == "withdrawn"
    assert "What had been recorded stays as it is." in said(done)
    assert again.status_code == 404
    assert "If you have just taken it back, it is gone" in said(again)


def test_a_question_whose_time_is_over_in_the_same_moment_is_gone_too(
    app: Flask, client: FlaskClient, receipt: str, question: UUID, monkeypatch: pytest.MonkeyPatch
):
    holding.meanwhile(monkeypatch, lambda: holding.change(app, question, state="erased"))

    response = post(client, "withdraw", receipt, confirm="yes")

    assert response.status_code == 404
    assert "it is gone" in said(response)


@pytest.mark.parametrize("action", ["reply", "prolong", "withdraw"])
def test_a_visit_to_what_only_takes_forms_is_405(client: FlaskClient, action: str):
    response = client.get(f"/my-question/{action}")

    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


def test_the_look_up_says_after_how_many_days_an_undecided_question_goes(client: FlaskClient):
    response = client.get("/my-question")

    assert response.headers["Cache-Control"] == "no-store"
    assert "not decided after 90 days" in said(response)
