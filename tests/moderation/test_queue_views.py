"""The queue's page: what a row tells, and where one comes back to."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests import factories
from tests.markup import faults
from tests.moderation.queue import ED, MO, add_questions, counted_selects
from tests.moderation.queue_page import QUEUE, ids_on, press, row_of, rows_of, text_of
from tests.pages import soup, typed
from tests.questions.asking import review, send, visitor
from tests.staff.members import add_staff, sign_in, token
from webapp import clock, storage
from webapp.moderation import labels, services
from webapp.moderation.models import Rundown
from webapp.questions.services import move, withdraw
from webapp.staff.models import User


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> FlaskClient:
    add_staff(app)
    sign_in(client)
    return client


@pytest.fixture
def mo(app: Flask) -> FlaskClient:
    """A second moderator, in a browser of their own."""
    add_staff(app, name="Mo", role="moderator")
    client = app.test_client()
    sign_in(client, email="mo@example.org")
    return client


def test_after_a_decision_the_same_rows_are_there_and_what_was_decided_is_dimmed(
    app: Flask, desk: FlaskClient
):
    with app.app_context():
        add_questions(30)
    before = desk.get(QUEUE)
    ids = ids_on(before)
    after = press(desk, rows_of(before)[3], "shortlist")

    assert faults(after.text) == []
    assert ids_on(after) == ids
    done = rows_of(after)[3]
    assert "is-done" in done["class"]
    assert "Sam shortlisted it." in text_of(done)
    assert [row["id"] for row in rows_of(after) if "is-done" in row["class"]] == [done["id"]]
    assert soup(after).select_one(".c-next a") is not None


def test_a_decision_leads_to_the_question_that_is_next(app: Flask, desk: FlaskClient):
    with app.app_context():
        add_questions(4)
    page = desk.get(QUEUE)
    _, second, third, last = ids_on(page)
    backs = [row.find("input", attrs={"name": "back"})["value"] for row in rows_of(page)]

    assert [back.partition("#q-")[2] for back in backs] == [
        str(one) for one in (second, third, last, last)
    ]


def test_what_was_decided_is_undone_where_it_stands(app: Flask, desk: FlaskClient):
    with app.app_context():
        add_questions(3)
    page = desk.get(QUEUE)
    ids = ids_on(page)
    page = press(desk, rows_of(page)[0], "spam")
    form = rows_of(page)[0].select_one(".c-row__done")
    fields = {field["name"]: field["value"] for field in form.select("input")}
    page = desk.post(form["action"], data=fields, follow_redirects=True)

    assert ids_on(page) == ids
    assert not soup(page).select(".is-done")
    assert "Spam" not in text_of(rows_of(page)[0].select_one(".c-state"))


def test_the_queue_of_two_moderators(app: Flask, desk: FlaskClient, mo: FlaskClient):
    with app.app_context():
        add_questions(3)
    mine, theirs = desk.get(QUEUE), mo.get(QUEUE)
    first, second, _ = ids_on(mine)
    press(mo, row_of(theirs, first), "spam")
    mine = press(desk, row_of(mine, second), "shortlist")

    assert "Mo marked it as spam." in text_of(row_of(mine, first))
    assert "Sam shortlisted it." in text_of(row_of(mine, second))
    assert "is-done" in row_of(mine, first)["class"]
    assert ids_on(desk.get(QUEUE)) == [ids_on(mine)[2]]


def test_deciding_what_a_colleague_has_decided_is_no_second_decision(
    app: Flask, desk: FlaskClient, mo: FlaskClient
):
    with app.app_context():
        add_questions(1)
    (mine,), (theirs,) = rows_of(desk.get(QUEUE)), rows_of(mo.get(QUEUE))
    press(mo, theirs, "spam")

    assert "It was so already: Mo marked it as spam, on" in press(desk, mine, "spam").text
    assert press(desk, mine, "shortlist").status_code == 409


@pytest.mark.parametrize("rows", ["x", "A" * 5000, "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAA"])
def test_rows_that_nobody_was_shown_are_no_list(app: Flask, desk: FlaskClient, rows: str):
    with app.app_context():
        add_questions(1)

    page = desk.get(QUEUE, query_string={"rows": rows, "next": "x", "mark": "x"})

    assert page.status_code == 200
    assert len(ids_on(page)) <= 1


def test_what_its_asker_takes_back_while_the_page_is_open_shows_no_text(
    app: Flask, desk: FlaskClient
):
    with app.app_context():
        taken, other = add_questions(2)
    page = desk.get(QUEUE)
    with app.app_context():
        storage.write(withdraw, question_id=taken)
    page = press(desk, row_of(page, other), "spam")

    row = row_of(page, taken)
    assert "the asker withdrew it." in text_of(row)
    assert factories.LETTER not in text_of(row)
    assert row.find("button") is None


def test_nobody_sees_what_has_not_been_looked_through(
    app: Flask, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("webapp.questions.screening.FEWEST_SECONDS", 0)
    asker = visitor(app)
    for text in (factories.LETTER, f"{factories.LETTER} Help!"):
        assert send(asker, typed(review(asker), "token"), question=text).status_code == 200

    found = desk.get(QUEUE, query_string={"q": factories.LETTER.split()[0]})

    assert len(rows_of(found)) == 2
    for lane in ("ordinary", "quarantine"):
        assert len(rows_of(desk.get(QUEUE, query_string={"lane": lane}))) == 1


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("asked", "statements"), [("", (15, 17)), ("?topic=walls", (16, 16))])
def test_the_queue_takes_the_same_number_of_statements_for_any_number_of_rows(
    app: Flask, desk: FlaskClient, rows: int, asked: str, statements: tuple[int, int]
):
    with app.app_context():
        for question in add_questions(rows):
            storage.write(
                labels.set_topics, question_id=question, seen_version=1, actor=MO, slugs=["walls"]
            )
        with counted_selects() as first:
            page = desk.get(QUEUE + asked)
        assert len(rows_of(page)) == rows
        pinned = press(desk, rows_of(page)[0], "shortlist").request.full_path
        with counted_selects() as second:
            assert len(rows_of(desk.get(pinned))) == rows

    assert (len(first), len(second)) == statements  # of a page, and of one with the same rows again


def test_a_row_tells_what_is_known_of_a_question(app: Flask, desk: FlaskClient, mo: FlaskClient):
    with app.app_context():
        (question,) = add_questions(1)
        storage.write(
            labels.set_topics, question_id=question, seen_version=1, actor=MO, slugs=["walls"]
        )
        storage.write(
            labels.set_labels, question_id=question, seen_version=2, actor=MO, names=["Tuesday"]
        )
    (row,) = rows_of(mo.get(QUEUE))
    button = row.find("button", string="Claim")
    fields = {field["name"]: field["value"] for field in row.select("form input[type=hidden]")}
    mo.post(button["formaction"], data=fields)
    (row,) = rows_of(desk.get(QUEUE))

    assert "Mo holds it until" in text_of(row)
    assert "Topics: Walls" in text_of(row)
    assert "Labels: Tuesday" in text_of(row)
    assert row.find("button", string="Take over") is not None
    assert len(rows_of(desk.get(row.find("a", string="Tuesday")["href"]))) == 1
    (row,) = rows_of(mo.get(QUEUE))
    assert "You hold it until" in text_of(row)
    assert row.find("button", string="Let go") is not None


def test_a_row_is_snoozed_and_comes_back_dimmed(app: Flask, desk: FlaskClient):
    with app.app_context():
        add_questions(2)
    page = desk.get(QUEUE)
    first, second = ids_on(page)
    row = row_of(page, first)
    until = (clock.today() + timedelta(days=2)).isoformat()
    fields = {field["name"]: field["value"] for field in row.select("form input[type=hidden]")}
    snooze = row.find("button", string="Snooze")
    page = desk.post(snooze["formaction"], data=fields | {"until": until}, follow_redirects=True)

    assert ids_on(page) == [first, second]
    assert "is-done" in row_of(page, first)["class"]
    assert "Sam snoozed it." in text_of(row_of(page, first))
    assert ids_on(desk.get(QUEUE)) == [second]


def test_a_ready_question_is_put_into_a_rundown_from_the_queue(app: Flask, desk: FlaskClient):
    with app.app_context():
        (question,) = add_questions(1)
        storage.write(factories.write_air_text, question_id=question)
        storage.write(move, question_id=question, to="shortlisted", seen_version=1, actor=ED)
        storage.write(move, question_id=question, to="ready", seen_version=2, actor=ED)
        storage.write(_add_rundown)
    page = desk.get(f"{QUEUE}?state=ready")
    button = soup(page).find("button", string="Put into “Tuesday”")
    fields = {field["name"]: field["value"] for field in button.find_parent("form").select("input")}
    page = desk.post(button["formaction"], data=fields, follow_redirects=True)

    assert faults(page.text) == []
    assert "is-done" in row_of(page, question)["class"]
    assert "Sam put it into a rundown." in text_of(row_of(page, question))


def _add_rundown(session: Session) -> None:
    at = clock.now()
    rundown = Rundown(title="Tuesday", pace=150, made_at=at, is_closed=False, version=1)
    session.add(rundown)


def test_a_long_question_shows_600_characters_and_then_more(app: Flask, desk: FlaskClient):
    long = "word " * 200
    with app.app_context():
        storage.write(factories.add_question, text=long)
    (row,) = rows_of(desk.get(QUEUE))

    assert row.select_one(".c-mail details summary").get_text(strip=True).startswith("More: ")
    shown = row.select_one(".c-mail > p").get_text()
    assert 550 <= len(shown) <= 620


def test_what_somebody_opted_out_of_is_closed_for_them_alone(
    app: Flask, desk: FlaskClient, mo: FlaskClient
):
    with app.app_context():
        (question,) = add_questions(1)
        storage.write(
            labels.set_topics, question_id=question, seen_version=1, actor=MO, slugs=["walls"]
        )
        storage.write(_opt_out, name="Mo", of=["topic:walls"])

    (closed,) = rows_of(mo.get(QUEUE))
    (open_,) = rows_of(desk.get(QUEUE))

    lid = closed.select_one("details.c-lid")
    assert lid.summary.get_text(strip=True) == "Closed for you: Walls"
    assert not lid.has_attr("open")
    assert "Curious in Kansas" not in text_of(closed.h2)
    assert factories.LETTER in text_of(lid)
    assert open_.select_one("details.c-lid") is None


def test_what_one_may_opt_out_of_is_chosen_on_ones_account(app: Flask, mo: FlaskClient):
    with app.app_context():
        (question,) = add_questions(1)
        storage.write(
            labels.set_topics, question_id=question, seen_version=1, actor=MO, slugs=["walls"]
        )
    page = soup(mo.get("/desk/account"))
    box = page.find("input", attrs={"name": "opt_outs", "value": "topic:walls"})
    offered = [other["value"] for other in page.find_all("input", attrs={"name": "opt_outs"})]
    assert {"topic:noise", "care:danger-to-life", "care:abuse"} < set(offered)
    form = box.find_parent("form")
    data = {"csrf_token": token(mo.get(QUEUE)), "pace": "150", "opt_outs": ["topic:walls"]}
    assert mo.post(form["action"], data=data).status_code == 302

    assert rows_of(mo.get(QUEUE))[0].select_one("details.c-lid") is not None


def _opt_out(session: Session, *, name: str, of: list[str]) -> None:
    session.execute(update(User).where(User.name == name).values(opt_outs=of))


def test_filters_are_told_and_taken_off_one_by_one(app: Flask, desk: FlaskClient):
    with app.app_context():
        (question,) = add_questions(1)
        storage.write(
            labels.set_topics, question_id=question, seen_version=1, actor=MO, slugs=["walls"]
        )
    page = desk.get(f"{QUEUE}?topic=walls&consent=read_aloud&order=newest")

    assert faults(page.text) == []
    chips = {text_of(chip): chip["href"] for chip in soup(page).select(".c-chips a")}
    assert [name.partition(" ×")[0] for name in chips] == ["Topic: Walls", "May be read aloud"]
    taken_off = next(href for name, href in chips.items() if "Walls" in name)
    assert "topic" not in taken_off
    assert "consent=read_aloud" in taken_off
    assert "order=newest" in taken_off


def test_what_is_in_a_rundown_or_recorded_has_its_tab(desk: FlaskClient):
    states = soup(desk.get(QUEUE)).find("nav", attrs={"aria-label": "States"})

    names = [tab.contents[0].strip() for tab in states.select("a")]
    assert {"Ready", "Scheduled", "Recorded", "Merged"} <= set(names)
    assert "Erased" not in names


def test_counts_are_the_kept_ones(app: Flask, desk: FlaskClient):
    with app.app_context():
        first, *_ = add_questions(3)
        storage.write(move, question_id=first, to="spam", seen_version=1, actor=MO)
        storage.write(
            services.change_lane, question_id=_[0], seen_version=1, actor=MO, lane="urgent"
        )
    lanes = soup(desk.get(QUEUE)).find("nav", attrs={"aria-label": "Lanes"})

    assert text_of(lanes) == "Urgent 1 Ordinary 1 Quarantine 0"


@pytest.mark.parametrize(
    "query", ["lane=%00", "after=%00", "label=%00&topic=%00", "q=%00&rows=%00"]
)
def test_nothing_in_the_address_breaks_the_queue(desk: FlaskClient, query: str):
    assert desk.get(f"{QUEUE}?{query}").status_code in {200, 404}


def test_the_bulk_form_posts_where_it_should(app: Flask, desk: FlaskClient):
    with app.app_context():
        add_questions(2)
    page = soup(desk.get(QUEUE))
    boxes = page.select("input[name=pick]")

    assert [box["form"] for box in boxes] == ["many", "many"]
    assert page.select_one("form#many")["action"] == "/desk/questions/decide"
    assert token(desk.get(QUEUE))
    everything = page.find("a", string="Choose all on this page")["href"]
    assert all(
        box.has_attr("checked") for box in soup(desk.get(everything)).select("input[name=pick]")
    )
