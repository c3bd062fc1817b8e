"""The log in a client: what it shows, how it is narrowed, undone from and exported."""

import csv
import io
import json
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from tests import factories
from tests.moderation.log.acting import ASKER, ED, SAM, act, at
from tests.pages import soup
from tests.staff.members import add_staff, sign_in, token
from webapp import storage
from webapp.moderation.log.exporting import CHAIN, COLUMNS
from webapp.moderation.log.forms import BACKWARDS, NO_BATCH, NO_DAY, NO_ID
from webapp.questions.queries import get_question
from webapp.questions.services import move
from webapp.storage.history import Act, Actor, Step


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> FlaskClient:
    """An editor's desk."""
    add_staff(app, role="editor")
    sign_in(client)
    return client


def lines(page: TestResponse) -> list[str]:
    return [
        " ".join(line.get_text(" ").split())
        for line in soup(page).select(".c-log__day .c-lines > li")
    ]


def export(desk: FlaskClient, **fields: str) -> TestResponse:
    data = {"csrf_token": token(desk.get("/desk/log")), "format": "csv"} | fields
    return desk.post("/desk/log/export", data=data)


def rows(answer: TestResponse) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.text, newline="")))


def test_an_empty_log_says_so(desk: FlaskClient):
    assert "Nobody has done anything yet." in desk.get("/desk/log").text


def test_the_log_names_days_people_acts_and_the_way_to_the_question(app: Flask, desk: FlaskClient):
    with app.app_context():
        question_id = storage.write(factories.add_question)
        storage.write(move, question_id=question_id, to="spam", seen_version=1, actor=SAM)
        act(at(3, 14, 5), ED, action="closed rundown", subject="rundown", batch=uuid4())
        act(at(3), ASKER, action="prolonged")

    page = desk.get("/desk/log")
    newest, staffs, askers = lines(page)

    assert newest.startswith("Sam (moderator) marked it as spam · the question of")
    assert "New → to Spam" in newest
    assert soup(page).find("a", href=f"/desk/questions/{question_id}")
    assert staffs.startswith("Ed (editor) closed a rundown · rundown")
    assert "14:05:00 UTC" in staffs
    assert "All that was done in one go" in staffs
    assert "the asker had it kept for longer · a question that is gone," in askers
    assert "On that day" in askers
    assert ":00" not in askers
    assert [one.get_text() for one in soup(page).select(".c-log__day h2")][1:] == ["3 March 2026"]


def test_the_log_has_no_word_of_anybody(app: Flask, desk: FlaskClient):
    with app.app_context():
        question_id = storage.write(factories.add_question)
        storage.write(move, question_id=question_id, to="spam", seen_version=1, actor=SAM)

    for answer in (desk.get("/desk/log"), export(desk), export(desk, format="json")):
        assert factories.LETTER not in answer.text
        assert "Curious in Kansas" not in answer.text


@pytest.mark.parametrize(
    ("query", "who"),
    [
        ("actor=Sam", ["Sam"]),
        ("actor=%20Sam%20", ["Sam"]),
        ("action=to%20spam", ["Sam"]),
        ("action=nonsense", []),
        ("since=2026-03-03", ["Ed"]),
        ("until=2026-03-02", ["Sam"]),
        ("", ["Ed", "Sam"]),
    ],
)
def test_the_address_narrows_the_log(app: Flask, desk: FlaskClient, query: str, who: list[str]):
    with app.app_context():
        act(at(2), SAM, action="to spam")
        act(at(3), ED)

    assert [line.split(" ")[0] for line in lines(desk.get(f"/desk/log?{query}"))] == who


def test_the_log_s_own_links_lead_to_what_has_a_name_for_an_id(app: Flask, desk: FlaskClient):
    with app.app_context():
        act(at(2), SAM, action="changed show", subject="show", subject_id="feeds")
        act(at(3), ED, action="changed show", subject="show", subject_id="words")
    link = soup(desk.get("/desk/log")).find("a", string="feeds")["href"]

    page = desk.get(link)

    assert page.status_code == 200
    assert [line.split(" ")[0] for line in lines(page)] == ["Sam"]


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ("since=yesterday", "since", NO_DAY),
        ("until=2026-02-30", "until", NO_DAY),
        ("since=2026-03-03&until=2026-03-02", "until", BACKWARDS),
        ("subject_id=the+second", "subject-id", NO_ID),
        ("batch=17", "batch", NO_BATCH),
    ],
)
def test_what_narrows_nothing_is_said_and_kept(
    app: Flask, desk: FlaskClient, query: str, field: str, said: str
):
    with app.app_context():
        act(at(2))

    page = desk.get(f"/desk/log?{query}")

    assert page.status_code == 422
    assert soup(page).title.string.startswith("Error: ")
    assert soup(page).select_one(f'.c-errors a[href="#{field}"]').get_text() == said
    assert soup(page).find(id=field)["value"] == query.rpartition("=")[2].replace("+", " ")
    assert lines(page) == []


def test_a_longer_log_goes_on_behind_a_link_that_stays_narrowed(app: Flask, desk: FlaskClient):
    with app.app_context():
        for number in range(60):
            act(at(2, 8, number), SAM)
            act(at(2, 8, number), ED)

    first = desk.get("/desk/log?actor=Sam")
    following = desk.get(soup(first).find("a", string="What was done before that")["href"])

    assert (len(lines(first)), len(lines(following))) == (50, 10)
    assert "That is the beginning." in following.text
    assert all(line.startswith("Sam") for line in lines(following))


def test_an_act_is_undone_from_the_log_which_stays_narrowed(app: Flask, desk: FlaskClient):
    with app.app_context():
        question_id = storage.write(factories.add_question)
        storage.write(move, question_id=question_id, to="spam", seen_version=1, actor=SAM)
    form = soup(desk.get("/desk/log?actor=Sam")).select_one(".c-lines form")
    fields = {field["name"]: field["value"] for field in form.select("input")}

    answer = desk.post(form["action"], data=fields)

    assert answer.headers["Location"] == "/desk/log?actor=Sam"
    with app.app_context():
        assert get_question(storage.read(), question_id).state == "new"
    assert "Takes back an act before it" in lines(desk.get("/desk/log"))[0]


@pytest.mark.parametrize("acts", [1, 3])
def test_the_log_takes_the_same_number_of_statements_for_any_number_of_acts(
    app: Flask, desk: FlaskClient, acts: int
):
    with app.app_context():
        for _ in range(acts):
            question_id = storage.write(factories.add_question)
            storage.write(move, question_id=question_id, to="spam", seen_version=1, actor=SAM)
        engine = storage.db.engine
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        desk.get("/desk/log")
    finally:
        event.remove(engine, "before_cursor_execute", note)

    selects = [statement for statement in statements if statement.startswith("SELECT")]
    # who it is, their notices, acts, their questions and those of them, reasons, the show
    assert len(selects) == 7


def test_an_export_is_a_csv_with_every_column_of_what_is_asked_for(app: Flask, desk: FlaskClient):
    with app.app_context():
        act(at(2), ED)
        act_id = act(at(3, 9, 5), SAM, action="to spam", detail={"count": 2}, batch=uuid4())

    answer = export(desk, actor="Sam", since="2026-03-03", until="2026-03-03")
    header, row = rows(answer)

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=log-")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.text.count("\r\n") == 2
    assert header == [*COLUMNS, *CHAIN]
    told = dict(zip(header, row, strict=True))
    assert (told["id"], told["on"], told["at"]) == (
        str(act_id), "2026-03-03", "2026-03-03T09:05:00+00:00",
    )  # fmt: skip
    assert (told["actor"], told["action"], told["detail"]) == ("Sam", "to spam", '{"count": 2}')
    assert told["position"] == "2"
    assert len(told["hash"]) == 64


def test_an_export_is_json_that_a_program_reads(app: Flask, desk: FlaskClient):
    with app.app_context():
        act(at(2), ED, detail={"name": "Zoë"})
        act(at(3), ASKER)

    answer = export(desk, format="json", since="2026-03-01", until="2026-03-31")
    asked, staffs = json.loads(answer.text)

    assert answer.headers["Content-Type"] == "application/json"
    assert (asked["actor"], asked["at"], asked["position"], asked["hash"]) == (
        "the asker", None, None, None,
    )  # fmt: skip
    assert staffs["detail"] == {"name": "Zoë"}


def test_an_export_tells_no_order_of_what_an_asker_did_and_what_staff_did(
    app: Flask, desk: FlaskClient
):
    with app.app_context():
        for actor in (SAM, ASKER):
            act(at(2), actor, step=Step(from_version=3, to_version=4))

    told = json.loads(export(desk, format="json").data)

    kept = {row["role"]: (row["from_version"], row["to_version"]) for row in told}
    assert kept == {"moderator": (3, 4), "asker": (None, None)}


@pytest.mark.parametrize(
    ("format_", "text"), [("json", "[]\n"), ("csv", ",".join([*COLUMNS, *CHAIN]) + "\r\n")]
)
def test_an_export_of_nothing_is_a_file_all_the_same(desk: FlaskClient, format_: str, text: str):
    assert export(desk, format=format_, actor="Nobody").text == text


@pytest.mark.parametrize(
    "name",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1", "＠A1", " =1", "\u200b=1"],
)
def test_no_cell_of_an_export_is_a_formula(app: Flask, desk: FlaskClient, name: str):
    with app.app_context():
        act(at(2), Actor(name, "moderator"), detail={"name": 'a "b", c'})

    _, row = rows(export(desk, until="2026-03-31"))

    told = dict(zip([*COLUMNS, *CHAIN], row, strict=True))
    assert told["actor"] == f"'{name}"
    assert json.loads(told["detail"]) == {"name": 'a "b", c'}


def test_an_export_is_noted_in_the_log_with_its_filters_and_its_size(app: Flask, desk: FlaskClient):
    with app.app_context():
        act(at(2), SAM)
        act(at(3), ED)

    assert len(rows(export(desk, actor="Sam"))) == 2

    with app.app_context():
        done = storage.read().scalars(select(Act).where(Act.action == "exported log")).one()
    assert done.actor == "Sam"  # who is signed in here
    assert done.detail == {"format": "csv", "count": 1, "filters": {"actor": "Sam"}}
    assert "exported the log" in lines(desk.get("/desk/log"))[0]
    assert len(rows(export(desk))) == 4  # the export before it, and the two; not itself


def test_a_moderator_reads_the_log_and_exports_nothing(app: Flask, client: FlaskClient):
    add_staff(app, name="Mo", role="moderator")
    sign_in(client, email="mo@example.org")
    page = client.get("/desk/log")

    assert page.status_code == 200
    assert soup(page).find(id="export") is None
    data = {"csrf_token": token(client.get("/desk/log")), "format": "csv"}
    assert client.post("/desk/log/export", data=data).status_code == 403
    with app.app_context():
        assert storage.read().scalars(select(Act).where(Act.action == "exported log")).all() == []


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"format": "xls"}, "format"), ({"csrf_token": "stale"}, "export"), ({"since": "x"}, "since")],
)
def test_an_export_that_is_not_understood_says_what_is_wrong(
    app: Flask, desk: FlaskClient, fields: dict[str, str], field: str
):
    page = export(desk, **fields)

    assert page.status_code == 422
    assert soup(page).select_one(f'.c-errors a[href="#{field}"]')
    assert soup(page).find(id=field)


def test_what_no_name_has_in_it_narrows_an_export_as_if_it_were_not_there(
    app: Flask, desk: FlaskClient
):
    with app.app_context():
        act(at(2), SAM)
        act(at(3), ED)

    assert len(rows(export(desk, actor="E\0d"))) == 2  # a header, and what Ed did


def test_batches_can_be_looked_at_and_taken_back_whole(app: Flask, desk: FlaskClient):
    batch = uuid4()
    with app.app_context():
        act(at(2), SAM, batch=batch)
        act(at(2), ED)

    page = desk.get(f"/desk/log?batch={batch}")

    assert len(lines(page)) == 1
    form = soup(page).select_one("form.c-log__more")
    fields = {field["name"]: field["value"] for field in form.select("input")}
    assert UUID(fields["batch"]) == batch
    assert fields["back"] == f"/desk/log?batch={batch}"
