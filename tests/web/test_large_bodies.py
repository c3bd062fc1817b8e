"""Who may send large bodies where, and what becomes of the files in which they lie."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder

from tests.staff.members import add_staff, sign_in
from tests.web.large_site import LIMIT, TAKE, large_app, take
from webapp import storage
from webapp.settings import Settings
from webapp.web import large_bodies
from webapp.web.large_bodies import (
    FORM,
    REFUSED,
    LargeBodies,
    NoRoom,
    allow,
    folder_of,
    open_body,
    sweep,
    write_body,
)

KEEPS_A_BODY = """
import sys, time
from pathlib import Path
from webapp.web.large_bodies import open_body, write_body
folder = Path(sys.argv[1])
file = open_body(folder, 0)
write_body(file, folder, bytes(1_000_000))
print("written", flush=True)
time.sleep(60)
"""


def largest(client: FlaskClient, path: str = TAKE, *, surface: str = "all", **head: str):
    """Return what the front is told of a request with the client's cookies."""
    settings: Settings = client.application.extensions["postbag.settings"]
    app = large_app(settings.model_copy(update={"surface": surface}))
    app.add_url_rule("/desk/write", "desk.studio.take", take, methods=["POST"])
    allow(app, "desk.studio.take", lambda: LIMIT)
    cookie = client.get_cookie("postbag_desk", path="/desk")
    named = {"Sec_Fetch_Site": "same-origin", "Content_Type": FORM} | head
    if cookie:
        named["Cookie"] = f"{cookie.key}={cookie.value}"
    headers = {name.replace("_", "-"): value for name, value in named.items()}
    environ = EnvironBuilder(path, method="POST", headers=headers).get_environ()
    try:
        return LargeBodies(app, folder_of(settings)).largest(environ)
    finally:
        with app.app_context():
            storage.db.engine.dispose()


def test_staff_may_send_as_much_as_the_page_takes(app: Flask, client: FlaskClient):
    add_staff(app)
    sign_in(client)

    assert largest(client) == LIMIT
    assert largest(client, Host="made-up.example") == LIMIT


def test_strangers_may_send_nothing(client: FlaskClient):
    assert largest(client) == REFUSED


def test_another_site_may_send_nothing_in_the_name_of_staff(app: Flask, client: FlaskClient):
    add_staff(app)
    sign_in(client)

    assert largest(client, Sec_Fetch_Site="cross-site") == REFUSED


def test_who_is_no_editor_may_send_nothing_to_a_page_for_editors(app: Flask, client: FlaskClient):
    add_staff(app, role="moderator")
    sign_in(client)

    assert largest(client, "/desk/write") == REFUSED
    assert largest(client, TAKE) == LIMIT


def test_where_there_is_no_desk_nobody_may_send(app: Flask, client: FlaskClient):
    add_staff(app)
    sign_in(client)

    assert largest(client, surface="public") == REFUSED


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/ask/review", FORM),
        ("/nowhere", FORM),
        ("/desk/log/export", FORM),
        (TAKE, "application/x-www-form-urlencoded"),
        (TAKE, "application/octet-stream"),
    ],
)
def test_all_else_goes_by_the_usual_rules(app: Flask, client: FlaskClient, path: str, kind: str):
    add_staff(app)
    sign_in(client)

    assert largest(client, path, Content_Type=kind) is None


@pytest.mark.parametrize("endpoint", ["questions.review", "desk.nowhere"])
def test_only_endpoints_behind_the_guard_are_allowed(engine_app: Flask, endpoint: str):
    with pytest.raises(ValueError, match="no endpoint behind the guard"):
        allow(engine_app, endpoint, lambda: LIMIT)


def test_a_killed_process_leaves_nothing_and_nobody_else_looks_in(tmp_path: Path):
    folder = tmp_path / "uploads"
    command = [sys.executable, "-c", KEEPS_A_BODY, folder]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"written\n"
        process.send_signal(signal.SIGKILL)

    assert list(folder.iterdir()) == []
    assert folder.stat().st_mode & 0o077 == 0


def test_what_was_left_behind_is_swept_and_what_is_arriving_is_not(tmp_path: Path):
    for name in ("body-old", "part-old", "body-new", "other"):
        (tmp_path / name).touch()
    for name in ("body-old", "part-old", "other"):
        os.utime(tmp_path / name, (0, 0))

    assert sweep(tmp_path, older_than=timedelta(hours=1)) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["body-new", "other"]


def test_where_there_is_no_folder_there_is_nothing_to_sweep(tmp_path: Path):
    assert sweep(tmp_path / "uploads") == 0


def test_room_for_the_body_and_its_files_is_asked_for_beforehand(tmp_path: Path):
    with pytest.raises(NoRoom):
        open_body(tmp_path / "uploads", 10**18)


def test_the_database_is_left_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(large_bodies, "ROOM_LEFT", 10**18)

    with pytest.raises(NoRoom):
        write_body(BytesIO(), tmp_path, b"block")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="writes to /dev/full")
def test_a_disk_that_is_full_is_noticed(tmp_path: Path):
    with Path("/dev/full").open("wb", buffering=0) as full, pytest.raises(NoRoom):
        write_body(full, tmp_path, b"block")
