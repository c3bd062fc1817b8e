"""Which of several workers does the work: one at a time, and another soon after it has ended.

The lock is held by an open file or connection, so that it ends with its holder, however that ends.
"""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import IO, Protocol

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

LOCK = 0x706F7374_62616700  # "postbag" in ASCII; advisory locks of PostgreSQL have 64-bit names

# After its machine has lost power or network, the server still keeps a session open until a probe
# has found out: here within 25 seconds instead of two hours.
PROBES = (
    "SET tcp_keepalives_idle = 10",
    "SET tcp_keepalives_interval = 5",
    "SET tcp_keepalives_count = 3",
)


class Election(Protocol):
    """A place that one worker holds."""

    def is_won(self) -> bool:
        """Return whether this worker holds the place, and take it if it is free."""

    def resign(self) -> None:
        """Leave the place to others."""


class FileElection:
    """For SQLite, whose workers share a folder: who has locked a file in it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def is_won(self) -> bool:
        """Return whether this worker holds the file. Raises OSError if there can be none.

        One that was put away meanwhile, with its folder or alone, says nothing any more: others
        lock the one that is there now.
        """
        if self._file is not None and not self._is_there():
            self.resign()
        if self._file is None:
            file = self._path.open("ab")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.close()
                return False
            self._file = file
        return True

    def resign(self) -> None:
        """Close the file, which frees it."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _is_there(self) -> bool:
        try:
            return self._file is not None and os.path.samestat(
                os.fstat(self._file.fileno()), self._path.stat()
            )
        except FileNotFoundError:
            return False


class PostgresElection:
    """For PostgreSQL: whose session has an advisory lock.

    A pooler in between must give each client a session of its own.
    Source: https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    def is_won(self) -> bool:
        """Return whether this worker holds the lock. Raises OperationalError if nobody can know."""
        try:
            if self._connection is None:
                return self._stand()
            self._connection.execute(text("SELECT 1"))
        except BaseException:
            self.resign()
            raise
        return True

    def resign(self) -> None:
        """Free the lock, and end the session, which would free it too, but a moment later."""
        if self._connection is not None:
            with suppress(SQLAlchemyError):
                self._connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
            self._connection.close()
            self._connection = None

    def _stand(self) -> bool:
        engine = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._connection = engine.connect()
        self._connection.detach()  # a session of its own, which the pool gives to nobody else
        for probe in PROBES:
            self._connection.execute(text(probe))
        won = self._connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LOCK})
        if not won:
            self.resign()
        return bool(won)


def election_for(engine: Engine, folder: Path) -> Election:
    """Return the election that suits a database; `folder` is the instance's."""
    if engine.dialect.name == "postgresql":
        return PostgresElection(engine)
    return FileElection(folder / "worker.lock")
