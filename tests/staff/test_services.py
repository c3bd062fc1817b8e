"""Adding people."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.staff.members import PASSWORD, add_staff
from webapp.exceptions import Conflict
from webapp.staff.models import Role, User


def test_a_password_is_kept_as_an_argon2_hash(app: Flask, session: Session):
    add_staff(app)

    user = session.scalars(select(User)).one()
    assert user.password.startswith("$argon2id$")
    assert PASSWORD not in user.password


def test_an_address_belongs_to_one_member(app: Flask, session: Session):
    add_staff(app)

    with pytest.raises(Conflict, match=r"sam@example\.org is a member of staff already"):
        add_staff(app)


def test_members_share_their_role(app: Flask, session: Session):
    for name in ("Sam", "Dot"):
        add_staff(app, name=name, role="editor")

    assert [role.name for role in session.scalars(select(Role))] == ["editor"]
