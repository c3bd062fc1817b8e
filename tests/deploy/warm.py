"""A `postbag` that has read its code already: what somebody types starts at once.

One process imports the command, and forks for each call, which gets the caller's folder,
environment and streams. Run with a path it listens there; `CALL` is the command that asks it.
"""

import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path

LOOK_SECONDS = 2.0

CALL = """#!{python} -IS
import json, os, socket, sys
asking = socket.socket(socket.AF_UNIX)
asking.connect({path!r})
said = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
socket.send_fds(asking, [b"%9d" % len(said)], [0, 1, 2])
asking.sendall(said)
sys.exit(int(asking.recv(9) or b"1"))
"""


def listen(path: str) -> None:
    """Answer calls until this process is ended, or whoever started it has ended."""
    from webapp import cli  # noqa: PLC0415 - the whole application: not for who imports CALL

    starter = os.getppid()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{path}.new")
        listening.listen()
        Path(f"{path}.new").rename(path)
        while os.getppid() == starter:
            if not select.select([listening], [], [], LOOK_SECONDS)[0]:
                continue
            connection, _ = listening.accept()
            with connection:
                if os.fork() == 0:
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    answer(connection, cli.main)


def answer(connection: socket.socket, command: object) -> None:
    """Run the command as its caller would, tell them how it ended, and end."""
    length, streams, _flags, _address = socket.recv_fds(connection, 9, 3)
    said = b""
    while len(said) < int(length):
        said += connection.recv(65_536)
    words, folder, environment = json.loads(said)
    for place, stream in enumerate(streams):
        os.dup2(stream, place)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["postbag", *words]
    code: object = 1
    try:
        command()  # type: ignore[operator]
    except SystemExit as end:
        code = end.code or 0
    except BaseException:  # noqa: BLE001 - as the interpreter does
        sys.excepthook(*sys.exc_info())
    finally:
        with suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
            connection.sendall(str(code).encode())
        os._exit(0)


if __name__ == "__main__":
    listen(sys.argv[1])
