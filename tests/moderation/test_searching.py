"""Searching the queue by words whose texts are sealed."""

import os
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests import factories
from tests.markup import faults
from tests.pages import soup
from tests.staff.members import add_staff, sign_in, token
from webapp import storage
from webapp.moderation import queries, searching
from webapp.moderation.filters import Filters, read_filters
from webapp.questions import receiving, services, terms, thread
from webapp.questions.models import Question
from webapp.storage.history import Actor
from webapp.storage.sealing import Keyring

DAY = date(2026, 11, 1)
MODERATOR = Actor("Mo", "moderator")
BINS = "He never takes the bins out, and the kitchen smells of herring."
HERRING = "My mother posts me pickled herring. How do I stop her kindly?"


@pytest.fixture
def bins(session: Session) -> UUID:
    return storage.write(factories.add_question, text=BINS, sign_off="Smelly in Swansea")


@pytest.fixture
def herring(session: Session) -> UUID:
    return storage.write(factories.add_question, text=HERRING, sign_off="Brined")


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> FlaskClient:
    add_staff(app)
    sign_in(client)
    return client


def look_for(
    session: Session, keyring: Keyring, words: str, *, language: str = "en-GB", **more: str
) -> queries.QueuePage:
    after = more.pop("after", "")
    session.rollback()
    return queries.list_queue(
        session,
        keyring,
        reader=queries.Reader("owner"),
        filters=read_filters({"q": words} | more),
        after=after,
        language=language,
    )


def found(session: Session, keyring: Keyring, words: str, **more: str) -> list[UUID]:
    return [row.id for row in look_for(session, keyring, words, **more).rows]


@pytest.mark.parametrize(
    "words",
    [
        "bins",
        "BINS",
        "bin",
        "kitchens smelling",
        "out bins the",
        "Swansea",
        "smelly herring",
        "“bins”!",
    ],
)
def test_words_are_found_in_any_form_case_and_order_also_in_the_sign_off(
    session: Session, keyring: Keyring, bins: UUID, herring: UUID, words: str
):
    assert found(session, keyring, words) == [bins]


@pytest.mark.parametrize(
    "words", ["bi", "bins mother", "kitch*", "cupboard", "herring cupboard", "?!"]
)
def test_parts_of_words_and_words_that_do_not_all_stand_there_find_nothing(
    session: Session, keyring: Keyring, bins: UUID, herring: UUID, words: str
):
    assert found(session, keyring, words) == []


def test_a_reply_is_found_and_what_the_show_wrote_is_not(
    session: Session, keyring: Keyring, bins: UUID
):
    storage.write(
        thread.ask_back,
        keyring=keyring,
        question_id=bins,
        seen_version=1,
        actor=MODERATOR,
        words="Who buys the mackerel?",
    )
    storage.write(thread.reply, keyring=keyring, question_id=bins, words="His uncle does.")

    assert found(session, keyring, "uncle") == [bins]
    assert found(session, keyring, "mackerel") == []


def test_what_was_withdrawn_is_found_by_no_word(
    session: Session, keyring: Keyring, bins: UUID, herring: UUID
):
    storage.write(services.withdraw, question_id=bins)

    assert found(session, keyring, "herring") == [herring]
    assert found(session, keyring, "bins") == []


def test_a_search_looks_everywhere_until_it_is_narrowed(session: Session, keyring: Keyring):
    urgent = storage.write(factories.add_question, text=HERRING, lane="urgent")
    ordinary = storage.write(factories.add_question, text=BINS)
    storage.write(
        services.move, question_id=ordinary, to="declined", seen_version=1, actor=MODERATOR
    )

    assert set(found(session, keyring, "herring")) == {urgent, ordinary}
    assert found(session, keyring, "herring", lane="urgent") == [urgent]
    assert found(session, keyring, "herring", state="declined") == [ordinary]
    assert found(session, keyring, "herring", lane="urgent", state="declined") == []
    assert set(found(session, keyring, "herring", lane="nonsense")) == {urgent, ordinary}


def test_what_is_found_comes_in_the_queues_order_and_pages_without_a_gap(
    session: Session, keyring: Keyring
):
    count = 2 * queries.PAGE_SIZE + 1
    days = [DAY - timedelta(days=number % 7) for number in range(count)]
    ids = {storage.write(factories.add_question, text=BINS, received_on=day) for day in days}
    rows: list[queries.QueueRow] = []
    after = ""
    for size in (queries.PAGE_SIZE, queries.PAGE_SIZE, 1):
        page = look_for(session, keyring, "kitchen herring", after=after)
        assert len(page.rows) == size
        rows += page.rows
        after = page.after

    assert after == ""
    assert {row.id for row in rows} == ids
    assert [row.received_on for row in rows] == sorted(days)
    queue = queries.list_queue(
        session, keyring, reader=queries.Reader("owner"), filters=Filters()
    ).rows
    assert [row.id for row in rows[: queries.PAGE_SIZE]] == [row.id for row in queue]


def _learn_under(session: Session, *, keyring: Keyring, question_id: UUID) -> None:
    question = session.get_one(Question, question_id)
    terms.note(session, keyring=keyring, question=question, texts=[HERRING])


def test_words_under_every_sealing_key_are_found(session: Session, keyring: Keyring, bins: UUID):
    two = replace(keyring, sealing={**keyring.sealing, 7: os.urandom(32)})
    nonce = b"another 16 bytes"
    sent = factories.a_question(text=HERRING)
    newer = storage.write(receiving.receive, keyring=two, nonce=nonce, sent=sent).question_id
    storage.write(_learn_under, keyring=two, question_id=newer)

    assert set(found(session, two, "herring")) == {bins, newer}
    assert found(session, two, "pickled herring") == [newer]
    assert found(session, keyring, "herring") == [bins]
    assert len(searching.find_ways(session, two, "pickled", "en-GB").ways[0]) == 1


def test_more_words_than_a_search_takes_are_left_out_and_that_is_said(
    session: Session, keyring: Keyring, bins: UUID
):
    eight = "He never takes the bins out and kitchen"
    page = look_for(session, keyring, f"{eight} cupboard")

    assert [row.id for row in page.rows] == [bins]
    assert page.cut
    assert not look_for(session, keyring, eight).cut
    assert look_for(session, keyring, "bins " * 300).cut


@pytest.mark.parametrize("rows", [1, 3])
def test_a_search_takes_the_same_number_of_statements_for_any_number_of_rows(
    app: Flask, desk: FlaskClient, rows: int
):
    with app.app_context():
        for _ in range(rows):
            storage.write(factories.add_question, text=BINS)
        engine = storage.db.engine
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        page = desk.get("/desk/questions?q=kitchen+herring")
    finally:
        event.remove(engine, "before_cursor_execute", note)

    assert len(soup(page).select("article")) == rows
    selects = [statement for statement in statements if statement.startswith("SELECT")]
    assert len(selects) == 16  # as without, and how often each word stands


def test_the_words_stay_in_the_box_and_in_every_tab(desk: FlaskClient, bins: UUID):
    response = desk.get("/desk/questions?q=Bins%20don’t%20(smell)")
    page = soup(response)

    assert faults(response.text) == []
    assert response.headers["Cache-Control"] == "no-store"
    assert page.find("input", attrs={"name": "q"})["value"] == "Bins don’t (smell)"
    assert page.find("form", role="search").get("method") is None
    tabs = page.select(".c-tabs a")
    assert all("q=Bins" in tab["href"] for tab in tabs)
    assert [tab.get_text(strip=True) for tab in tabs if tab.get("aria-current")] == [
        "Every lane",
        "Every state",
    ]
    assert "Bins" not in page.title.string


def test_a_narrowed_search_keeps_its_lane(desk: FlaskClient, bins: UUID):
    page = soup(desk.get("/desk/questions?q=bins&lane=ordinary&state=new"))

    current = [tab.get_text(strip=True) for tab in page.select(".c-tabs a[aria-current]")]
    assert current == ["Ordinary", "New"]
    assert len(page.select("article")) == 1


def test_a_search_that_finds_nothing_says_so(desk: FlaskClient, bins: UUID):
    page = desk.get("/desk/questions?q=cupboard")

    assert "No question here has all of these words." in page.text
    assert "kettle" not in page.text


def test_a_search_for_too_much_says_so(desk: FlaskClient, bins: UUID):
    page = desk.get("/desk/questions?q=a+b+c+d+e+f+g+h+i")

    assert "only the first eight words were used" in page.text


def test_an_empty_search_is_the_queue(desk: FlaskClient, bins: UUID):
    page = soup(desk.get("/desk/questions?q=+"))

    current = [tab.get_text(" ", strip=True) for tab in page.select(".c-tabs a[aria-current]")]
    assert current == ["Ordinary 1", "New 1"]


def test_a_row_from_another_lane_names_it(app: Flask, desk: FlaskClient):
    with app.app_context():
        storage.write(factories.add_question, text=BINS, lane="urgent")

    (row,) = soup(desk.get("/desk/questions?q=herring")).select(".c-row__facts")
    assert "Urgent" in row.get_text(" ", strip=True)


@pytest.mark.parametrize("words", ["bins", "don't smell (at all)!"])
def test_a_decision_leads_back_to_the_search(desk: FlaskClient, bins: UUID, words: str):
    back = desk.get("/desk/questions", query_string={"q": words}).request.full_path
    form = token(desk.get("/desk/questions"))
    data = {"csrf_token": form, "decision": "spam", "version": 1, "back": back}

    response = desk.post(f"/desk/questions/{bins}/decide", data=data)

    assert response.headers["Location"] == back


@pytest.mark.parametrize("words", ["%00", "%ff", "x" * 5000, "%F0%9F%90%B6", "'--", "%2A"])
def test_nothing_that_is_typed_breaks_the_search(desk: FlaskClient, bins: UUID, words: str):
    assert desk.get(f"/desk/questions?q={words}").status_code in {200, 404}
