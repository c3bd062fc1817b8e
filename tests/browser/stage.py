"""A demonstration with a way behind it: rundowns are made by its services, beside its server."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy.orm import Session

from tests.browser.pages import sign_in
from tests.moderation.rundowns.made import ED, add_rundown
from tests.serving import running_demo
from webapp import create_app, storage
from webapp.moderation.pronouncing import set_pronunciation
from webapp.moderation.rundowns.queries import list_places
from webapp.questions.queries import get_question
from webapp.questions.services import withdraw
from webapp.settings import Settings

SHORT = ("How do I say it?", "Who does the bins?", "Is it me?")
LONG = "Every morning she hums. " * 120


@dataclass(frozen=True)
class Stage:
    """A running demonstration: its address, and the app beside it on the same database."""

    site: str
    app: Flask
    context: BrowserContext

    def rundown(self, *texts: str, **changes: object) -> str:
        """Make a rundown with a question for each text, and return its path."""
        with self.app.app_context():
            rundown_id = storage.write(add_rundown, *(texts or SHORT), **changes)
        return f"/desk/rundowns/{rundown_id}"

    def states(self, path: str) -> list[tuple[str, int | None]]:
        """Return state and time code of a rundown's questions, in order."""
        with self.app.app_context():
            session = storage.read()
            places = list_places(session, UUID(path.rpartition("/")[2]))
            return [(get_question(session, one.question_id).state, one.time_code) for one in places]

    def questions(self, path: str) -> list[UUID]:
        """Return a rundown's questions, in order."""
        with self.app.app_context():
            places = list_places(storage.read(), UUID(path.rpartition("/")[2]))
            return [one.question_id for one in places]

    def say(self, question: UUID, words: str) -> None:
        """Write down how something in a question is said, as somebody else."""
        with self.app.app_context():
            storage.write(_say, question_id=question, words=words)

    def withdraw(self, question: UUID) -> None:
        """Take a question back, as its asker."""
        with self.app.app_context():
            storage.write(withdraw, question_id=question)

    def open(self, path: str) -> Page:
        """Return a page of the desk, in a browser that has kept nothing."""
        page = self.context.new_page()
        page.goto(path)
        page.evaluate("localStorage.clear()")
        page.reload()
        return page


@contextmanager
def raised_stage(browser: Browser, folder: Path) -> Iterator[Stage]:
    """Give a stage whose owner is signed in."""
    instance = folder / "instance"
    with running_demo(instance) as site:
        app = create_app(Settings.load(instance=instance))
        context = browser.new_context(base_url=site)
        page = context.new_page()
        sign_in(page)
        page.close()
        yield Stage(site, app, context)
        context.close()


def _say(session: Session, *, question_id: UUID, words: str) -> None:
    set_pronunciation(
        session,
        keyring=storage.current_keyring(),
        question_id=question_id,
        seen_version=get_question(session, question_id).version,
        words=words,
        actor=ED,
    )
