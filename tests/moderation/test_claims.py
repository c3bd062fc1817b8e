"""Claims: who works on a question, for ten minutes, and what that keeps others from."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.markup import faults
from tests.moderation.acting import (
    acts_of,
    desk_of,
    do,
    open_question,
    row_of,
    send,
    text_of,
    told,
)
from tests.pages import heading, soup, typed
from webapp import storage
from webapp.moderation import claims
from webapp.questions.services import withdraw

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    """It is noon until a test says otherwise."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def mo(app: Flask) -> FlaskClient:
    return desk_of(app, "Mo", "moderator")


@pytest.fixture
def ed(app: Flask) -> FlaskClient:
    return desk_of(app, "Ed", "editor")


@pytest.fixture
def question(app: Flask) -> UUID:
    return do(app, factories.add_question)


def holder_of(app: Flask, question: UUID) -> claims.Holder | None:
    with app.app_context():
        return claims.find_holder(storage.read(), question)


def test_a_claim_lasts_ten_minutes_and_is_told_to_others(
    app: Flask, noon: time_machine.Traveller, mo: FlaskClient, ed: FlaskClient, question: UUID
):
    response = send(mo, question, "claim")
    page = open_question(mo, question)

    assert response.status_code == 302
    assert "It is yours until 12:10 UTC" in told(page)
    assert "You hold it until 12:10 UTC" in text_of(page)
    assert "Mo holds it until 12:10 UTC" in text_of(open_question(ed, question))
    assert "Mo holds it until 12:10 UTC" in text_of(ed.get("/desk/questions"))
    noon.move_to(NOON + timedelta(minutes=10))
    assert holder_of(app, question) is None
    assert "holds it" not in text_of(open_question(ed, question))


def test_looking_at_ones_own_claim_makes_it_last(
    app: Flask, noon: time_machine.Traveller, mo: FlaskClient, question: UUID
):
    send(mo, question, "claim")
    noon.move_to(NOON + timedelta(minutes=9))
    open_question(mo, question)
    assert holder_of(app, question).until == NOON + timedelta(minutes=19)


def test_somebody_elses_look_does_not(
    app: Flask, noon: time_machine.Traveller, mo: FlaskClient, ed: FlaskClient, question: UUID
):
    send(mo, question, "claim")
    noon.move_to(NOON + timedelta(minutes=9))
    open_question(ed, question)
    assert holder_of(app, question).until == NOON + timedelta(minutes=10)


def test_the_page_renews_a_claim_without_a_word(
    app: Flask, noon: time_machine.Traveller, mo: FlaskClient, question: UUID
):
    send(mo, question, "claim")
    open_question(mo, question)
    noon.move_to(NOON + timedelta(minutes=5))
    send(mo, question, "claim")
    assert holder_of(app, question).until == NOON + timedelta(minutes=15)
    assert soup(open_question(mo, question)).select_one(".c-told") is None


def test_the_form_that_renews_is_marked_for_whoever_holds_it(
    mo: FlaskClient, ed: FlaskClient, question: UUID
):
    assert not soup(open_question(mo, question)).select('form[data-js="claim"]')
    send(mo, question, "claim")

    form = soup(open_question(mo, question)).select_one('form[data-js="claim"]')
    assert form["action"] == f"/desk/questions/{question}/claim"
    assert not soup(open_question(ed, question)).select('form[data-js="claim"]')


def test_what_somebody_else_holds_is_not_claimed_by_accident(
    app: Flask, mo: FlaskClient, ed: FlaskClient, question: UUID
):
    send(mo, question, "claim")

    response = send(ed, question, "claim", back="/desk/questions")

    assert response.headers["Location"] == f"/desk/questions/{question}"
    page = open_question(ed, question)
    assert "Mo holds it until" in told(page)
    assert "Take it over" in text_of(page)
    assert holder_of(app, question).name == "Mo"


def test_taking_over_is_kept_in_history_and_changes_no_version(
    app: Flask, mo: FlaskClient, ed: FlaskClient, question: UUID
):
    send(mo, question, "claim")

    send(ed, question, "take-over")

    assert holder_of(app, question).name == "Ed"
    assert "Ed (editor) took it over" in text_of(open_question(mo, question))
    assert row_of(app, question).version == 1


def test_taking_over_what_nobody_holds_is_a_claim_and_no_act(
    app: Flask, ed: FlaskClient, question: UUID
):
    send(ed, question, "take-over")

    assert holder_of(app, question).name == "Ed"
    assert acts_of(app, question) == []


def test_only_ones_own_claim_is_let_go(
    app: Flask, mo: FlaskClient, ed: FlaskClient, question: UUID
):
    send(mo, question, "claim")

    send(ed, question, "release")
    assert "was not yours" in told(open_question(ed, question))
    assert holder_of(app, question).name == "Mo"

    send(mo, question, "release")
    assert holder_of(app, question) is None


def test_the_sixth_claim_is_refused_with_the_five(app: Flask, mo: FlaskClient, question: UUID):
    held = [do(app, factories.add_question) for _ in range(claims.MOST)]
    for one in held:
        send(mo, one, "claim")

    response = send(mo, question, "claim")

    assert response.status_code == 409
    assert faults(response.text) == []
    assert heading(response) == "You hold 5 questions already"
    links = {link["href"].rpartition("/")[2] for link in soup(response).select(".c-lines a")}
    assert links == {str(one) for one in held}
    assert holder_of(app, question) is None
    form = soup(response).select_one(".c-lines form")
    fields = {field["name"]: field["value"] for field in form.select("input")}
    assert mo.post(form["action"], data=fields).status_code == 302
    assert send(mo, question, "claim").status_code == 302
    assert holder_of(app, question).name == "Mo"


def test_a_claim_that_ran_out_leaves_room(
    app: Flask, noon: time_machine.Traveller, mo: FlaskClient, question: UUID
):
    for _ in range(claims.MOST):
        send(mo, do(app, factories.add_question), "claim")
    noon.move_to(NOON + timedelta(minutes=10))
    assert send(mo, question, "claim").status_code == 302
    assert holder_of(app, question) is not None


def test_a_decision_frees_the_question(app: Flask, mo: FlaskClient, question: UUID):
    send(mo, question, "claim")

    send(mo, question, "decide", decision="spam", version=1)

    assert holder_of(app, question) is None


def test_a_claim_warns_in_triage_and_keeps_nobody_from_deciding(
    app: Flask, mo: FlaskClient, ed: FlaskClient, question: UUID
):
    send(mo, question, "claim")

    assert send(ed, question, "decide", decision="shortlist", version=1).status_code == 302
    assert row_of(app, question).state == "shortlisted"


def test_the_texts_of_what_somebody_holds_wait_for_whoever_takes_it_over(
    app: Flask, mo: FlaskClient, ed: FlaskClient, question: UUID
):
    send(mo, question, "claim")
    written = {"air_text": "Mine.", "web_text": "Also mine.", "pronunciation": "meye-n"}

    response = send(ed, question, "texts", version=1, **written)

    assert response.status_code == 409
    assert faults(response.text) == []
    assert heading(response) == "Mo holds this question"
    assert {name: typed(response, name) for name in written} == written
    assert row_of(app, question).version == 1
    form = soup(response).select_one(".c-clash")
    assert "Take it over and save mine" in form.get_text()
    fields = {field["name"]: field["value"] for field in form.select("input")} | written
    assert ed.post(form["action"], data=fields).status_code == 302
    assert typed(open_question(ed, question), "air_text") == "Mine."
    assert holder_of(app, question).name == "Ed"
    assert "Ed (editor) took it over" in text_of(open_question(mo, question))


def test_whoever_lost_a_question_while_writing_keeps_what_was_typed(
    mo: FlaskClient, ed: FlaskClient, question: UUID
):
    send(mo, question, "claim")
    send(ed, question, "take-over")

    response = send(mo, question, "texts", version=1, air_text="Half done.", web_text="")

    assert response.status_code == 409
    assert typed(response, "air_text") == "Half done."
    assert "Ed (editor) took it over" not in text_of(response)  # that changed nothing in it


def test_what_its_asker_took_back_cannot_be_held(app: Flask, mo: FlaskClient, question: UUID):
    send(mo, question, "claim")
    do(app, withdraw, question_id=question)

    assert holder_of(app, question) is None
    send(mo, question, "claim")
    assert "taken this question back" in told(open_question(mo, question))
    assert "Claim it" not in text_of(open_question(mo, question))


def test_a_claim_without_a_token_does_nothing(app: Flask, mo: FlaskClient, question: UUID):
    for what in ("claim", "take-over", "release"):
        response = mo.post(f"/desk/questions/{question}/{what}", data={})
        assert response.status_code == 302
        assert "open for too long" in told(open_question(mo, question))
    assert holder_of(app, question) is None


@pytest.mark.parametrize("what", ["claim", "take-over"])
def test_a_question_that_there_is_not_is_404(mo: FlaskClient, what: str):
    assert send(mo, UUID(int=1), what).status_code == 404
