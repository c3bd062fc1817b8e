"""The database: one way to read, one way to write, and the keys of what is sealed."""

from webapp.storage.at_hand import current_keyring, current_settings, session_key
from webapp.storage.database import (
    AWAY,
    Unavailable,
    db,
    forget_erased,
    forget_order,
    init_app,
    is_migrated,
    keyring_of,
    let_others_write,
    migrate,
    read,
    settings_of,
    take_turn,
    turn,
    wait_no_longer_than,
    write,
)

__all__ = [
    "AWAY",
    "Unavailable",
    "current_keyring",
    "current_settings",
    "db",
    "forget_erased",
    "forget_order",
    "init_app",
    "is_migrated",
    "keyring_of",
    "let_others_write",
    "migrate",
    "read",
    "session_key",
    "settings_of",
    "take_turn",
    "turn",
    "wait_no_longer_than",
    "write",
]
