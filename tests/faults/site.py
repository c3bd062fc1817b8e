"""A server on either engine that can be killed, and an editor and askers in front of it."""

import http.client
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.operations.asking import Asker, Page
from tests.postgres import temporary_database
from tests.serving import LIMITS
from tests.studio.uploads.studio_site import FORM, StudioSite
from webapp import storage
from webapp.operations.doctor import examine
from webapp.questions.models import Question

AWAY = (OSError, http.client.HTTPException)
NO_LIMITS = {f"limit_{name.lower()}": "100000" for name in LIMITS}


def a_text(number: int) -> str:
    return f"Question {number}: my wall has opinions of its own. Is it me, or is it the wall?"


class Site(StudioSite):
    """The server; what is asked of it behind its back is asked of the same database."""

    def __init__(self, instance: Path, **given: str) -> None:
        super().__init__(instance, **NO_LIMITS | given)

    def asker(self) -> Asker:
        return Asker(self.port)

    def ask_by_form(self, path: str, fields: Mapping[str, object]) -> http.client.HTTPResponse:
        """Send a form of the desk as the editor."""
        given = {"csrf_token": self.token, **fields}
        return self.ask("POST", path, urlencode(given, doseq=True), **FORM)

    def add_questions(self, count: int) -> list[UUID]:
        """Put so many new questions into the mailbag, and return their ids."""

        def add(session: Session) -> list[UUID]:
            return [factories.add_question(session, text=a_text(n)) for n in range(count)]

        return self.behind(add)

    def count_questions(self) -> int:
        return self.behind(lambda session: session.query(Question).count())

    def behind(self, service):
        """Do something in the database, and let go of it."""
        with self.inside():
            return storage.write(service)

    def wrong(self) -> list[str]:
        """Return what `postbag doctor` finds wrong."""
        return [found.words for found in examine(self.settings) if not found.is_advice]

    def about(self) -> Page:
        """Return a public page, as a visitor gets it."""
        answer = self.ask("GET", "/about")
        return Page(answer.status, answer.text)

    def kill(self) -> None:
        """Kill all of it, if it runs."""
        if self.process.poll() is None:
            super().kill()

    def stop(self) -> None:
        """Have it end as it does by itself."""
        self.process.terminate()
        self.process.wait(timeout=40)


@contextmanager
def a_site(
    request: pytest.FixtureRequest, engine: str, folder: Path, **given: str
) -> Iterator[Site]:
    """Give a running site on an engine."""
    if engine == "sqlite":
        site = Site(folder, **given)
        try:
            yield site
        finally:
            site.kill()
        return
    shared = request.getfixturevalue("tmp_path_factory").getbasetemp()
    with temporary_database(shared) as url:
        site = Site(folder, **{"database_url": url} | given)
        try:
            yield site
        finally:
            site.kill()
