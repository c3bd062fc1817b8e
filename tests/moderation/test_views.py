"""One question at the desk in a client: decisions, conflicts, texts, undo."""

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from tests import factories
from tests.pages import heading, soup, typed
from tests.staff.members import add_staff, sign_in, token
from webapp import storage
from webapp.moderation.question_queries import OFFERED
from webapp.moderation.services import NOT_PUBLISHED
from webapp.questions.services import withdraw


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> FlaskClient:
    """An owner's desk; one episode is published."""
    add_staff(app)
    with app.app_context():
        storage.write(lambda session: factories.add_episode(session).id)
    sign_in(client)
    return client


@pytest.fixture
def question(app: Flask) -> UUID:
    with app.app_context():
        return storage.write(factories.add_question)


def decide(
    desk: FlaskClient, question: UUID, decision: str, version: int, **more: str
) -> TestResponse:
    form = token(desk.get("/desk/questions"))
    data = {"csrf_token": form, "decision": decision, "version": version} | more
    return desk.post(f"/desk/questions/{question}/decide", data=data)


def write_texts(
    desk: FlaskClient, question: UUID, version: int | str, **texts: str
) -> TestResponse:
    form = token(desk.get("/desk/questions"))
    data = {"csrf_token": form, "version": version} | texts
    return desk.post(f"/desk/questions/{question}/texts", data=data)


def text_of(page: TestResponse) -> str:
    return soup(page).main.get_text(" ", strip=True)


def test_decision_is_made_said_and_offered_for_undo(desk: FlaskClient, question: UUID):
    response = decide(desk, question, "shortlist", 1, back="/desk/questions?lane=ordinary")
    page = desk.get(response.headers["Location"])

    assert response.headers["Location"] == "/desk/questions?lane=ordinary"
    assert "Shortlisted." in page.text
    assert "Undo" in page.text


def test_decision_never_leads_off_the_desk(desk: FlaskClient, question: UUID):
    response = decide(desk, question, "shortlist", 1, back="https://elsewhere.example/")

    assert response.headers["Location"] == f"/desk/questions/{question}"


@pytest.mark.parametrize(
    "back",
    ["/desk/questions\nX: y", "/desk/questions@x", "//x/desk/questions", "/desk/" + "x" * 8_000],
)
def test_decision_leads_nowhere_strange(desk: FlaskClient, question: UUID, back: str):
    response = decide(desk, question, "shortlist", 1, back=back)

    assert response.headers["Location"] == f"/desk/questions/{question}"


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_a_version_that_is_none_keeps_what_was_typed(
    desk: FlaskClient, question: UUID, version: str
):
    response = write_texts(desk, question, version, air_text="Typed.", web_text="")

    assert response.status_code == 422
    assert typed(response, "air_text") == "Typed."
    assert "did not say which version" in response.text


def test_a_page_that_was_open_for_too_long_says_so_and_keeps_the_text(
    desk: FlaskClient, question: UUID
):
    data = {"csrf_token": "stale", "version": 1, "air_text": "Typed."}
    response = desk.post(f"/desk/questions/{question}/texts", data=data)

    assert response.status_code == 422
    assert "open for too long" in text_of(response)
    assert typed(response, "air_text") == "Typed."


def test_texts_for_a_question_that_was_taken_back_are_not_offered_again(
    app: Flask, desk: FlaskClient, question: UUID
):
    with app.app_context():
        storage.write(withdraw, question_id=question)

    response = write_texts(desk, question, 1, air_text="The asker's words.", web_text="")

    assert response.status_code == 409
    assert "Its asker has taken it back" in text_of(response)
    assert "The asker's words." not in response.text


def test_the_original_is_no_start_for_what_may_only_be_paraphrased(app: Flask, desk: FlaskClient):
    with app.app_context():
        paraphrase = storage.write(factories.add_question, consent="paraphrase")
    page = desk.get(f"/desk/questions/{paraphrase}")
    refused = write_texts(desk, paraphrase, 1, air_text=factories.LETTER, web_text="")

    assert "data-original" not in page.text
    assert refused.status_code == 422
    assert "in words of your own" in text_of(refused)
    assert typed(refused, "air_text") == factories.LETTER


def test_declining_takes_a_reason_and_a_kind_word(desk: FlaskClient, question: UUID):
    refused = decide(desk, question, "decline", 1, kind_word="Be well.")
    assert refused.status_code == 422
    assert "Choose a reason: the asker will read it." in refused.text
    assert typed(refused, "kind_word") == "Be well."

    decide(desk, question, "decline", 1, reason="covered", kind_word="Be well.")
    page = desk.get(f"/desk/questions/{question}")
    assert "Answered already" in text_of(page)
    assert "Be well." in text_of(page)


def test_somebody_elses_decision_is_a_conflict_with_both_ways_open(
    app: Flask, desk: FlaskClient, question: UUID
):
    decide(desk, question, "shortlist", 1)

    response = decide(desk, question, "decline", 1, reason="covered", kind_word="Be well.")

    assert response.status_code == 409
    assert heading(response) == "Somebody was there before you"
    assert "Sam (owner) shortlisted it" in text_of(response)
    assert "Be well." in response.text
    assert typed(response, "version") == "2"


def test_the_same_decision_twice_is_a_success_that_says_who_made_it(
    desk: FlaskClient, question: UUID
):
    decide(desk, question, "spam", 1)
    response = decide(desk, question, "spam", 1)

    assert response.status_code == 302
    assert "It was so already: Sam marked it as spam, on" in desk.get("/desk/questions").text


@pytest.mark.parametrize("move", ["", "explode", "answered"])
def test_a_move_that_there_is_not_is_refused_in_words(desk: FlaskClient, question: UUID, move: str):
    response = decide(desk, question, move, 1)

    assert response.status_code == 422
    assert "Choose what to do with it." in response.text


def test_a_decision_without_a_version_is_refused(desk: FlaskClient, question: UUID):
    form = token(desk.get("/desk/questions"))
    data = {"csrf_token": form, "decision": "spam"}

    assert desk.post(f"/desk/questions/{question}/decide", data=data).status_code == 422


def test_a_decision_from_nowhere_is_refused(desk: FlaskClient, question: UUID):
    data = {"decision": "spam", "version": 1}

    assert desk.post(f"/desk/questions/{question}/decide", data=data).status_code == 422
    assert "New" in text_of(desk.get(f"/desk/questions/{question}"))


def test_answering_takes_a_published_episode(desk: FlaskClient, question: UUID):
    decide(desk, question, "shortlist", 1)

    assert decide(desk, question, "answer", 2).status_code == 422
    for other in ("noise-draft", "nowhere", "https://elsewhere.example/episodes/thin-walls"):
        refused = decide(desk, question, "answer", 2, episode=other)
        assert refused.status_code == 422
        assert soup(refused).select_one("#episode-error").text == f"Error: {NOT_PUBLISHED}"
        assert soup(refused).select_one("#episode")["value"] == other
    assert decide(desk, question, "answer", 2, episode="thin-walls").status_code == 302
    assert "Answered in Thin walls" in text_of(desk.get(f"/desk/questions/{question}"))


@pytest.mark.parametrize(
    "address",
    [" thin-walls ", "/episodes/thin-walls", "http://127.0.0.1:8000/episodes/thin-walls/#part-one"],
)
def test_an_episode_is_named_by_its_address_too(desk: FlaskClient, question: UUID, address: str):
    decide(desk, question, "shortlist", 1)

    assert decide(desk, question, "answer", 2, episode=address).status_code == 302
    assert "Answered in Thin walls" in text_of(desk.get(f"/desk/questions/{question}"))


def test_of_many_episodes_the_newest_are_offered(app: Flask, desk: FlaskClient, question: UUID):
    with app.app_context():
        storage.write(factories.add_credited_episodes, count=OFFERED + 2)
    decide(desk, question, "shortlist", 1)

    page = soup(desk.get(f"/desk/questions/{question}"))

    field = page.select_one("#episode")
    offered = page.select(f"datalist#{field['list']} option")
    assert [option["value"] for option in offered] == [
        f"episode-{number}" for number in range(OFFERED + 2, 2, -1)
    ]
    assert {option.text for option in offered} == {"Thin walls"}


def test_a_conflict_over_an_answer_says_which_episode(desk: FlaskClient, question: UUID):
    decide(desk, question, "shortlist", 1)

    clash = decide(desk, question, "answer", 1, episode="/episodes/thin-walls")

    assert clash.status_code == 409
    assert "Episode: Thin walls" in text_of(clash)
    assert typed(clash, "episode") == "thin-walls"


def test_a_moderator_cannot_answer(app: Flask, question: UUID):
    add_staff(app, name="Mo", role="moderator")
    with app.app_context():
        storage.write(lambda session: factories.add_episode(session).id)
    desk = app.test_client()
    sign_in(desk, email="mo@example.org")
    decide(desk, question, "shortlist", 1)

    assert decide(desk, question, "answer", 2, episode="thin-walls").status_code == 403
    assert "Answered by…" not in desk.get(f"/desk/questions/{question}").text


def test_texts_are_saved_beside_the_original(desk: FlaskClient, question: UUID):
    write_texts(desk, question, 1, air_text="\nFor the air.\n", web_text="For the page.")
    page = desk.get(f"/desk/questions/{question}")

    assert typed(page, "air_text") == "\nFor the air.\n"
    assert typed(page, "web_text") == "For the page."
    assert factories.LETTER in text_of(page)
    assert "wrote the air text and web text" in text_of(page)


def test_texts_over_somebody_elses_show_both(desk: FlaskClient, question: UUID):
    write_texts(desk, question, 1, air_text="First.", web_text="")

    response = write_texts(desk, question, 1, air_text="Second.", web_text="")

    assert response.status_code == 409
    assert "First." in text_of(response)
    assert typed(response, "air_text") == "Second."
    assert write_texts(desk, question, 2, air_text="Second.").status_code == 302


@pytest.mark.parametrize("trouble", ["away", "cut", "late"])
def test_texts_that_could_not_be_taken_are_given_back(
    desk: FlaskClient, question: UUID, monkeypatch: pytest.MonkeyPatch, trouble: str
):
    form = token(desk.get("/desk/questions"))
    data = {"csrf_token": form, "version": 1, "air_text": "Two\nlines.", "web_text": ""}
    if trouble == "away":

        def away(*_arguments: object, **_more: object) -> None:
            raise OperationalError("UPDATE", {}, Exception("locked"))

        monkeypatch.setattr("webapp.moderation.views.write_texts", away)
    environ = {} if trouble == "away" else {"postbag.body": trouble}
    url = f"/desk/questions/{question}/texts"
    response = desk.post(url, data=data, environ_overrides=environ)
    monkeypatch.undo()

    assert response.status_code == {"away": 503, "cut": 413, "late": 408}[trouble]
    carried = soup(response).select_one("main form")
    fields = {field["name"]: field.get("value", "") for field in carried.select("input")}
    assert fields["air_text"] == "Two\nlines."
    assert desk.post(carried["action"], data=fields).status_code == 302
    assert typed(desk.get(f"/desk/questions/{question}"), "air_text") == "Two\nlines."


def test_texts_that_are_too_long_come_back(desk: FlaskClient, question: UUID):
    response = write_texts(desk, question, 1, air_text="x" * 20_001, web_text="Kept.")

    assert response.status_code == 422
    assert "Keep it to 20,000 characters." in response.text
    assert typed(response, "air_text") == "x" * 20_001
    assert typed(response, "web_text") == "Kept."


def undo(desk: FlaskClient, page: TestResponse) -> TestResponse:
    form = soup(page).find("input", attrs={"name": "history"}).find_parent("form")
    fields = {field["name"]: field["value"] for field in form.select("input")}
    return desk.post("/desk/undo", data=fields, follow_redirects=True)


@pytest.mark.parametrize(
    ("moves", "state"),
    [
        (["shortlist"], "New"),
        (["spam"], "New"),
        (["decline"], "New"),
        (["shortlist", "decline"], "Shortlisted"),
        (["shortlist", "answer"], "Shortlisted"),
        (["spam", "new"], "Spam"),
    ],
)
def test_undo_takes_the_newest_act_back(
    desk: FlaskClient, question: UUID, moves: list[str], state: str
):
    for version, move in enumerate(moves, start=1):
        decide(desk, question, move, version, reason="covered", episode="thin-walls")

    page = undo(desk, desk.get(f"/desk/questions/{question}"))

    assert "Taken back." in page.text
    facts = soup(page).select_one(".c-item__facts").get_text(" ", strip=True)
    assert facts.startswith(state)


def test_undo_of_what_has_changed_since_changes_nothing(desk: FlaskClient, question: UUID):
    decide(desk, question, "shortlist", 1)
    page = desk.get(f"/desk/questions/{question}")
    decide(desk, question, "decline", 2, reason="covered")

    response = undo(desk, page)

    assert "has changed since" in response.text
    assert "Declined" in text_of(response)


@pytest.mark.parametrize("history", ["", "nonsense", "0", "9" * 40])
def test_undo_of_nothing_is_said_in_words(desk: FlaskClient, history: str):
    form = token(desk.get("/desk/questions"))
    data = {"csrf_token": form, "history": history}
    response = desk.post("/desk/undo", data=data, follow_redirects=True)

    assert "There was nothing to undo." in response.text


def test_undo_of_an_act_that_there_is_not_is_404(desk: FlaskClient):
    form = token(desk.get("/desk/questions"))
    data = {"csrf_token": form, "history": str(UUID(int=1))}

    assert desk.post("/desk/undo", data=data).status_code == 404


def test_a_question_that_there_is_not_is_404(desk: FlaskClient):
    unknown = UUID(int=1)

    assert desk.get(f"/desk/questions/{unknown}").status_code == 404
    assert desk.get("/desk/questions/nonsense").status_code == 404
    assert decide(desk, unknown, "spam", 1).status_code == 404
