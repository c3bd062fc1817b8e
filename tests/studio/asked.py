"""A chosen question and the episode that is started from it, for tests of what is printed."""

from uuid import UUID

from tests.moderation.clustering import EDITH, add, move, stands
from webapp import storage
from webapp.episodes.models import BundleFile, Episode
from webapp.questions import services
from webapp.questions.editing import set_texts
from webapp.studio.starting import start_episode

WORDS = "Does anybody else hear the quarrelling neighbours when it rains?"


def chosen(**changes: object) -> UUID:
    """Add a question and put it on the shortlist."""
    question = add(**changes)
    move(question, "shortlisted")
    return question


def write(question: UUID, *, air: str = "", web: str = "") -> None:
    """Write a question's edited texts, and make it ready."""
    storage.write(
        set_texts,
        keyring=storage.current_keyring(),
        question_id=question,
        seen_version=stands(question).version,
        actor=EDITH,
        air_text=air,
        web_text=web,
    )
    if stands(question).state == "shortlisted" and (air or web).strip():
        storage.write(
            services.move,
            question_id=question,
            to="ready",
            seen_version=stands(question).version,
            actor=EDITH,
        )


def start(question: UUID, *, web: str = WORDS) -> int:
    """Write a web text and start a draft from a question; return the draft's id."""
    if web:
        write(question, web=web)
    started = storage.write(
        start_episode,
        question_id=question,
        seen_version=stands(question).version,
        actor=EDITH,
        title="Rain",
        season=1,
    )
    return started.episode_id


def episode_of(episode_id: int) -> Episode:
    """Return an episode as it stands now."""
    storage.read().rollback()
    return storage.read().get_one(Episode, episode_id, populate_existing=True)


def file_of(episode_id: int) -> str:
    """Return an episode's index.md as it stands now."""
    path = f"episodes/{episode_of(episode_id).slug}/index.md"
    return storage.read().get_one(BundleFile, path, populate_existing=True).text
