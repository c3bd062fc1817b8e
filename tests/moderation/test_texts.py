"""Air text and web text: versions, what changed, what may give away, how long they take."""

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.markup import faults
from tests.moderation.acting import (
    ALL_TICKED,
    acts_of,
    desk_of,
    do,
    make_ready,
    open_question,
    row_of,
    send,
    switch_on,
    text_of,
    told,
    write,
)
from tests.pages import soup, typed
from webapp import storage
from webapp.moderation.texts import NOTHING, list_last_authors, list_saved
from webapp.questions import services
from webapp.questions.queries import open_text
from webapp.storage.history import Actor


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    return desk_of(app, "Ed", "editor")


@pytest.fixture
def question(app: Flask) -> UUID:
    return do(app, factories.add_question)


def compared(desk: FlaskClient, question: UUID, which: str = "air") -> str:
    section = soup(open_question(desk, question)).find(
        attrs={"aria-labelledby": f"{which}-compared"}
    )
    return section.get_text(" ", strip=True)


def versions(app: Flask, question: UUID) -> list[int]:
    with app.app_context():
        return [saved.number for saved in list_saved(storage.read(), question)]


def test_a_text_is_shown_beside_the_letter_with_what_changed(desk: FlaskClient, question: UUID):
    changed = factories.LETTER.replace("flatmate", "neighbour")
    send(desk, question, "texts", version=1, air_text=changed, web_text="")

    page = open_question(desk, question)

    assert faults(page.text) == []
    section = soup(page).find(attrs={"aria-labelledby": "air-compared"})
    assert section.ins.get_text() == "[put in: neighbour]"
    assert section.find("del").get_text() == "[taken out: flatmate]"
    assert soup(page).find(attrs={"aria-labelledby": "web-compared"}) is None


def test_a_text_that_is_the_letter_says_so(desk: FlaskClient, question: UUID):
    send(desk, question, "texts", version=1, air_text=factories.LETTER, web_text="")

    assert "Not a word of it was changed." in compared(desk, question)


def test_how_long_it_takes_to_read_is_told_at_ones_own_pace(desk: FlaskClient, question: UUID):
    words = " ".join(["word"] * 147)  # and three of the sign-off
    send(desk, question, "texts", version=1, air_text=words, web_text="")

    assert "1:00 min to read aloud, at 150 words a minute." in compared(desk, question)


def test_what_may_give_the_asker_away_is_marked_with_why(app: Flask, desk: FlaskClient):
    letter = "My flatmate Daniel Okafor keeps me awake. What do I say to him?"
    question = do(app, factories.add_question, text=letter)
    send(desk, question, "texts", version=1, air_text=letter + " Help.", web_text="")

    page = open_question(desk, question)

    marks = [mark.get_text() for mark in soup(page).select(".c-compared .c-said mark")]
    assert marks == ["My flatmate Daniel Okafor"]
    assert "1 thing in the letter may give the asker away" in text_of(page)
    assert "Somebody who knows you both" in compared(desk, question)


def test_how_words_are_said_is_kept_sealed_and_shown(app: Flask, desk: FlaskClient, question: UUID):
    texts = {"air_text": "", "web_text": "", "pronunciation": "Siobhan: shi-VAWN"}
    send(desk, question, "texts", version=1, **texts)

    assert typed(open_question(desk, question), "pronunciation") == "Siobhan: shi-VAWN"
    assert "wrote how its words are said" in text_of(open_question(desk, question))
    row = row_of(app, question)
    assert b"shi-VAWN" not in row.pronunciation_sealed
    assert versions(app, question) == []


def test_texts_and_how_they_are_said_are_saved_together(
    app: Flask, desk: FlaskClient, question: UUID
):
    texts = {"air_text": "A.", "web_text": "", "pronunciation": "eh"}
    response = send(desk, question, "texts", version=1, **texts)

    assert response.status_code == 302
    assert row_of(app, question).version == 3
    assert [act.action for act in acts_of(app, question)] == ["wrote texts", "wrote how to say"]


def test_saving_what_is_there_already_is_a_success_and_no_act(
    app: Flask, desk: FlaskClient, question: UUID
):
    for _ in range(2):
        send(desk, question, "texts", version=1, air_text="A.", web_text="", pronunciation="eh")

    assert row_of(app, question).version == 3
    assert "It was so already" in told(open_question(desk, question))


def test_every_version_is_kept_and_can_be_looked_at_and_brought_back(
    app: Flask, desk: FlaskClient, question: UUID
):
    write(app, question, "First.", "Web.")
    write(app, question, "Second.", "Web.")
    links = soup(open_question(desk, question)).select(".c-lines__do")
    assert [link["href"].rpartition("/")[2] for link in links] == ["3", "2"]

    page = desk.get(links[1]["href"])
    assert faults(page.text) == []
    assert soup(page).find("ins").get_text() == "[put in: First.]"
    form = soup(page).select_one('form[action$="/texts"]')
    fields = {field["name"]: field["value"] for field in form.select("input")}
    assert desk.post(form["action"], data=fields).status_code == 302
    assert typed(open_question(desk, question), "air_text") == "First."
    assert versions(app, question) == [4, 3, 2]


def test_a_version_tells_what_had_changed_since_the_one_before(
    app: Flask, desk: FlaskClient, question: UUID
):
    write(app, question, "Knock first.")
    write(app, question, "Knock twice.")

    page = soup(desk.get(f"/desk/questions/{question}/texts/3"))

    assert page.find("ins").get_text() == "[put in: twice]"
    assert page.find("del").get_text() == "[taken out: first]"


@pytest.mark.parametrize("number", [1, 3, 99])
def test_a_version_that_there_is_not_is_404(
    app: Flask, desk: FlaskClient, question: UUID, number: int
):
    write(app, question, "Only one.")

    assert desk.get(f"/desk/questions/{question}/texts/{number}").status_code == 404


def test_versions_go_with_the_question(app: Flask, desk: FlaskClient, question: UUID):
    write(app, question, "Words.", "More.")
    do(app, services.withdraw, question_id=question)

    assert versions(app, question) == []
    assert desk.get(f"/desk/questions/{question}/texts/2").status_code == 404
    with app.app_context():
        keyring = storage.current_keyring()
        assert list_last_authors(storage.read(), keyring, question) == frozenset()


def test_what_is_ready_goes_back_to_the_shortlist_when_its_text_changes(
    app: Flask, desk: FlaskClient, question: UUID
):
    make_ready(app, question)
    version = row_of(app, question).version

    send(desk, question, "texts", version=version, air_text="Other.", web_text="")

    assert row_of(app, question).state == "shortlisted"


def test_what_is_ready_stays_so_with_the_whole_checklist(
    app: Flask, desk: FlaskClient, question: UUID
):
    make_ready(app, question)
    seen = {"version": row_of(app, question).version, "web_text": ""}

    refused = send(desk, question, "texts", air_text="Other.", checks=ALL_TICKED[:2], **seen)
    assert refused.status_code == 422
    assert typed(refused, "air_text") == "Other."
    boxes = soup(refused).select(".c-edit [name=checks]")
    assert [box["value"] for box in boxes if box.has_attr("checked")] == ALL_TICKED[:2]
    send(desk, question, "texts", air_text="Other.", checks=ALL_TICKED, **seen)
    assert row_of(app, question).state == "ready"


def test_where_two_people_look_nobody_changes_a_ready_text_alone(
    app: Flask, desk: FlaskClient, question: UUID
):
    make_ready(app, question)
    switch_on(app, "second_person")
    version = row_of(app, question).version

    texts = {"air_text": "Other.", "web_text": "", "checks": ALL_TICKED}
    send(desk, question, "texts", version=version, **texts)

    assert row_of(app, question).state == "shortlisted"


@pytest.mark.parametrize("role", ["moderator", "editor"])
def test_a_text_in_a_rundown_takes_an_editor_and_the_checklist(
    app: Flask, question: UUID, role: str
):
    desk = desk_of(app, "Nim", role)
    make_ready(app, question)
    version = row_of(app, question).version
    do(
        app,
        services.move,
        question_id=question,
        to="scheduled",
        seen_version=version,
        actor=Actor("Ed", "editor"),
    )
    seen = {"version": version + 1, "air_text": "Other.", "web_text": ""}

    assert send(desk, question, "texts", **seen).status_code == 422
    ticked = send(desk, question, "texts", checks=ALL_TICKED, **seen)

    assert ticked.status_code == (302 if role == "editor" else 422)
    offers = soup(open_question(desk, question)).select(".c-edit textarea")
    assert bool(offers) is (role == "editor")


def test_texts_of_what_is_erased_are_nothing(app: Flask, question: UUID):
    write(app, question, "Words.")
    with app.app_context():
        row = row_of(app, question)
        assert open_text(storage.current_keyring(), row, "air_text_sealed") == "Words."
    do(app, services.withdraw, question_id=question)
    assert row_of(app, question).air_text_sealed is None
    assert (NOTHING.air_text, NOTHING.web_text) == ("", "")
