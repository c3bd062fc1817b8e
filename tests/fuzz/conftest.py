"""The sites that are fuzzed: one on each engine, filled once."""

import os
from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from tests import factories, hostile
from tests.fuzz.site import FuzzedSite, fuzzed_site
from tests.staff.members import add_staff
from tests.transfer.mailbag.houses import OWNER, ask, decide, do, keys_of
from webapp import storage
from webapp.moderation import notes
from webapp.moderation.rundowns.services import make_rundown, put_in
from webapp.questions import thread
from webapp.transfer.importing import import_bundle


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def fuzzed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FuzzedSite]:
    """A site with a show that is out for harm, a mailbag with something of all, and its staff."""
    folder = tmp_path_factory.mktemp("fuzzed")
    bundle = hostile.write_show(folder / "show")
    hostile.write_episode(bundle, hostile.front_matter(hostile.EPISODE))
    hostile.write_episode(bundle, hostile.front_matter("draft", draft=True, date=None))

    def furnish(app: Flask) -> None:
        with app.app_context():
            import_bundle(bundle)
        fill(app)
        for role in ("owner", "editor", "moderator"):
            add_staff(app, name=role.capitalize(), role=role)

    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    with fuzzed_site(folder, request.param, shared, furnish) as site:
        yield site


def fill(app: Flask) -> None:
    """Ask ten questions, and take some of them on their way; receipts go by their numbers."""
    found = [ask(app, number, text=f"{factories.LETTER} {number}") for number in range(1, 11)]
    for question_id in found[1:6]:
        decide(app, question_id, "shortlisted")
    do(app, thread.ask_back, found[2], keyring=keys_of(app), words="Which wall is it?")
    with app.app_context():
        for question_id in found[3:5]:
            storage.write(factories.write_air_text, question_id=question_id)
        rundown_id = storage.write(
            make_rundown, title="Next", recording_on=date(2026, 3, 3), pace=150, actor=OWNER
        )
        storage.write(notes.add_note, question_id=found[1], actor=OWNER, text="A note.")
    for question_id in found[3:5]:
        decide(app, question_id, "ready")
    do(app, put_in, found[4], rundown_id=rundown_id)
    decide(app, found[6], "declined", reason="answered")
