"""PostgreSQL that says nothing: a visitor is told so within seconds, and not each one anew.

A server that hangs refuses nothing, and a network that loses all says nothing of it: the system
would wait for a quarter of an hour. An operator's command has time: what it asks for may be silent
for long, so only the system's own probes end its connections, after a minute.
"""

import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from flask import has_request_context
from sqlalchemy import Engine, event

if TYPE_CHECKING:
    from psycopg import Connection  # the extra `scale`

    Base = Connection[Any]
else:
    Base = object

ANSWER_SECONDS = 7  # without a byte, while a visitor waits; a lock is waited for less long
CANCEL_SECONDS = 1
REST_SECONDS = 1  # between two tries to reach one that is silent
# Of libpq (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS).
LIMITS = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "tcp_user_timeout": 60_000,  # milliseconds, for probes as for what was sent
}

T = TypeVar("T")
Waiting = Generator[Any, Any, T]  # what a step of the driver waits for, and what came of it


class Silent(Exception):  # noqa: N818 - reads as the sentence that it is
    """PostgreSQL has not said anything for too long."""


class Silence:
    """Whether PostgreSQL is silent. Then one at a time tries to reach it; others are told at once.

    It may be used from many threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_silent = self._is_tried = False
        self._rests_until = 0.0

    @contextmanager
    def trying(self) -> Iterator[None]:
        """Let somebody connect, and see how that goes. Raises Silent for whom it is not tried."""
        began = time.monotonic()
        with self._lock:
            if self._is_silent and (self._is_tried or began < self._rests_until):
                raise Silent
            self._is_tried = True
        is_slow = False
        try:
            yield
        except BaseException:
            is_slow = time.monotonic() - began > REST_SECONDS  # else it speaks, and says no
            raise
        finally:
            self._is_tried = False
            self.note(is_silent=is_slow)

    def note(self, *, is_silent: bool) -> None:
        """Note what somebody has found."""
        with self._lock:
            self._is_silent = is_silent
            self._rests_until = time.monotonic() + REST_SECONDS


class Listening(Base):
    """What a connection of psycopg's also does: it waits no longer than a visitor should."""

    silence: Silence
    driver: Any
    is_hasty = False  # a visitor waits for what is asked

    def wait(self, gen: Waiting[T], *args: Any, **kwargs: Any) -> T:
        """Do a step of the driver's. Raises OperationalError, and is closed, after a silence."""
        if not self.is_hasty:
            return super().wait(gen, *args, **kwargs)
        try:
            return super().wait(_within(gen, ANSWER_SECONDS), *args, **kwargs)
        except Silent:
            self._give_up()
            raise self.driver.OperationalError("PostgreSQL is silent") from None

    def _give_up(self) -> None:
        """Have the server end what it may be doing; one that does not even take that is silent."""
        if self.driver.capabilities.has_cancel_safe():  # older ones might wait without an end
            try:
                self.cancel_safe(timeout=CANCEL_SECONDS)
            except self.driver.Error:
                self.silence.note(is_silent=True)
        with suppress(self.driver.Error):
            self.close()


def _within(gen: Waiting[T], seconds: float) -> Waiting[T]:
    """Pass on what a step waits for. Raises Silent when nothing has come for so many seconds."""
    heard = time.monotonic()
    try:
        wanted = next(gen)
        while True:
            ready = yield wanted
            if ready:
                heard = time.monotonic()
            elif time.monotonic() - heard > seconds:
                raise Silent
            wanted = gen.send(ready)
    except StopIteration as done:
        answer: T = done.value
        return answer


def limit(engine: Engine) -> None:
    """Have nobody wait for a silent PostgreSQL during a request for longer than a few seconds."""
    driver: Any = engine.dialect.loaded_dbapi
    silence = Silence()
    kind: Any = type(
        "Connection", (Listening, driver.Connection), {"silence": silence, "driver": driver}
    )

    def connect(_dialect: object, _record: object, args: Any, params: Any) -> Any:
        try:
            with silence.trying():
                connection = kind.connect(*args, **params)
        except Silent:
            raise driver.OperationalError("PostgreSQL was silent a moment ago") from None
        connection.is_hasty = has_request_context()
        return connection

    def check_out(connection: Any, _record: object, _proxy: object) -> None:
        # Until it is given back: a request is over when its connection is told to roll back.
        connection.is_hasty = has_request_context()

    event.listen(engine, "do_connect", connect)
    event.listen(engine, "checkout", check_out)
