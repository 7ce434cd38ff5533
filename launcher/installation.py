"""An installation of a test's own: this checkout's programs, with state, ports and processes apart from everybody else's."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from chassis.testing import HANG_S, free_port
from launcher import machine, processes, run_state
from launcher.machine import ROOT, STARTED_BY

# What a shell starts in the background ignores Ctrl-C, and so does all that it starts: tests may be among that.
_ELSEWHERE = """
import signal, sys
from pathlib import Path
from launcher import machine
signal.signal(signal.SIGINT, signal.default_int_handler)
machine.STATE = Path(sys.argv[1])
from launcher.verbs import main
sys.exit(main(sys.argv[2:]))
"""


class Installation:
    """Verbs of `./packwalk` with another folder in the place of .packwalk."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.port = free_port()
        self._said: dict[int, int] = {}
        # What is installed is everybody's.
        (state / "kafka-jars").symlink_to(machine.STATE / "kafka-jars")

    def verb(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a verb to its end."""
        process = self.start(*words, **environment)
        process.wait(timeout=HANG_S)
        return subprocess.CompletedProcess(words, process.returncode, self.said(process))

    def start(self, *words: str, **environment: str) -> "subprocess.Popen[bytes]":
        """Start a verb."""
        inherited = {name: value for name, value in os.environ.items() if name != "KAFKA_BOOTSTRAP_SERVERS"}
        env = {**inherited, "PACKWALK_PORT": str(self.port), **environment}
        command = [sys.executable, "-c", _ELSEWHERE, str(self.state), *words]
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=said, stderr=said, start_new_session=True)
            self._said[process.pid] = os.dup(said.fileno())
        return process

    def said(self, process: "subprocess.Popen[bytes]") -> str:
        """Return all that a verb has printed until now."""
        file = self._said[process.pid]
        return os.pread(file, os.fstat(file).st_size, 0).decode()

    def close(self) -> None:
        """Forget what verbs printed."""
        for file in self._said.values():
            os.close(file)

    def run_state(self) -> dict[str, Any]:
        """Return the state that is on file; nothing before the first."""
        return run_state.read(self.state / "run.json") or {}

    def superuser_url(self) -> str:
        """Return the address of its database server, as the superuser."""
        password = json.loads((self.state / "secrets.json").read_text())["postgres"]
        return f"postgresql://postgres:{password}@127.0.0.1:{self.run_state()['ports']['postgres']}/postgres"

    def under_way(self, step: str) -> bool:
        """Whether a step is under way."""
        return step in self.run_state().get("under_way", ())

    def started(self) -> list[list[int]]:
        """List the processes of it that live."""
        return processes.with_environment(STARTED_BY, str(self.state)) + processes.with_working_directory(
            self.state / "postgres" / "data"
        )

    def kill_everything(self) -> None:
        """End all of it as a power cut would."""
        for process in self.started():
            processes.send_signal(process, signal.SIGKILL)


@contextmanager
def installed() -> Iterator[Installation]:
    """Yield an installation that has never been started; nothing of it is left afterwards."""
    state = Path(tempfile.mkdtemp(prefix="packwalk-start-"))
    state.chmod(0o755)  # Postgres may be somebody else's process
    made = Installation(state)
    try:
        yield made
    finally:
        made.verb("down")
        made.close()
        shutil.rmtree(state, ignore_errors=True)


def wait_for(condition: Callable[[], bool], process: "subprocess.Popen[bytes] | None" = None) -> None:
    """Wait for a condition. Raises AssertionError when a process ends without it."""
    ends_at = time.monotonic() + HANG_S
    while not condition():
        assert process is None or process.poll() is None, f"it ended ({process.returncode})"
        assert time.monotonic() < ends_at, "it hangs"
        threading.Event().wait(0.005)
