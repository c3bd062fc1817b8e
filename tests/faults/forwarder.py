"""What stands between a site and its database, and can be cut: a PostgreSQL that is stopped."""

import socket
import threading
from contextlib import suppress

HOST = "127.0.0.1"


class Forwarder:
    """Passes on what comes to a port of its own; cut, it is as if nobody were there.

    On hold it takes connections and what comes on them, and passes nothing on. `to` is where: a
    host and a port, or the path of a socket.
    """

    def __init__(self, to: tuple[str, int] | str) -> None:
        self._to = to
        self._passes = threading.Event()
        self._passes.set()
        self._pairs: list[socket.socket] = []
        self._listening = socket.create_server((HOST, 0))
        self.port = int(self._listening.getsockname()[1])
        self._serve()

    def _serve(self) -> None:
        threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def cut(self) -> None:
        """End all connections, and refuse new ones."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for one in self._pairs:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._pairs.clear()

    def mend(self) -> None:
        """Take connections again."""
        self._listening = socket.create_server((HOST, self.port))
        self._serve()

    def hold(self) -> None:
        """Pass nothing on, either way, as a server that hangs or a network that loses all."""
        self._passes.clear()

    def go_on(self) -> None:
        """Pass on what has come meanwhile, and all that comes."""
        self._passes.set()

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                here, _ = listening.accept()
                threading.Thread(target=self._carry, args=(here,), daemon=True).start()

    def _carry(self, here: socket.socket) -> None:
        with here, suppress(OSError), self._reach() as there:
            self._pairs += [here, there]
            back = threading.Thread(target=self._pass_on, args=(there, here), daemon=True)
            back.start()
            self._pass_on(here, there)
            back.join()

    def _reach(self) -> socket.socket:
        if isinstance(self._to, tuple):
            return socket.create_connection(self._to)
        there = socket.socket(socket.AF_UNIX)
        there.connect(self._to)
        return there

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65_536):
                self._passes.wait()
                other.sendall(data)
        self._passes.wait()
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
