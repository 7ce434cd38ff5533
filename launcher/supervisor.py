"""`./packwalk up`: start in order, watch, restart what dies, stop in order. Also `down`, `status` and `logs`."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from launcher import demo, processes, system
from launcher.cluster import free_port
from launcher.machine import ROOT, STATE, Trouble, say
from launcher.system import BROKER, LOGS, SERVICES, System

_RECORD = STATE / "run.json"
_READY_WITHIN_S = 60
_STOP_WITHIN_S = 15
_RESTART_AFTER_S = (0.5, 1, 2, 5, 10)
_STOPPED_IN = (*reversed(SERVICES), BROKER)  # nobody calls who is gone


def up(*, detach: bool) -> int:
    """Serve until Ctrl-C or SIGTERM; detached, return as soon as everything is ready."""
    port = system.port()
    if record := running():
        say(f"Packwalk is running already: http://localhost:{record['ports']['gateway']}")
        return 0
    _clean_up()
    _refuse_a_taken_port(port)
    system.prepare()
    if detach:
        return _detached(port)
    return _Supervisor(port).serve()


def _detached(port: int) -> int:
    LOGS.mkdir(parents=True, exist_ok=True)
    words = LOGS / "up.log"
    with words.open("wb") as log:
        child = subprocess.Popen(
            [sys.executable, ROOT / "packwalk", "up"], cwd=ROOT, stdout=log, stderr=log, start_new_session=True
        )
    while child.poll() is None:
        record = running()
        if record and record.get("ready"):
            say(words.read_text().strip())
            return 0
        time.sleep(0.1)
    raise Trouble(f"It did not start on port {port}:\n{words.read_text().strip()}")


class _Supervisor:
    def __init__(self, port: int) -> None:
        self.ports = {"gateway": port, **{name: free_port() for name in SERVICES if name != "gateway"}}
        self.system = System()
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.deaths: dict[str, int] = dict.fromkeys(_STOPPED_IN, 0)
        self.ending = False

    def serve(self) -> int:
        for ends in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(ends, self._end)
        try:
            self._start()
            while not self.ending:
                self._watch()
                time.sleep(0.2)
        finally:
            self._stop()
        return 0

    def _end(self, *_: Any) -> None:
        if not self.ending and sys.stdout.isatty():
            say("\nStopping")
        self.ending = True

    def _start(self) -> None:
        self._record(ready=False)
        say("Starting the database and the broker")
        system.rotate_logs()
        self.system.make_broker()
        if self.system.broker:
            self.children[BROKER] = self.system.broker.launch()
        self.system.start_database()
        self._record(ready=False)
        self.system.prepare(self.ports)
        for service in SERVICES:
            self.children[service] = self.system.launch(service, self.ports)
        self._record(ready=False)
        for service in SERVICES:
            self._wait_until_ready(service)
        if not self.ending:
            made = self.system.cluster.home / "demo-made"  # with the data: whoever takes these away gets the demo anew
            if not made.exists():
                demo.make(f"http://127.0.0.1:{self.ports['gateway']}")
                made.touch()
            self._record(ready=True)
            say(demo.welcome(self.ports["gateway"]))

    def _wait_until_ready(self, service: str) -> None:
        ends_at = time.monotonic() + _READY_WITHIN_S
        while not self.ending and not _answers(f"http://127.0.0.1:{self.ports[service]}/readyz"):
            if self.children[service].poll() is not None or time.monotonic() > ends_at:
                raise Trouble(f"{service} does not start. Its last words:\n{_tail(LOGS / f'{service}.log')}")
            time.sleep(0.05)

    def _watch(self) -> None:
        for service, child in self.children.items():
            if child.poll() is None or self.ending:
                continue
            pause = _RESTART_AFTER_S[min(self.deaths[service], len(_RESTART_AFTER_S) - 1)]
            self.deaths[service] += 1
            say(f"{service} ended ({child.returncode}); starting it again in {pause} s")
            _wait(pause, lambda: self.ending)
            self.children[service] = self.system.launch(service, self.ports)
            self._record(ready=True)

    def _stop(self) -> None:
        for service in _STOPPED_IN:
            child = self.children.get(service)
            if child is None or child.poll() is not None:
                continue
            child.terminate()
            try:
                child.wait(_STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self.system.cluster.stop()
        _RECORD.unlink(missing_ok=True)

    def _record(self, *, ready: bool) -> None:
        pids = {"supervisor": os.getpid(), **{name: child.pid for name, child in self.children.items()}}
        record = {
            "ready": ready,
            "ports": {**self.ports, "postgres": self.system.postgres_port},
            "kafka": self.system.kafka,
            "processes": {name: processes.identity(pid) for name, pid in pids.items()},
            "restarts": self.deaths,
        }
        draft = _RECORD.with_suffix(".new")
        draft.write_text(json.dumps(record))
        draft.rename(_RECORD)


def down() -> int:
    """Stop what runs, in order; also what a killed supervisor left behind."""
    record = _read()
    supervisor = record and record["processes"].get("supervisor")
    if supervisor and processes.alive(supervisor):
        processes.send(supervisor, signal.SIGTERM)
        _wait(2 * _STOP_WITHIN_S + 10, lambda: not processes.alive(supervisor))
    _clean_up()
    say("Packwalk is stopped")
    return 0


def status() -> int:
    """Say what runs and whether it is well. Returns 0 when everything is."""
    record = running()
    if record is None:
        say("Packwalk is not running; ./packwalk up starts it")
        return 1
    well = True
    for service in SERVICES:
        port = record["ports"][service]
        good = _answers(f"http://127.0.0.1:{port}/readyz")
        restarts = record["restarts"].get(service, 0)
        said = f", restarted {restarts} times" if restarts else ""
        say(f"{service:<10} port {port:<6} {'ready' if good else 'NOT READY'}{said}")
        well = well and good
    say(f"{'postgres':<10} port {record['ports']['postgres']}")
    say(f"{BROKER:<10} {record['kafka']}")
    return 0 if well else 1


def logs(service: str | None, *, follow: bool) -> int:
    """Show the logs of one service or all."""
    everybody = (*SERVICES, BROKER)
    files = [LOGS / f"{name}.log" for name in _chosen(service, everybody)]
    there = [str(file) for file in files if file.exists()]
    if not there:
        raise Trouble("There are no logs yet; ./packwalk up makes some.")
    return subprocess.run(["tail", "-n", "200", *(["-F"] if follow else []), *there], check=False).returncode


def _chosen(one: str | None, of: Sequence[str]) -> Sequence[str]:
    if one and one not in of:
        raise Trouble(f"There is no service '{one}'; there are {', '.join(of)}.")
    return [one] if one else of


def make_demo() -> int:
    """Make the demo in the system that runs."""
    record = running()
    if record is None:
        raise Trouble("Packwalk is not running; ./packwalk up starts it.")
    demo.make(f"http://127.0.0.1:{record['ports']['gateway']}")
    say(demo.welcome(record["ports"]["gateway"]))
    return 0


def events(verb: str, service: str | None, rest: Sequence[str]) -> int:
    """Run a verb of events for one service, or for all."""
    record = running()
    if record is None:
        raise Trouble("Packwalk is not running; ./packwalk up starts it.")
    names = _chosen(service, SERVICES)
    installed = System()
    installed.postgres_port, installed.kafka = record["ports"]["postgres"], record["kafka"]
    worst = 0
    for name in names:
        command, env = system.command(name, "events", verb, *rest), installed.environment_of(name, record["ports"])
        worst = max(worst, subprocess.run(command, cwd=ROOT, env=env, check=False).returncode)
    return worst


def reset() -> int:
    """Stop, and remove all data; what is installed stays."""
    down()
    for data in (system.home_of_postgres(), STATE / "kafka"):
        shutil.rmtree(data, ignore_errors=True)
    for file in ("secrets.json", *(f"{service}.key" for service in system.SIGNING)):
        (STATE / file).unlink(missing_ok=True)
    say("All data is gone; ./packwalk up begins anew")
    return 0


def running() -> dict[str, Any] | None:
    """Return what is on record of the system that runs, None when none does."""
    record = _read()
    return record if record and processes.alive(record["processes"]["supervisor"]) else None


def _read() -> dict[str, Any] | None:
    try:
        return dict(json.loads(_RECORD.read_text()))
    except (FileNotFoundError, ValueError):
        return None


def _clean_up() -> None:
    # Only what we recorded, and only if it is still the process that we started.
    record = _read()
    for name in _STOPPED_IN:
        left = record and record["processes"].get(name)
        if left and processes.alive(left):
            processes.send(left, signal.SIGKILL)
    cluster = System().cluster
    if cluster.running():
        cluster.stop()
    _RECORD.unlink(missing_ok=True)


def _refuse_a_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise Trouble(f"Port {port} needs root. Choose another: PACKWALK_PORT=8080 ./packwalk up") from error
        except OSError as error:
            other = f"PACKWALK_PORT={port + 1} ./packwalk up"
            raise Trouble(f"Port {port} is taken by another program. Stop that, or choose another: {other}") from error


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own address
            return int(answer.status) == 200
    except (urllib.error.URLError, OSError):
        return False


def _tail(file: Path) -> str:
    return "\n".join(file.read_text(errors="replace").splitlines()[-12:]) if file.exists() else "(none)"


def _wait(seconds: float, done: Callable[[], bool]) -> None:
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at and not done():
        time.sleep(0.05)
