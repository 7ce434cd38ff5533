"""`./packwalk up`: start in order, watch, restart what dies, stop in order."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from launcher import commands, demo_choice, log_files, orphans, processes, run_state, startup, steps, system
from launcher.commands import Stopped
from launcher.locks import Lock
from launcher.machine import STARTED_BY, STATE, UserError, echo
from launcher.restarts import Restarts
from launcher.starter import Starter
from launcher.system import BROKER, LOGS, POSTGRES, SERVICES

LOCK = "up"
_SAYS_WHAT_TAKES_LONG_AFTER_S = 15
_DELAYS = "PACKWALK_DELAY_STEPS"
_STOPPED_IN = (*reversed(SERVICES), BROKER, POSTGRES)  # nobody calls who is gone


def up(*, detach: bool) -> int:
    """Serve until Ctrl-C or SIGTERM; detached, return as soon as everything is ready."""
    port = system.port()
    lock = _lock_unless_it_runs()
    if lock is None:
        return 0
    try:
        orphans.kill(system.postgres())
        _refuse_a_taken_port(port)
        demo_choice.refuse_known_passwords()
        if not detach:
            return Supervisor(port).serve()
        return _detached(port)
    finally:
        lock.release()


def _lock_unless_it_runs() -> Lock | None:
    """Wait until nobody else starts or runs Packwalk. Returns None, and says where it is, when somebody does."""
    lock, said = Lock(LOCK), False
    while True:
        if there := run_state.ready():
            echo(f"Packwalk is running already: http://localhost:{there['ports']['gateway']}")
            lock.release()
            return None
        if lock.try_acquire():
            return lock
        if not said:
            echo("Packwalk is being started or stopped by somebody else; waiting for that")
            said = True
        time.sleep(0.1)


def _detached(port: int) -> int:
    """Go on in a process of its own, which keeps the lock, and show what it says until it is ready."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / "up.log"
    log.write_bytes(b"")
    sys.stdout.flush()
    child = os.fork()
    if child:
        return _follow(child, log)
    os.setsid()
    with log.open("ab") as words, Path(os.devnull).open("rb") as nothing:
        for file, into in ((nothing, 0), (words, 1), (words, 2)):
            os.dup2(file.fileno(), into)
    return Supervisor(port).serve()


def _follow(child: int, log: Path) -> int:
    with log.open() as words:
        try:
            while True:
                there, ended = run_state.ready(), os.waitpid(child, os.WNOHANG) != (0, 0)
                print(words.read(), end="", flush=True)
                if ended:
                    raise UserError(f"Packwalk did not start. All that it said is in {log}")
                if there and there["processes"]["supervisor"][0] == child:
                    return 0
                time.sleep(0.05)
        except KeyboardInterrupt:
            os.kill(child, signal.SIGTERM)
            os.waitpid(child, 0)
            print(words.read(), end="", flush=True)
            raise


class Supervisor:
    """Starts everything, keeps it running, and stops it. Whoever makes one holds the lock."""

    def __init__(self, port: int) -> None:
        self._ending = threading.Event()
        self._starter = Starter(port, self._ending)
        self._restarts = {name: Restarts() for name in _STOPPED_IN}
        self._ready = False

    def serve(self) -> int:
        """Serve until somebody asks us to stop. Returns the exit status; UserError names the step that failed."""
        for ends in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(ends, self._end)
        # By this mark the next `up` finds what we left behind, should we be killed.
        os.environ[STARTED_BY] = str(STATE)
        log_files.rotate()
        try:
            self._start()
            while not self._ending.wait(0.2):
                self._watch(time.monotonic())
                log_files.rotate_large()
        except Stopped:
            echo("Stopped before it was ready")
            return 1
        finally:
            self._stop()
        return 0

    def _end(self, *_: Any) -> None:
        if not self._ending.is_set() and sys.stdout.isatty():
            echo("\nStopping")
        self._ending.set()

    def _start(self) -> None:
        steps.run(
            startup.steps(self._starter),
            stopping=self._ending,
            changed=self._save_state,
            interrupt=commands.stop_all,
            delays=_delays(),
        )
        self._ready = True
        self._save_state()
        echo(demo_choice.welcome(self._starter.port))

    def _watch(self, now: float) -> None:
        for name, restarts in self._restarts.items():
            child = self._starter.running.get(name)
            if child is None or child.poll() is None:
                continue
            if restarts.due_at is None:
                pause = restarts.died(now)
                echo(f"{name} ended ({child.returncode}); starting it again in {pause} s")
            elif now >= restarts.due_at:
                self._starter.running[name] = self._starter.again[name]()
                restarts.started(now)
                self._save_state()

    def _stop(self) -> None:
        self._ready = False
        self._save_state()
        for name in _STOPPED_IN:
            if child := self._starter.running.get(name):
                _stop_in_order(name, child)
        orphans.kill(system.postgres())
        run_state.remove()

    def _save_state(self, under_way: Sequence[str] = ()) -> None:
        pids = {"supervisor": os.getpid(), **{name: child.pid for name, child in dict(self._starter.running).items()}}
        run_state.write(
            {
                "ready": self._ready,
                "under_way": list(under_way),
                "ports": {
                    **self._starter.ports,
                    "gateway": self._starter.port,
                    "postgres": self._starter.postgres_port,
                },
                "kafka": self._starter.kafka,
                "processes": {name: processes.identity(pid) for name, pid in pids.items()},
                "restarts": {name: restarts.deaths for name, restarts in self._restarts.items()},
            }
        )


def _stop_in_order(name: str, child: "subprocess.Popen[bytes]") -> None:
    if child.poll() is not None:
        return
    # Postgres takes SIGTERM as "when everybody has left", SIGINT as "now, in order".
    child.send_signal(signal.SIGINT if name == POSTGRES else signal.SIGTERM)
    try:
        child.wait(_SAYS_WHAT_TAKES_LONG_AFTER_S)
    except subprocess.TimeoutExpired:
        echo(f"Still waiting for {name} to end; it is killed if it hangs")
        processes.wait_or_kill(child)


def _delays() -> str | None:
    """Return the seed that steps are delayed by, None where nobody asked for delays."""
    seed = os.environ.get(_DELAYS)
    if seed is None:
        return None
    seed = seed or str(random.randrange(10**6))  # noqa: S311 - no secret
    echo(f"Steps are delayed at random; {_DELAYS}={seed} delays them so again")
    return seed


def _refuse_a_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise UserError(f"Port {port} needs root. Choose another: PACKWALK_PORT=8080 ./packwalk up") from error
        except OSError as error:
            other = f"PACKWALK_PORT={port + 1} ./packwalk up"
            raise UserError(
                f"Port {port} is taken by another program. Stop that, or choose another: {other}"
            ) from error
