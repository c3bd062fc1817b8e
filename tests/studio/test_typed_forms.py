"""What somebody types into a transcript, a correction or a form of the show is kept until saved."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.pages import soup, typed
from tests.questions.asking import visitor
from tests.staff.members import add_staff, sign_in
from tests.studio.made import publish, whole
from tests.studio.show.made import fields_of, save_files
from tests.studio.show.made import text_of as file_of
from tests.studio.test_letters import out, where
from tests.studio.uploads.sending import VTT
from tests.studio.writing import become_somebody_else
from webapp import storage
from webapp.episodes.bundle_files import save_text
from webapp.staff.services import let_go
from webapp.storage.history import Actor
from webapp.studio.models import UnsavedForm
from webapp.studio.throwing_away import throw_away

OLGA = Actor("Olga", "owner", 77)
CHAPTERS = '{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "Hello"}]}'
WORDS = "/desk/show/words"
HOST = "/desk/show/people/the-host"
NEW = "/desk/show/people/new"

Place = tuple[str, str, str, str]  # the page, the form's address, a field, what is typed there


def transcript() -> Place:
    page = f"/desk/episodes/{whole('Spoken')}/files"
    return page, f"{page}/transcript", "text", VTT


def chapters() -> Place:
    page = f"/desk/episodes/{whole('Divided')}/files"
    return page, f"{page}/chapters", "text", CHAPTERS


def correction() -> Place:
    episode_id = whole("Corrected")
    publish(episode_id)
    page = f"/desk/episodes/{episode_id}"
    return page, f"{page}/corrections", "text", "It said two walls. It is one."


def words() -> Place:
    save_files()
    return WORDS, WORDS, "tagline", "Answers, soon"


def topics() -> Place:
    save_files()
    return "/desk/show/topics", "/desk/show/topics", "topics-1-name", "Thick walls"


def somebody() -> Place:
    save_files()
    return HOST, HOST, "role", "Asks"


def somebody_new() -> Place:
    return NEW, NEW, "slug", "dot-farrow"


PLACES = [transcript, chapters, correction, words, topics, somebody, somebody_new]


def form_in(page: TestResponse, action: str):
    return next(one for one in soup(page).select("form") if one.get("action") == action)


def type_into(
    client: FlaskClient, page: TestResponse, action: str, turn: int, **fields: str
) -> TestResponse:
    """Send a form as its script does."""
    sent = fields_of(page, action)
    for name, value in {**fields, "turn": str(turn)}.items():
        sent.setlist(name, [value])
    return client.post(form_in(page, action)["data-autosave"], data=sent)


def value(page: TestResponse, action: str, name: str) -> str:
    assert page.status_code == 200
    return fields_of(page, action)[name].replace("\r\n", "\n")


def press(client: FlaskClient, page: TestResponse, action: str, **fields: str) -> TestResponse:
    sent = fields_of(page, action)
    for name, each in fields.items():
        sent.setlist(name, [each])
    return client.post(action, data=sent, content_type="multipart/form-data")


def kept() -> list[UnsavedForm]:
    storage.read().rollback()
    return [row for row in storage.read().scalars(select(UnsavedForm)) if row.fields]


@pytest.mark.parametrize("made", PLACES)
def test_what_was_typed_is_there_when_the_form_is_opened_again(
    owner_desk: FlaskClient, made: Callable[[], Place]
):
    address, action, name, text = made()
    page = owner_desk.get(address)
    assert "You had typed this on" not in page.text

    assert type_into(owner_desk, page, action, 2, **{name: text}).status_code == 204
    assert type_into(owner_desk, page, action, 1, **{name: "Before"}).status_code == 204

    again = owner_desk.get(address)
    assert value(again, action, name) == text
    assert "You had typed this on" in again.text


@pytest.mark.parametrize("made", [transcript, chapters, correction, words, topics, somebody])
def test_once_saved_it_is_kept_no_longer(owner_desk: FlaskClient, made: Callable[[], Place]):
    address, action, name, text = made()
    type_into(owner_desk, owner_desk.get(address), action, 1, **{name: text})

    saved = press(owner_desk, owner_desk.get(address), action, do="save")

    assert saved.status_code == 302
    assert kept() == []
    assert "You had typed this on" not in owner_desk.get(address).text


@pytest.mark.parametrize("made", PLACES)
def test_it_can_be_thrown_away(owner_desk: FlaskClient, made: Callable[[], Place]):
    address, action, name, text = made()
    before = value(owner_desk.get(address), action, name)
    type_into(owner_desk, owner_desk.get(address), action, 1, **{name: text})
    page = owner_desk.get(address)
    button = form_in(page, action).select_one("[value=throw-away]")

    sent = fields_of(page, action)
    sent.setlist("do", ["throw-away"])
    gone = owner_desk.post(button["formaction"], data=sent)

    assert gone.headers["Location"] == address
    assert kept() == []
    assert value(owner_desk.get(address), action, name) == before


@pytest.mark.parametrize("made", PLACES)
def test_another_tab_is_told_and_overwrites_nothing(
    owner_desk: FlaskClient, made: Callable[[], Place]
):
    address, action, name, text = made()
    one, other = owner_desk.get(address), owner_desk.get(address)
    type_into(owner_desk, one, action, 1, **{name: text})

    told = type_into(owner_desk, other, action, 1, **{name: "Other"})

    assert (told.status_code, told.mimetype) == (409, "text/plain")
    again = owner_desk.get(address)
    assert value(again, action, name) == text
    assert type_into(owner_desk, again, action, 2, **{name: "Other"}).status_code == 204


@pytest.mark.parametrize("made", [transcript, chapters, correction, words, topics, somebody])
def test_what_comes_in_behind_its_own_save_is_kept_no_more(
    owner_desk: FlaskClient, made: Callable[[], Place]
):
    address, action, name, text = made()
    page = owner_desk.get(address)
    press(owner_desk, page, action, **{name: text, "turn": "3"}, do="save")

    assert type_into(owner_desk, page, action, 3, **{name: text}).status_code == 204

    assert kept() == []
    assert type_into(owner_desk, page, action, 4, **{name: "Went back, and on"}).status_code == 204
    assert len(kept()) == 1


def test_an_old_tab_is_told_of_a_later_one_though_something_was_saved_between(
    owner_desk: FlaskClient,
):
    address, action, name, text = words()
    type_into(owner_desk, owner_desk.get(address), action, 1, **{name: text})
    old = owner_desk.get(address)
    press(owner_desk, owner_desk.get(address), action, do="save")
    type_into(owner_desk, owner_desk.get(address), action, 2, **{name: "Later"})

    assert type_into(owner_desk, old, action, 2, **{name: "Old"}).status_code == 409
    assert value(owner_desk.get(address), action, name) == "Later"


def test_a_tab_with_an_unprintable_name_keeps_as_any_other(owner_desk: FlaskClient):
    address, action, name, text = words()
    page = owner_desk.get(address)

    assert type_into(owner_desk, page, action, 1, **{name: text, "tab": "a\0b"}).status_code == 204


def test_a_tab_that_saves_leaves_what_another_has_kept(owner_desk: FlaskClient):
    address, action, name, text = words()
    one, other = owner_desk.get(address), owner_desk.get(address)
    type_into(owner_desk, one, action, 1, **{name: text})

    press(owner_desk, other, action, email="us@example.org", do="save")

    again = owner_desk.get(address)
    assert value(again, action, name) == text
    assert press(owner_desk, again, action, do="save").status_code == 302
    assert "email: us@example.org" in file_of("show.yaml")  # merged, not written over
    assert f"tagline: {text}" in file_of("show.yaml")


def test_what_others_changed_meanwhile_is_said_of_what_was_kept_too(owner_desk: FlaskClient):
    address, action, name, text = words()
    type_into(owner_desk, owner_desk.get(address), action, 1, **{name: text})
    kept_page = owner_desk.get(address)
    file = file_of("show.yaml").replace("Answers, eventually", "Answers, at last")
    storage.write(save_text, path="show.yaml", text=file)

    clash = press(owner_desk, kept_page, action, do="save")

    assert clash.status_code == 409
    assert typed(clash, name) == text
    assert [each.fields for each in kept()]


def test_a_form_that_says_what_is_saved_is_not_called_unsaved(owner_desk: FlaskClient):
    address, action, name, text = words()
    page = owner_desk.get(address)
    press(owner_desk, page, action, **{name: text}, do="save")

    type_into(owner_desk, page, action, 1, **{name: text})  # it came behind its own save

    assert "You had typed this on" not in owner_desk.get(address).text


def test_a_text_that_was_taken_out_again_is_kept_no_longer(owner_desk: FlaskClient):
    address, action, name, text = transcript()
    page = owner_desk.get(address)
    type_into(owner_desk, page, action, 1, **{name: text})

    assert type_into(owner_desk, page, action, 2, **{name: " "}).status_code == 204

    assert kept() == []


def test_a_form_that_came_back_asks_to_be_kept(owner_desk: FlaskClient):
    address, action, name, _text = transcript()
    page = owner_desk.get(address)
    assert not form_in(page, action).has_attr("data-typed")

    back = press(owner_desk, page, action, **{name: "no transcript"})

    assert back.status_code == 422
    assert form_in(back, action).has_attr("data-typed")
    assert fields_of(back, action)["tab"] == fields_of(page, action)["tab"]
    row = press(
        owner_desk, owner_desk.get("/desk/show/topics"), "/desk/show/topics", do="add:topics"
    )
    assert form_in(row, "/desk/show/topics").has_attr("data-typed")


def test_no_token_password_or_file_is_kept(owner_desk: FlaskClient):
    address, action, name, text = transcript()

    type_into(
        owner_desk, owner_desk.get(address), action, 1, **{name: text, "password": "a pass phrase"}
    )

    (row,) = kept()
    assert {field for field, _value in row.fields} == {"language", "seen", "text"}


def test_a_form_by_itself_is_refused_in_words(app: Flask, owner_desk: FlaskClient):
    address, action, name, text = words()
    page = owner_desk.get(address)

    assert type_into(owner_desk, page, action, 1, csrf_token="old").status_code == 403
    assert type_into(owner_desk, page, action, 2**40).status_code == 422
    become_somebody_else()
    assert type_into(visitor(app), page, action, 1, **{name: text}).status_code == 401
    add_staff(app, name="Edith", role="editor")
    editor = visitor(app)
    become_somebody_else()
    sign_in(editor, email="edith@example.org")
    become_somebody_else()
    assert type_into(editor, page, action, 1, **{name: text}).status_code == 403
    assert kept() == []


@pytest.mark.parametrize(
    "path", ["episodes/999999/corrections", "show/nothing", "show/people/not-there"]
)
def test_what_is_not_there_keeps_nothing(owner_desk: FlaskClient, path: str):
    address, action, _name, _text = words()
    sent = fields_of(owner_desk.get(address), action)
    sent.add("text", "Words")

    answer = owner_desk.post(f"/desk/{path}/autosave", data={**sent, "turn": "1"})

    assert answer.status_code == 404
    assert kept() == []


def test_it_is_nobody_elses_and_goes_with_whoever_typed(app: Flask, owner_desk: FlaskClient):
    address, action, name, text = transcript()
    type_into(owner_desk, owner_desk.get(address), action, 1, **{name: text})
    add_staff(app, name="Olu", role="owner")
    other = visitor(app)
    become_somebody_else()
    sign_in(other, email="olu@example.org")
    become_somebody_else()

    assert text not in value(other.get(address), action, name)
    (row,) = kept()
    storage.write(let_go, actor=OLGA, staff_id=row.staff_id)
    assert kept() == []


def test_it_is_said_before_publishing_and_throwing_away_and_goes_with_the_episode(
    owner_desk: FlaskClient,
):
    address, action, name, text = transcript()
    episode_id = int(address.split("/")[3])
    type_into(owner_desk, owner_desk.get(address), action, 1, **{name: text})

    asked = owner_desk.get(
        f"/desk/episodes/{episode_id}/throw-away-for-good", follow_redirects=True
    )

    assert "Olga typed something here" in owner_desk.get(f"/desk/episodes/{episode_id}").text
    assert "had not saved it on" in asked.text
    seen = int(typed(asked, "seen"))
    storage.write(throw_away, episode_id=episode_id, seen=seen, actor=OLGA)
    assert kept() == []


def test_a_correction_of_what_prints_a_letter_keeps_no_word_of_it(owner_desk: FlaskClient):
    _question, episode_id = out()
    address = f"/desk/episodes/{episode_id}"

    type_into(
        owner_desk, owner_desk.get(address), f"{address}/corrections", 1, text="It said one wall."
    )

    assert "unsaved_forms" in where("It said one wall.")
    assert "unsaved_forms" not in where("quarrelling")
