"""Rundowns in a client: making, filling, ordering, closing, conflicts, roles."""

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.moderation.rundowns.made import add_ready, add_rundown
from tests.pages import heading, soup, typed
from tests.staff.members import add_staff, sign_in, token
from webapp import storage
from webapp.moderation.rundowns.queries import get_rundown, list_places
from webapp.questions.queries import get_question
from webapp.questions.services import withdraw


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> FlaskClient:
    """An editor's desk."""
    add_staff(app, name="Ed", role="editor")
    sign_in(client, email="ed@example.org")
    return client


@pytest.fixture
def rundown(app: Flask) -> UUID:
    """A rundown with three questions."""
    with app.app_context():
        return storage.write(add_rundown, "One.", "Two.", "Three.")


def post(desk: FlaskClient, path: str, **fields: object) -> TestResponse:
    form = token(desk.get("/desk/rundowns"))
    return desk.post(f"/desk/rundowns{path}", data={"csrf_token": form} | fields)


def text_of(page: TestResponse) -> str:
    return soup(page).main.get_text(" ", strip=True)


def told(desk: FlaskClient) -> str:
    return soup(desk.get("/desk/rundowns")).select_one(".c-told").get_text(" ", strip=True)


def ids_of(app: Flask, rundown: UUID) -> list[UUID]:
    with app.app_context():
        return [place.question_id for place in list_places(storage.read(), rundown)]


def version_of(app: Flask, question: UUID) -> int:
    with app.app_context():
        return get_question(storage.read(), question).version


def rundown_version(app: Flask, rundown: UUID) -> int:
    with app.app_context():
        return get_rundown(storage.read(), rundown).version


def test_a_rundown_is_made_with_title_day_and_pace(desk: FlaskClient):
    assert typed(desk.get("/desk/rundowns"), "pace") == "150"  # one's own

    made = post(desk, "", title=" The  first ", recording_on="2026-04-01", pace="120")
    page = desk.get(made.headers["Location"])
    assert heading(page) == "The first"
    assert "Recording on 1 April 2026" in text_of(page)
    assert "at 120 words a minute" in text_of(page)
    assert "The first" in text_of(desk.get("/desk/rundowns"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": " "}, "Give the rundown a title."),
        ({"title": "x" * 121}, "Keep it to 120 characters."),
        ({"pace": "fast"}, "Write the pace as a number from 60 to 300."),
        ({"pace": "301"}, "Write the pace as a number from 60 to 300."),
        ({"recording_on": "soon"}, "Write the day as year, month and day, such as 2026-03-09."),
    ],
)
def test_what_is_wrong_is_said_and_everything_kept(desk: FlaskClient, wrong, said):
    fields = {"title": "Tuesday", "recording_on": "2026-04-01", "pace": "140"} | wrong
    response = post(desk, "", **fields)

    assert response.status_code == 422
    assert said in text_of(response)
    assert {name: typed(response, name) for name in ("pace", "recording_on")} == {
        name: fields[name] for name in ("pace", "recording_on")
    }


def test_settings_are_changed_and_a_second_hand_sees_both(
    app: Flask, desk: FlaskClient, rundown: UUID
):
    at = rundown_version(app, rundown)
    fields = {"version": at, "recording_on": "", "pace": "150"}
    assert post(desk, f"/{rundown}", title="Wednesday", **fields).status_code == 302

    response = post(desk, f"/{rundown}", title="Thursday", **fields)
    assert response.status_code == 409
    assert "Wednesday" in text_of(response)
    assert "Ed (editor) changed a rundown" in text_of(response)
    assert typed(response, "title") == "Thursday"
    assert typed(response, "version") == str(at + 1)


def test_a_ready_question_is_put_in_from_the_page(app: Flask, desk: FlaskClient, rundown: UUID):
    with app.app_context():
        question = storage.write(add_ready, air_text="A fourth.")
    page = desk.get(f"/desk/rundowns/{rundown}")
    form = soup(page).find("input", attrs={"name": "question"}).find_parent("form")
    fields = {field["name"]: field["value"] for field in form.select("input")}

    assert desk.post(form["action"], data=fields).status_code == 302
    assert "Put into “Tuesday”. Undo" in told(desk)
    assert ids_of(app, rundown)[-1] == question
    assert desk.post(form["action"], data=fields).status_code == 302
    assert "in “Tuesday” already" in told(desk)


def test_a_question_comes_in_from_the_queue_and_leads_back_there(
    app: Flask, desk: FlaskClient, rundown: UUID
):
    with app.app_context():
        question = storage.write(add_ready)
    fields = {"question": str(question), "version": version_of(app, question)}
    back = "/desk/questions?state=ready"
    response = post(desk, f"/{rundown}/items", back=back, **fields)

    assert response.headers["Location"] == back


def test_a_question_that_changed_meanwhile_is_not_put_in_unseen(
    app: Flask, desk: FlaskClient, rundown: UUID
):
    with app.app_context():
        question = storage.write(add_ready)
    response = post(desk, f"/{rundown}/items", question=str(question), version=1)

    assert response.status_code == 409
    assert "made it ready" in text_of(response)
    assert "Do mine anyway" in text_of(response)
    form = soup(response).main.form
    fields = {field["name"]: field["value"] for field in form.select("input")}
    desk.post(form["action"], data=fields)
    assert ids_of(app, rundown)[-1] == question


@pytest.mark.parametrize(("question", "status"), [("", 422), ("x", 422), (str(UUID(int=1)), 404)])
def test_what_names_no_question_is_refused(
    desk: FlaskClient, rundown: UUID, question: str, status: int
):
    response = post(desk, f"/{rundown}/items", question=question, version=1)

    assert response.status_code == status


def test_a_question_is_taken_out(app: Flask, desk: FlaskClient, rundown: UUID):
    question = ids_of(app, rundown)[1]
    path = f"/{rundown}/items/{question}/out"
    assert post(desk, path, version=1).status_code == 409

    assert post(desk, path, version=version_of(app, question)).status_code == 302
    assert "Taken out. Undo" in told(desk)
    assert question not in ids_of(app, rundown)


@pytest.mark.parametrize(
    ("step", "order"), [("up 2", [0, 2, 1]), ("down 0", [1, 0, 2]), ("top 2", [2, 0, 1])]
)
def test_buttons_move_a_question_by_a_step(
    app: Flask, desk: FlaskClient, rundown: UUID, step: str, order: list[int]
):
    ids = ids_of(app, rundown)
    direction, number = step.split()
    response = post(
        desk,
        f"/{rundown}/order",
        version=rundown_version(app, rundown),
        order=ids,
        step=f"{direction} {ids[int(number)]}",
    )

    assert response.headers["Location"].endswith(f"#i-{ids[int(number)]}")
    assert ids_of(app, rundown) == [ids[place] for place in order]


def test_the_page_sends_its_order_with_every_button(app: Flask, desk: FlaskClient, rundown: UUID):
    page = soup(desk.get(f"/desk/rundowns/{rundown}"))
    sent = [field["value"] for field in page.select('input[form="order"]')]

    assert sent == [str(one) for one in ids_of(app, rundown)]
    steps = [button.get_text(strip=True) for button in page.select('button[form="order"]')]
    assert steps == ["Down", "Up", "Down", "To the top", "Up", "To the top"]


def test_two_who_order_at_once_see_both_orders(app: Flask, desk: FlaskClient, rundown: UUID):
    ids = ids_of(app, rundown)
    at = rundown_version(app, rundown)
    post(desk, f"/{rundown}/order", version=at, order=[ids[1], ids[0], ids[2]])

    response = post(desk, f"/{rundown}/order", version=at, order=ids[::-1])
    page = soup(response)
    assert response.status_code == 409
    assert [li.get_text(strip=True) for li in page.select(".c-run__short li")] == [
        "Two.", "One.", "Three.", "Three.", "Two.", "One.",
    ]  # fmt: skip
    form = page.main.form
    fields = {"order": [field["value"] for field in form.select('[name="order"]')]}
    fields |= {name: typed(response, name) for name in ("csrf_token", "version")}
    desk.post(form["action"], data=fields)
    assert ids_of(app, rundown) == ids[::-1]


def test_an_order_on_a_stale_page_is_kept_on_it(app: Flask, desk: FlaskClient, rundown: UUID):
    ids = ids_of(app, rundown)[::-1]
    data = {"csrf_token": "stale", "version": 1, "order": ids}
    response = desk.post(f"/desk/rundowns/{rundown}/order", data=data)

    assert response.status_code == 422
    assert "open for too long" in text_of(response)
    shown = [li["id"] for li in soup(response).select(".c-run__item")]
    assert shown == [f"i-{one}" for one in ids]


def test_how_to_say_it_is_saved_and_shown(app: Flask, desk: FlaskClient, rundown: UUID):
    question = ids_of(app, rundown)[0]
    path, at = f"/{rundown}/items/{question}/pronunciation", version_of(app, question)
    post(desk, path, version=at, words="Siobhan: shi-VAWN")
    assert "Say: Siobhan: shi-VAWN" in text_of(desk.get(f"/desk/rundowns/{rundown}"))

    response = post(desk, path, version=at, words="Niamh: NEEV")
    assert response.status_code == 409
    assert "shi-VAWN" in text_of(response)
    assert typed(response, "words") == "Niamh: NEEV"
    too_long = post(desk, path, version=at + 1, words="x" * 1001)
    assert too_long.status_code == 422
    assert "x" * 1001 in soup(too_long).find(id=f"say-{question}").get_text()


def test_how_to_say_what_was_taken_back_is_given_back(app: Flask, desk: FlaskClient, rundown: UUID):
    question = ids_of(app, rundown)[0]
    with app.app_context():
        storage.write(withdraw, question_id=question)
    path = f"/{rundown}/items/{question}/pronunciation"
    response = post(desk, path, version=version_of(app, question), words="Niamh: NEEV")

    assert response.status_code == 409
    assert typed(response, "words") == "Niamh: NEEV"
    assert "Do mine anyway" not in text_of(response)


def test_what_was_taken_back_stays_without_words_until_it_is_removed(
    app: Flask, desk: FlaskClient, rundown: UUID
):
    question = ids_of(app, rundown)[1]
    with app.app_context():
        storage.write(withdraw, question_id=question)
    item = soup(desk.get(f"/desk/rundowns/{rundown}")).find(id=f"i-{question}")
    assert "Taken back by its asker: leave it out." in item.get_text(" ", strip=True)
    assert "Two." not in item.get_text()
    assert "Kansas" not in item.get_text()

    post(desk, f"/{rundown}/items/{question}/out", version=version_of(app, question))
    assert question not in ids_of(app, rundown)


def test_a_rundown_is_closed_and_opened_again(app: Flask, desk: FlaskClient, rundown: UUID):
    at = rundown_version(app, rundown)
    assert post(desk, f"/{rundown}/close", version=at - 1).status_code == 409
    post(desk, f"/{rundown}/close", version=at, clear="yes")
    assert "Closed. 3 questions are ready again." in told(desk)
    closed = desk.get(f"/desk/rundowns/{rundown}")
    assert "Ready to go in" not in text_of(closed)

    assert post(desk, f"/{rundown}/reopen", version=at).status_code == 409
    post(desk, f"/{rundown}/reopen", version=at + 1)
    assert "Ready to go in" in text_of(desk.get(f"/desk/rundowns/{rundown}"))


def test_a_moderator_looks_and_changes_nothing(app: Flask, rundown: UUID):
    add_staff(app, name="Mo", role="moderator")
    desk = app.test_client()
    sign_in(desk, email="mo@example.org")
    question = ids_of(app, rundown)[0]
    page = desk.get(f"/desk/rundowns/{rundown}")

    assert "One." in text_of(page)
    assert soup(page).select('button[form="order"]') == []
    assert "Make it" not in text_of(desk.get("/desk/rundowns"))
    for path in ("", "/items", "/order", "/close", "/reopen", f"/items/{question}/out"):
        fields = {"version": 1, "question": str(question), "title": "x", "pace": "150"}
        assert post(desk, f"/{rundown}{path}", **fields).status_code == 403
    assert post(desk, "", title="x", pace="150").status_code == 403


@pytest.mark.parametrize("path", ["", "/close", "/reopen", "/items", "/order"])
def test_a_post_from_nowhere_changes_nothing(
    app: Flask, desk: FlaskClient, rundown: UUID, path: str
):
    at = rundown_version(app, rundown)
    response = desk.post(f"/desk/rundowns/{rundown}{path}", data={"version": at})

    assert response.status_code == 422
    assert rundown_version(app, rundown) == at


def test_a_rundown_that_there_is_not_is_404(desk: FlaskClient):
    unknown = UUID(int=1)

    assert desk.get(f"/desk/rundowns/{unknown}").status_code == 404
    assert desk.get(f"/desk/rundowns/{unknown}/prompter").status_code == 404
    assert post(desk, f"/{unknown}/close", version=1).status_code == 404


def test_a_rundown_is_kept_by_nobody(desk: FlaskClient, rundown: UUID):
    for path in ("", f"/{rundown}", f"/{rundown}/prompter"):
        assert desk.get(f"/desk/rundowns{path}").headers["Cache-Control"] == "no-store"
