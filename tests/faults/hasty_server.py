"""The production server with little patience, so that a test need not wait for its limits.

Run as a command it takes the options of `postbag serve`, and reads `--port` alone.
"""

import sys

from webapp.operations import server
from webapp.storage import database, engines, silence
from webapp.web import connections, front
from webapp.web.front import Front

HEADER_SECONDS = 2
STUCK_SECONDS = 2
BODY_SECONDS = 6
LOCK_SECONDS = 2
ANSWER_SECONDS = 3
CONNECT_SECONDS = 2


def application() -> Front:
    """Return what the server's process runs."""
    connections.STUCK_SECONDS = STUCK_SECONDS
    front.BODY_SECONDS = BODY_SECONDS
    database.BUSY_MILLISECONDS = engines.BUSY_MILLISECONDS = LOCK_SECONDS * 1000
    silence.ANSWER_SECONDS = ANSWER_SECONDS
    silence.LIMITS["connect_timeout"] = CONNECT_SECONDS
    return server.application()


if __name__ == "__main__":
    server.HEADER_TIMEOUT_MS = HEADER_SECONDS * 1000
    port = int(sys.argv[sys.argv.index("--port") + 1])
    target = "tests.faults.hasty_server:application"
    server.make_server("127.0.0.1", port, 1, target=target).serve()
