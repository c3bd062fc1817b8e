"""The reasons for declining: owners edit, add, order and retire them; old questions keep theirs."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests import factories
from tests.markup import faults
from tests.moderation.acting import desk_of, do, open_question, send, text_of, told
from tests.pages import soup
from tests.staff.members import token
from webapp import storage
from webapp.moderation.reasons import LAST, TAKEN
from webapp.questions.models import DeclineReason
from webapp.questions.reasons import list_reasons
from webapp.storage.history import Act


@pytest.fixture
def owner(app: Flask) -> FlaskClient:
    return desk_of(app)


def codes(app: Flask) -> list[str]:
    with app.app_context():
        return [reason.code for reason in list_reasons(storage.read())]


def post(desk: FlaskClient, where: str = "", **fields: str) -> TestResponse:
    data = {"csrf_token": token(desk.get("/desk/reasons"))} | fields
    return desk.post(f"/desk/reasons{where}", data=data)


def edit(desk: FlaskClient, code: str, **changes: str | None) -> TestResponse:
    """Send the form of a reason as the page has it, with changes; None leaves a field out."""
    form = soup(desk.get("/desk/reasons")).select_one(f'form[action="/desk/reasons/{code}"]')
    fields = {field["name"]: field.get("value", "") for field in form.select("input")}
    fields["asker_words"] = form.textarea.get_text().removeprefix("\n")
    if not form.select_one("[name=is_offered]").has_attr("checked"):
        del fields["is_offered"]
    fields |= changes
    kept = {name: value for name, value in fields.items() if value is not None}
    return desk.post(form["action"], data=kept)


def test_only_owners_edit_reasons(app: Flask):
    editor = desk_of(app, "Ed", "editor")

    assert editor.get("/desk/reasons").status_code == 403
    assert editor.post("/desk/reasons", data={}).status_code == 403


def test_the_page_shows_each_as_the_desk_and_as_askers_read_it(owner: FlaskClient):
    page = owner.get("/desk/reasons")

    assert faults(page.text) == []
    assert "1. Answered already" in text_of(page)
    assert "The show has answered a question very like yours." in text_of(page)


def test_new_words_are_read_by_the_askers_of_old_questions_too(app: Flask, owner: FlaskClient):
    question = do(app, factories.add_question)
    send(owner, question, "decide", decision="decline", version=1, reason="covered")

    edit(owner, "covered", name="We did that one", asker_words="See the archive.")

    assert "Declined: We did that one" in text_of(open_question(owner, question))
    with app.app_context():
        reason = storage.read().get_one(DeclineReason, "covered")
        assert reason.asker_words == "See the archive."
        act = storage.read().scalars(select(Act).where(Act.action == "edited reasons")).one()
        assert act.detail == {"reason": "covered", "did": "edited"}


def test_what_is_no_longer_offered_still_tells_of_old_questions(app: Flask, owner: FlaskClient):
    question = do(app, factories.add_question)
    send(owner, question, "decide", decision="decline", version=1, reason="covered")

    edit(owner, "covered", is_offered=None)

    assert "(no longer offered)" in text_of(owner.get("/desk/reasons"))
    assert "Declined: Answered already" in text_of(open_question(owner, question))
    other = do(app, factories.add_question)
    options = soup(open_question(owner, other)).select("[name=reason] option")
    assert "covered" not in [option["value"] for option in options]
    refused = send(owner, other, "decide", decision="decline", version=1, reason="covered")
    assert refused.status_code == 422


def test_a_new_reason_comes_last_and_can_be_given_at_once(app: Flask, owner: FlaskClient):
    post(owner, name="  Too   long ", asker_words="It was too long to read out.")

    assert codes(app)[-1] == "too-long"
    question = do(app, factories.add_question)
    send(owner, question, "decide", decision="decline", version=1, reason="too-long")
    assert "Declined: Too long" in text_of(open_question(owner, question))


def test_codes_are_never_used_twice(app: Flask, owner: FlaskClient):
    post(owner, name="Too long", asker_words="One.")
    edit(owner, "too-long", name="Much too long")
    post(owner, name="Too long", asker_words="Two.")

    assert codes(app)[-2:] == ["too-long", "too-long-2"]


@pytest.mark.parametrize("name", ["答え", "…"])
def test_a_name_without_letters_has_a_code_all_the_same(app: Flask, owner: FlaskClient, name: str):
    post(owner, name=name, asker_words="One.")

    assert codes(app)[-1] == "reason"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "", "asker_words": "Kept."}, "Write what the desk calls it."),
        ({"name": "Kept", "asker_words": " "}, "Write what the asker reads."),
        ({"name": "x" * 61, "asker_words": "Kept."}, "Keep it to 60 characters."),
        ({"name": "answered ALREADY", "asker_words": "Kept."}, TAKEN),
    ],
)
def test_what_is_no_reason_is_said_and_kept(
    app: Flask, owner: FlaskClient, fields: dict[str, str], said: str
):
    response = post(owner, **fields)

    assert response.status_code == 422
    assert faults(response.text) == []
    assert text_of(response).count(said) == 2
    assert soup(response).select_one("#name-new")["value"] == fields["name"]
    assert (
        soup(response).select_one("#words-new").get_text().removeprefix("\n")
        == (fields["asker_words"])
    )
    assert len(codes(app)) == 5


def test_the_order_changes_by_one_place(app: Flask, owner: FlaskClient):
    before = codes(app)

    post(owner, f"/{before[0]}/move", to="down")
    assert codes(app)[:2] == [before[1], before[0]]
    post(owner, f"/{before[0]}/move", to="up")
    assert codes(app) == before
    response = post(owner, f"/{before[0]}/move", to="up")
    assert "It was so already" in told(owner.get(response.headers["Location"]))
    post(owner, f"/{before[0]}/move", to="sideways")
    assert codes(app) == before


def test_two_owners_at_once_see_both_versions(app: Flask, owner: FlaskClient):
    other = desk_of(app, "Second", "owner")
    form = soup(owner.get("/desk/reasons")).select_one('form[action="/desk/reasons/covered"]')
    mark = form.select_one("[name=mark]")["value"]
    edit(other, "covered", name="Theirs")

    response = edit(owner, "covered", name="Mine", mark=mark)

    assert response.status_code == 409
    assert faults(response.text) == []
    assert "1. Theirs" in text_of(response)
    assert soup(response).select_one("#name-covered")["value"] == "Mine"
    again = soup(response).select_one('form[action="/desk/reasons/covered"] [name=mark]')
    assert edit(owner, "covered", name="Mine", mark=again["value"]).status_code == 302


def test_the_same_twice_is_a_success(owner: FlaskClient):
    edit(owner, "covered", name="Mine")
    edit(owner, "covered", name="Mine")

    assert "It was so already" in told(owner.get("/desk/reasons"))


def test_one_reason_stays(app: Flask, owner: FlaskClient):
    for code in codes(app)[1:]:
        assert edit(owner, code, is_offered=None).status_code == 302

    response = edit(owner, codes(app)[0], is_offered=None)

    assert response.status_code == 422
    assert LAST in text_of(response)


def test_a_reason_that_there_is_not_is_404(owner: FlaskClient):
    fields = {"name": "x", "asker_words": "y", "mark": ""}

    assert post(owner, "/nonsense", **fields).status_code == 404
    assert post(owner, "/nonsense/move", to="up").status_code == 404


def test_a_stale_page_keeps_what_was_typed(owner: FlaskClient):
    data = {"csrf_token": "stale", "name": "Kept", "asker_words": "Kept too."}

    response = owner.post("/desk/reasons/covered", data=data)

    assert response.status_code == 422
    assert "open for too long" in text_of(response)
    assert soup(response).select_one("#name-covered")["value"] == "Kept"
