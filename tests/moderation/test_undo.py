"""Undo: of everything that can be undone, once, by whoever may; and undo of that."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.moderation.acting import (
    acts_of,
    desk_of,
    do,
    make_ready,
    open_question,
    row_of,
    send,
    shortlist,
    text_of,
    told,
    undo,
    write,
)
from tests.pages import soup, typed
from tests.staff.members import token
from webapp import storage
from webapp.moderation import labels, notes, services, undo_rules
from webapp.moderation.services import change_lane
from webapp.questions import services as questions
from webapp.questions import thread
from webapp.questions.queries import open_text
from webapp.storage.history import Act, Actor

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
ED = Actor("Ed", "editor")
MO = Actor("Mo", "moderator")


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON) as traveller:
        yield traveller


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    return desk_of(app, "Ed", "editor")


@pytest.fixture
def question(app: Flask) -> UUID:
    return do(app, factories.add_question)


def newest(app: Flask, question: UUID) -> Act:
    return acts_of(app, question)[0]


def tags_of(app: Flask, question: UUID) -> labels.Tags:
    with app.app_context():
        return labels.tags_of(storage.read(), question)


def texts_of(app: Flask, question: UUID) -> str:
    with app.app_context():
        keyring = storage.current_keyring()
        return open_text(keyring, row_of(app, question), "air_text_sealed")


def test_texts_are_taken_back_to_the_version_before(app: Flask, desk: FlaskClient, question: UUID):
    write(app, question, "First.")
    second = write(app, question, "Second.")

    page = undo(desk, second)

    assert "Taken back." in told(page)
    assert texts_of(app, question) == "First."


def test_the_first_texts_are_taken_back_to_none(app: Flask, desk: FlaskClient, question: UUID):
    undo(desk, write(app, question, "First."))

    assert texts_of(app, question) == ""


def test_an_undo_is_undone_by_the_same_way(app: Flask, desk: FlaskClient, question: UUID):
    page = undo(desk, write(app, question, "First."))
    again = soup(page).select_one(".c-told [name=history]")["value"]

    undo(desk, again)

    assert texts_of(app, question) == "First."


def test_one_act_after_the_other_is_taken_back(app: Flask, desk: FlaskClient, question: UUID):
    shortlist(app, question)
    first = newest(app, question).id
    second = write(app, question, "First.")

    assert "has changed since" in undo(desk, first).text
    undo(desk, second)
    undo(desk, first)

    assert row_of(app, question).state == "new"
    assert texts_of(app, question) == ""


def test_what_changed_after_an_undo_keeps_the_rest(app: Flask, desk: FlaskClient, question: UUID):
    shortlist(app, question)
    first = newest(app, question).id
    undo(desk, write(app, question, "First."))
    write(app, question, "Other.")

    undo(desk, first)

    assert row_of(app, question).state == "shortlisted"


def test_undo_twice_is_one_undo(app: Flask, desk: FlaskClient, question: UUID):
    act = write(app, question, "First.")
    undo(desk, act)
    version = row_of(app, question).version

    page = undo(desk, act)

    assert "It was so already" in told(page)
    assert row_of(app, question).version == version


def test_texts_of_what_was_ready_go_back_although_it_left_the_ready(
    app: Flask, desk: FlaskClient, question: UUID
):
    make_ready(app, question)
    edited = write(app, question, "Edited.")
    assert row_of(app, question).state == "shortlisted"

    undo(desk, edited)

    assert texts_of(app, question) == "For the air."
    assert row_of(app, question).state == "shortlisted"  # it takes the checklist again


def test_what_followed_by_itself_cannot_be_taken_back_alone(
    app: Flask, desk: FlaskClient, question: UUID
):
    make_ready(app, question)
    write(app, question, "Edited.")

    page = undo(desk, newest(app, question).id)

    assert undo_rules.FOLLOWED in told(page)
    assert row_of(app, question).state == "shortlisted"


def test_topics_and_labels_are_taken_back_in_one_go(app: Flask, desk: FlaskClient, question: UUID):
    send(desk, question, "labels", version=1, topics=["walls"], labels="short, christmas")
    assert tags_of(app, question).topics != ()
    batch = soup(open_question(desk, question)).select_one(".c-told [name=batch]")["value"]

    data = {"csrf_token": token(desk.get("/desk/questions")), "batch": batch}
    desk.post("/desk/undo", data=data)

    assert tags_of(app, question) == labels.Tags()
    assert "1 taken back." in told(open_question(desk, question))


def test_labels_come_back_as_they_were(app: Flask, desk: FlaskClient, question: UUID):
    for version, typed_labels in enumerate(("one, two", "two, three"), start=1):
        send(desk, question, "labels", version=version, labels=typed_labels)

    undo(desk, newest(app, question).id)
    assert [tag.name for tag in tags_of(app, question).labels] == ["one", "two"]
    undo(desk, newest(app, question).id)
    assert [tag.name for tag in tags_of(app, question).labels] == ["three", "two"]


def test_a_snooze_is_taken_back(app: Flask, desk: FlaskClient, question: UUID):
    send(desk, question, "snooze", version=1, until="2026-11-09")
    snoozed = newest(app, question).id

    undo(desk, snoozed)
    assert row_of(app, question).snoozed_until is None
    undo(desk, newest(app, question).id)
    assert row_of(app, question).snoozed_until == date(2026, 11, 9)


def test_a_snooze_that_is_over_does_not_come_back(
    app: Flask, noon: time_machine.Traveller, question: UUID
):
    seen = {"question_id": question, "actor": MO}
    do(app, services.snooze, seen_version=1, until=date(2026, 11, 5), **seen)
    do(app, services.snooze, seen_version=2, until=None, **seen)
    noon.move_to(NOON + timedelta(days=4))
    desk = desk_of(app, "Ed", "editor")

    undo(desk, newest(app, question).id)

    assert row_of(app, question).snoozed_until is None


def test_a_lane_is_taken_back_with_its_counts(app: Flask, desk: FlaskClient, question: UUID):
    send(desk, question, "lane", version=1, lane="quarantine")

    undo(desk, newest(app, question).id)

    assert row_of(app, question).lane == "ordinary"
    page = soup(desk.get("/desk/questions"))
    lanes = page.find("nav", attrs={"aria-label": "Lanes"}).get_text(" ", strip=True)
    assert lanes == "Urgent 0 Ordinary 1 Quarantine 0"


def test_whoever_put_it_into_the_urgent_lane_by_mistake_takes_it_out(app: Flask, question: UUID):
    desk = desk_of(app, "Mo", "moderator")
    send(desk, question, "lane", version=1, lane="urgent")

    undo(desk, newest(app, question).id)

    assert row_of(app, question).lane == "ordinary"


def test_what_somebody_else_put_into_the_urgent_lane_takes_an_editor(app: Flask, question: UUID):
    send(desk_of(app, "Ed", "editor"), question, "lane", version=1, lane="urgent")
    mo = desk_of(app, "Mo", "moderator")
    assert "Undo" not in text_of(open_question(mo, question))

    page = undo(mo, newest(app, question).id)

    assert undo_rules.NOT_YOURS in told(page)
    assert row_of(app, question).lane == "urgent"


def test_what_an_editor_took_out_of_the_urgent_lane_takes_an_editor_again(app: Flask):
    question = do(app, factories.add_question, lane="urgent")
    seen = {"question_id": question, "seen_version": 1, "actor": ED}
    do(app, change_lane, lane="ordinary", note="I spoke to them.", **seen)
    mo = desk_of(app, "Mo", "moderator")

    undo(mo, newest(app, question).id)
    assert row_of(app, question).lane == "urgent"
    page = undo(mo, newest(app, question).id)

    assert undo_rules.NOT_YOURS in told(page)
    assert row_of(app, question).lane == "urgent"


def ask(app: Flask, question: UUID) -> UUID:
    with app.app_context():
        return storage.write(
            thread.ask_back,
            keyring=storage.current_keyring(),
            question_id=question,
            seen_version=1,
            actor=ED,
            words="Since when?",
        )


def test_what_was_asked_is_taken_back_while_nobody_can_have_read_it(
    app: Flask, desk: FlaskClient, question: UUID, monkeypatch: pytest.MonkeyPatch
):
    hold_back(app, monkeypatch)
    asked = ask(app, question)
    assert "They see it from 12:00:30" in text_of(open_question(desk, question)).replace(
        "12:00:31", "12:00:30"
    )

    undo(desk, asked)

    assert row_of(app, question).asked_back_sealed is None
    page = undo(desk, newest(app, question).id)
    assert undo_rules.ASK_AGAIN in told(page)


def test_what_was_asked_stays_once_it_may_have_been_read(
    app: Flask,
    desk: FlaskClient,
    question: UUID,
    noon: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
):
    hold_back(app, monkeypatch)
    asked = ask(app, question)
    noon.shift(timedelta(seconds=30))

    page = undo(desk, asked)

    assert thread.READ_BY_NOW in told(page)
    assert row_of(app, question).asked_back_sealed is not None
    assert "Undo: asked the asker" not in text_of(open_question(desk, question))


def hold_back(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let askers see what staff do half a minute later."""
    held = app.extensions["postbag.settings"].model_copy(update={"undo_seconds": 30})
    monkeypatch.setitem(app.extensions, "postbag.settings", held)


def test_a_note_is_taken_back_by_who_wrote_it(app: Flask, desk: FlaskClient, question: UUID):
    send(desk, question, "note", text="On the wrong question.")
    act = newest(app, question)
    mo = desk_of(app, "Mo", "moderator")

    assert notes.NOT_YOURS in told(undo(mo, act.id))
    assert "Take it back" not in text_of(open_question(mo, question))
    assert "Take it back" in text_of(open_question(desk, question))
    undo(desk, act.id)

    assert "On the wrong question." not in open_question(desk, question).text
    assert "took a private note back" in text_of(open_question(desk, question))
    assert "It was so already" in told(undo(desk, act.id))


def test_an_owner_takes_any_note_back(app: Flask, desk: FlaskClient, question: UUID):
    send(desk, question, "note", text="A colleague's.")
    owner = desk_of(app)

    undo(owner, newest(app, question).id)

    assert "A colleague's." not in open_question(owner, question).text


def test_what_its_asker_did_is_not_for_the_desk_to_undo(
    app: Flask, desk: FlaskClient, question: UUID
):
    do(app, questions.prolong, question_id=question)

    page = undo(desk, newest(app, question).id)

    assert undo_rules.THE_ASKERS in told(page)
    assert row_of(app, question).prolonged


def test_how_words_are_said_has_no_versions(app: Flask, desk: FlaskClient, question: UUID):
    texts = {"air_text": "", "web_text": "", "pronunciation": "eh"}
    send(desk, question, "texts", version=1, **texts)

    page = undo(desk, newest(app, question).id)

    assert undo_rules.NO_VERSIONS in told(page)
    assert typed(open_question(desk, question), "pronunciation") == "eh"


def test_a_place_in_the_queue_of_acts_is_undone_by_role(app: Flask, question: UUID):
    make_ready(app, question)
    mo = desk_of(app, "Mo", "moderator")

    page = undo(mo, newest(app, question).id)

    assert undo_rules.NOT_YOURS in told(page)
    assert row_of(app, question).state == "ready"


def test_only_what_can_be_undone_offers_it(app: Flask, desk: FlaskClient, question: UUID):
    shortlist(app, question)
    write(app, question, "First.")

    lines = soup(open_question(desk, question)).select("#history ~ .c-history li")

    offers = [line.button.get_text(" ", strip=True) if line.button else "" for line in lines]
    assert offers == ["Undo : wrote the air text and web text", ""]


def test_undo_leads_back_to_the_page_of_the_desk_that_it_came_from(
    app: Flask, desk: FlaskClient, question: UUID
):
    form = token(desk.get("/desk/questions"))
    for back, leads in (("/desk/log?x=1", "/desk/log?x=1"), ("//elsewhere", "/desk/questions")):
        act = write(app, question, f"Text for {back}.")
        data = {"csrf_token": form, "history": str(act), "back": back}
        assert desk.post("/desk/undo", data=data).headers["Location"] == leads


def test_many_acts_that_there_are_not_are_404(desk: FlaskClient):
    data = {"csrf_token": token(desk.get("/desk/questions")), "batch": str(UUID(int=1))}

    assert desk.post("/desk/undo", data=data).status_code == 404
