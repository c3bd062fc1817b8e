"""What somebody types on the writing page is never lost: to a time-out, a refusal, another tab."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.pages import soup, typed
from tests.questions.asking import visitor
from tests.staff.members import add_staff, sign_in
from tests.studio.writing import (
    become_somebody_else,
    draft,
    fields_of,
    followed,
    index_of,
    open_page,
    save_by_itself,
    send,
    text_of,
    unsaved,
)
from webapp import storage


def test_typing_is_kept_and_an_older_turn_never_overwrites(desk: FlaskClient):
    episode_id = draft()
    page = open_page(desk, episode_id)

    assert save_by_itself(desk, page, 2, {"title": "Later"}).status_code == 204
    assert save_by_itself(desk, page, 1, {"title": "Earlier"}).status_code == 204

    assert typed(open_page(desk, episode_id), "title") == "Later"
    assert "Later" not in index_of(episode_id)


def test_another_tab_is_told_and_overwrites_nothing(desk: FlaskClient):
    episode_id = draft()
    one, other = open_page(desk, episode_id), open_page(desk, episode_id)
    save_by_itself(desk, one, 1, {"title": "One"})

    told = save_by_itself(desk, other, 1, {"title": "Other"})

    assert (told.status_code, told.mimetype) == (409, "text/plain")
    assert typed(open_page(desk, episode_id), "title") == "One"
    assert (
        save_by_itself(desk, open_page(desk, episode_id), 2, {"title": "Other"}).status_code == 204
    )


def test_a_page_by_itself_is_refused_in_words(app: Flask, desk: FlaskClient):
    episode_id = draft()
    page = open_page(desk, episode_id)

    assert save_by_itself(desk, page, 1, {"csrf_token": "old"}).status_code == 403
    assert save_by_itself(desk, page, 1, {"turn": "many"}).status_code == 422
    become_somebody_else()
    assert save_by_itself(visitor(app), page, 1).status_code == 401
    assert unsaved(episode_id) is None


def test_others_who_write_are_named(app: Flask, desk: FlaskClient):
    episode_id = draft()
    save_by_itself(desk, open_page(desk, episode_id), 1, {"title": "Mine"})
    add_staff(app, name="Olu", role="editor")
    become_somebody_else()
    other = visitor(app)
    sign_in(other, email="olu@example.org")
    become_somebody_else()

    page = open_page(other, episode_id)

    assert "Edith has been writing here" in text_of(page)
    assert typed(page, "title") == "Thin walls"


def test_a_long_text_goes_on_after_a_sign_out(app: Flask, desk: FlaskClient):
    episode_id = draft()
    page = open_page(desk, episode_id)
    long = "A line of the answer, “quoted”.\r\n\r\n" * 3_000
    out = visitor(app)
    become_somebody_else()

    asked = out.post(
        soup(page).select_one("#writing")["action"],
        data={**fields_of(page), "short": long, "do": "save"},
        content_type="multipart/form-data",
    )
    assert asked.status_code == 401
    carried = soup(asked).select_one("[name=carried]")["value"]
    back = sign_in(out, email="edith@example.org", carried=carried)
    become_somebody_else()
    form = soup(back).select_one("main form")
    fields: dict[str, list[str]] = {}
    for each in form.select("input[name]"):
        fields.setdefault(each["name"], []).append(each["value"])
    followed(out, out.post(form["action"], data=fields))

    assert long.strip().replace("\r\n", "\n") in index_of(episode_id)


def test_what_is_too_much_comes_back(desk: FlaskClient, app: Flask):
    page = open_page(desk, draft())
    data = {**fields_of(page), "short": "What I wrote.", "do": "save"}

    cut = desk.post(
        soup(page).select_one("#writing")["action"],
        data=data,
        environ_overrides={"postbag.body": "cut"},
    )

    assert cut.status_code == 413
    assert "What I wrote." in cut.get_data(as_text=True)


def test_what_was_typed_for_an_episode_that_is_gone_comes_back(desk: FlaskClient):
    page = open_page(desk, draft())
    data = {**fields_of(page), "short": "What I wrote.", "do": "save"}

    gone = desk.post("/desk/episodes/999999/write", data=data)

    assert gone.status_code == 404
    assert "What I wrote." in gone.get_data(as_text=True)


def test_what_is_sent_while_the_database_is_away_comes_back(
    app: Flask, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    page = open_page(desk, draft())

    def away(*_service: object, **_values: object) -> None:
        raise storage.Unavailable("The database is away.")

    monkeypatch.setattr(storage, "write", away)
    answer = send(desk, page, {"short": "What I wrote."})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "What I wrote." in answer.get_data(as_text=True)
    assert save_by_itself(desk, page, 1).status_code == 503
