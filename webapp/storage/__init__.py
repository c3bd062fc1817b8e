"""The database: one way to read, one way to write, and the keys of what is sealed."""

from webapp.storage.database import (
    AWAY,
    Unavailable,
    current_keyring,
    current_settings,
    db,
    forget_erased,
    forget_order,
    init_app,
    is_migrated,
    migrate,
    read,
    session_key,
    settings_of,
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
    "migrate",
    "read",
    "session_key",
    "settings_of",
    "write",
]
