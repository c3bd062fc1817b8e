"""What is said of an episode before it is published, for tests."""

from tests.studio.made import look_up
from webapp import storage
from webapp.studio.preflight.check import Check
from webapp.studio.queries import get_facts


def checks(episode_id: int) -> dict[str, Check]:
    """Return all that is looked at, by its key."""
    look_up(episode_id)
    settings = storage.current_settings()
    facts = get_facts(storage.read(), storage.current_keyring(), settings, episode_id)
    return {each.key: each for each in facts.checks}


def missing(episode_id: int) -> set[str]:
    """Return the keys of what is missing."""
    return {key for key, each in checks(episode_id).items() if not each.is_done}


def serious(episode_id: int) -> set[str]:
    """Return the keys of what takes a tick."""
    return {key for key, each in checks(episode_id).items() if each.asks}
