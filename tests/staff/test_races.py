"""Two people at once: an owner stays, a code lets in once, and nobody waits in a ring."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.staff.members import PASSWORD, add_app, add_staff, code_of
from tests.statements import statements
from webapp import storage
from webapp.exceptions import Refused
from webapp.staff import joining, second_factors, services, totp
from webapp.staff.credentials import find_credential
from webapp.staff.queries import count_owners
from webapp.storage.history import Actor

SECRET = totp.new_secret()
PASSKEY = second_factors.NewPasskey(
    b"a device", b"its key", 0, (), "handle", False, "single_device"
)
NEW_PASSWORD = "seven quiet otters at lunch"


def changes(staff_id: int, passkey_id: int) -> dict[str, Callable[[], object]]:
    """Return what somebody may do to their own account that history keeps."""
    own: dict[str, Any] = {"actor": Actor("Sam", "owner", staff_id), "staff_id": staff_id}
    other = replace(PASSKEY, credential_id=b"another")
    return {
        "set up app": lambda: storage.write(
            second_factors.set_up_app, secret=SECRET, code=code_of(SECRET), **own
        ),
        "remove app": lambda: storage.write(second_factors.remove_app, **own),
        "make recovery codes": lambda: storage.write(second_factors.make_recovery_codes, **own),
        "add passkey": lambda: storage.write(
            second_factors.add_passkey, name="Key", passkey=other, **own
        ),
        "remove passkey": lambda: storage.write(
            second_factors.remove_passkey, passkey_id=passkey_id, **own
        ),
        "change password": lambda: storage.write(
            joining.change_password, current=PASSWORD, new=NEW_PASSWORD, keep=uuid4(), **own
        ),
        "change name": lambda: storage.write(joining.change_name, name="Samuel", **own),
    }


def at_once(app: Flask, *acts: Callable[[], object]) -> list[object]:
    """Do things at the same moment, each as a request would; return what came of them."""
    ready = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        with app.app_context():
            ready.wait()
            try:
                return act()
            except Refused as refused:
                return refused

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_owners_who_demote_each_other_leave_one(app: Flask, session: Session):
    sam, dot = add_staff(app), add_staff(app, name="Dot")

    def demote(who: str, staff_id: int) -> Callable[[], object]:
        actor = Actor(who, "owner")
        return lambda: storage.write(
            services.change_role, actor=actor, staff_id=staff_id, role="moderator"
        )

    came = at_once(app, demote("Sam", dot), demote("Dot", sam))

    assert sorted(type(one).__name__ for one in came) == ["Refused", "bool"]
    assert count_owners(session) == 1


def test_one_code_at_two_doors_opens_one(app: Flask):
    sam = add_staff(app)
    code = code_of(add_app(app))

    def use() -> object:
        return storage.write(second_factors.use_code, staff_id=sam, code=code)

    assert sorted(at_once(app, use, use)) == [False, True]


@pytest.mark.parametrize("change", sorted(changes(0, 0)))
def test_whoever_changes_their_account_waits_for_their_turn_before_others_wait_for_them(
    app: Flask, change: str
):
    """Owners change the same rows with the turn in hand: the other way round would be a ring."""
    sam = add_staff(app)
    add_app(app)
    with app.app_context():
        own = {"actor": Actor("Sam", "owner", sam), "staff_id": sam}
        storage.write(second_factors.add_passkey, name="Old", passkey=PASSKEY, **own)
        passkey = find_credential(storage.read(), PASSKEY.credential_id)
        assert passkey is not None
        act = changes(sam, passkey.id)[change]
        storage.read().rollback()

        with statements(storage.db.engine) as noted:
            act()

        taken = [number for number, one in enumerate(noted) if "pg_advisory_xact_lock" in one]
        changed = [number for number, one in enumerate(noted) if _holds_a_row(one)]
        assert changed
        if storage.db.engine.dialect.name == "postgresql":
            assert taken[0] < changed[0]


def _holds_a_row(statement: str) -> bool:
    return "FOR UPDATE" in statement or statement.startswith(("UPDATE", "INSERT", "DELETE"))
