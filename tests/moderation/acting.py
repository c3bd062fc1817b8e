"""Acting at the desk for tests: members of staff with their browsers, and what they send."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.pages import soup
from tests.questions.asking import visitor
from tests.staff.members import add_staff, sign_in, token
from webapp import storage
from webapp.moderation import services
from webapp.moderation.checklist import CHECKS
from webapp.questions import editing
from webapp.questions import services as questions
from webapp.questions.models import Question
from webapp.questions.queries import acts_on, get_question
from webapp.staff.models import DeskRule, User
from webapp.storage.history import Act, Actor

ED = Actor("Ed", "editor")
ALL_TICKED = [check.key for check in CHECKS]


def desk_of(app: Flask, name: str = "Sam", role: str = "owner") -> FlaskClient:
    """Return the browser of a new member of staff who is signed in."""
    add_staff(app, name=name, role=role)
    client = visitor(app)
    sign_in(client, email=f"{name.lower()}@example.org")
    return client


def actor_of(app: Flask, name: str) -> Actor:
    """Return a member of staff as history knows them."""
    with app.app_context():
        user = storage.read().scalars(select(User).where(User.name == name)).one()
        return Actor(user.name, user.roles[0].name, user.id)


def send(desk: FlaskClient, question: UUID, what: str, **fields: object) -> TestResponse:
    """Send one of the forms of a question's page, such as "claim", with a token that holds."""
    data = {"csrf_token": token(desk.get("/desk/questions"))} | fields
    return desk.post(f"/desk/questions/{question}/{what}", data=data)


def open_question(desk: FlaskClient, question: UUID) -> TestResponse:
    """Return the page of a question."""
    return desk.get(f"/desk/questions/{question}")


def undo(desk: FlaskClient, act_id: object, back: str = "") -> TestResponse:
    """Undo an act and return the page that follows."""
    form = token(desk.get("/desk/questions"))
    data = {"csrf_token": form, "history": str(act_id), "back": back}
    return desk.post("/desk/undo", data=data, follow_redirects=True)


def text_of(page: TestResponse) -> str:
    """Return the words of a page's main part."""
    return soup(page).main.get_text(" ", strip=True)


def told(page: TestResponse) -> str:
    """Return what the page says of the act before it."""
    return soup(page).select_one(".c-told").get_text(" ", strip=True)


def row_of(app: Flask, question: UUID) -> Question:
    """Return a question as it stands."""
    with app.app_context():
        return get_question(storage.read(), question)


def acts_of(app: Flask, question: UUID) -> list[Act]:
    """Return what was done to a question, the newest first."""
    with app.app_context():
        acts = storage.read().scalars(acts_on(question)).all()
        return sorted(acts, key=lambda act: (act.to_version, str(act.at)), reverse=True)


def do(app: Flask, service: Callable[..., Any], **values: object) -> Any:
    """Do something behind the desk, as the application would."""
    with app.app_context():
        return storage.write(service, **values)


def shortlist(app: Flask, question: UUID) -> None:
    """Put a new question on the shortlist."""
    do(
        app,
        questions.move,
        question_id=question,
        to="shortlisted",
        seen_version=row_of(app, question).version,
        actor=Actor("Mo", "moderator"),
    )


def write(app: Flask, question: UUID, air_text: str, web_text: str = "") -> UUID:
    """Write the texts of a question behind everybody's back, and return the act."""
    with app.app_context():
        return storage.write(
            editing.set_texts,
            keyring=storage.current_keyring(),
            question_id=question,
            seen_version=get_question(storage.read(), question).version,
            actor=Actor("Wren", "editor"),
            air_text=air_text,
            web_text=web_text,
        )


def make_ready(app: Flask, question: UUID, actor: Actor = ED) -> None:
    """Bring a new question all the way to ready."""
    shortlist(app, question)
    write(app, question, "For the air.")
    do(
        app,
        services.make_ready,
        question_id=question,
        version=row_of(app, question).version,
        actor=actor,
        ticked=ALL_TICKED,
    )


def switch_on(app: Flask, rule: str) -> None:
    """Switch on one of the owners' rules."""

    def add(session: Any) -> None:
        session.add(DeskRule(name=rule, value=True))

    with app.app_context():
        storage.write(add)
