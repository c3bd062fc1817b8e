"""A migration that is killed: `python -m tests.faults.migrating FROM STATEMENT ...`.

Each time the database is taken back to a revision, a process migrates it and kills itself before
the named of its statements, and another finishes. It prints, for each, how the first one ended.
"""

import os
import signal
import sys
from collections.abc import Callable
from itertools import count

from sqlalchemy import event

from webapp import create_app, storage
from webapp.settings import Settings
from webapp.storage.database import alembic


def apart(act: Callable[[], None]) -> int:
    """Do something in a process of its own, and return how it ended."""
    if process := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    try:
        with create_app(Settings.load()).app_context():
            act()
    except BaseException:  # noqa: BLE001 - it is told of, and ends this process alone
        sys.excepthook(*sys.exc_info())
        os._exit(1)
    os._exit(0)


def migrate_until(statement: int) -> None:
    """Migrate, and be killed before a statement."""
    numbers = count(1)

    def look(*_about: object) -> None:
        if next(numbers) == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(storage.db.engine, "before_cursor_execute", look)
    storage.migrate()


def main(first: str, statements: list[int]) -> None:
    """Kill one migration after the other, and finish each."""
    for statement in statements:
        assert apart(lambda: alembic.downgrade(first)) == 0, "it does not go back"
        killed = apart(lambda: migrate_until(statement))  # noqa: B023 - it is over at once
        finished = apart(storage.migrate)
        print(statement, killed, finished, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], [int(each) for each in sys.argv[2:]])
