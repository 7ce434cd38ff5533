"""A service as operators run it: a process of its own, which can be killed and started again where it was."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import httpx

from chassis.testing import response_checks
from chassis.testing.serving import free_port
from chassis.testing.waiting import HANG_S, eventually


class Process:
    """`python -m <module> serve` on a free port. settings: its environment, beside this process's own.

    log: where its lines go; they are thrown away when it is None. `url` says where it answers, before it is started too.
    """

    def __init__(self, module: str, settings: dict[str, str], log: Path | None = None, port: int = 0) -> None:
        self.module = module
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = log
        self._environment = {**os.environ, "HOST": "127.0.0.1", "PORT": str(self.port), **settings}
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; `wait_until_ready` says when it answers."""
        response_checks.answers_for(self.module, self.port)
        command = [sys.executable, "-m", self.module, "serve"]
        with (self.log or Path(os.devnull)).open("ab") as written:
            self._running = subprocess.Popen(command, env=self._environment, stdout=written, stderr=written)  # noqa: S603 - our own module

    @property
    def pid(self) -> int:
        """Its process id. Raises RuntimeError when it was never started."""
        if self._running is None:
            raise RuntimeError(f"{self.module} was not started")
        return self._running.pid

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._running is not None and self._running.poll() is None

    def kill(self) -> None:
        """End it in the middle of whatever it does, as a power cut would."""
        if self._running:
            self._running.kill()
            self._running.wait(HANG_S)
        response_checks.answers_no_more(self.port)

    def stop(self) -> None:
        """End it in order. Raises AssertionError when that ends in an error."""
        if self._running and self.alive:
            self._running.terminate()
            # uvicorn shuts down, then ends by the signal.
            assert self._running.wait(HANG_S) in (0, -signal.SIGTERM)
        response_checks.answers_no_more(self.port)

    def text(self) -> str:
        """Return the whole log."""
        return self.log.read_text() if self.log else ""

    def wait_until_ready(self) -> None:
        """Wait until it can work. Raises RuntimeError with the end of its log when it does not come up."""
        eventually(lambda: self._ready() or not self.alive, f"{self.module} becomes ready")
        if not self.alive:
            raise RuntimeError(f"{self.module} did not become ready:\n{self.text()[-2000:]}")

    def _ready(self) -> bool:
        with suppress(httpx.TransportError):
            return httpx.get(f"{self.url}/readyz", timeout=HANG_S).is_success
        return False
