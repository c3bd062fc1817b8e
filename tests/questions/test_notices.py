"""Whoever works on a question is told that its asker took it back."""

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.staff.members import add_staff
from webapp import storage
from webapp.questions import services
from webapp.questions.models import DeskNotice
from webapp.questions.queries import get_question
from webapp.staff.models import User
from webapp.storage.history import Actor


@pytest.fixture
def sam(in_app: Flask) -> Actor:
    add_staff(in_app, role="editor")
    user = storage.read().scalars(select(User)).one()
    return Actor("Sam", "editor", user.id)


def bring(question_id: UUID, actor: Actor, *states: str) -> None:
    for to in states:
        if to == "ready":
            storage.write(factories.write_air_text, question_id=question_id)
        version = get_question(storage.read(), question_id).version
        given = {"question_id": question_id, "to": to, "seen_version": version, "actor": actor}
        storage.write(services.move, **given)


@pytest.mark.parametrize(
    ("states", "told"), [(("shortlisted", "ready"), True), (("shortlisted",), False)]
)
def test_whoever_brought_it_on_its_way_is_told(
    in_app: Flask, sam: Actor, states: tuple[str, ...], *, told: bool
):
    question_id = storage.write(factories.add_question)
    bring(question_id, sam, *states)

    storage.write(services.withdraw, question_id=question_id)

    found = storage.read().scalars(select(DeskNotice.staff_id)).all()
    assert found == ([sam.id] if told else [])
