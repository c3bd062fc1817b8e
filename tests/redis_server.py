"""A Redis of the tests' own, which they may stop: the system's, if it has one."""

import shutil
import signal
import subprocess
from pathlib import Path

import redis

from tests.left_out import leave_out
from tests.serving import free_port

REDIS = shutil.which("redis-server")


class RedisServer:
    """A server on a free port that keeps nothing on disk."""

    def __init__(self, folder: Path) -> None:
        if REDIS is None:
            leave_out("there is no redis-server on this machine", unless="TEST_REDIS")
        self._folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.client = redis.Redis(port=self.port)
        self.start()

    def start(self) -> None:
        assert REDIS
        at = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self._folder)]
        quiet = ["--save", "", "--appendonly", "no", "--logfile", "redis.log"]
        self._process = subprocess.Popen([REDIS, *at, *quiet])
        for _ in range(10_000):
            try:
                self.client.ping()
            except redis.ConnectionError:
                assert self._process.poll() is None, (self._folder / "redis.log").read_text()
            else:
                return
        raise AssertionError("redis-server does not answer")

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def hang(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        self._process.send_signal(signal.SIGCONT)
