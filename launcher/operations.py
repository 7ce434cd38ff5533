"""Verbs about the system that runs: `down`, `status`, `logs`, `demo`, `events`, `reset`."""

import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from typing import Any

from launcher import demo, demo_choice, environment, log_files, orphans, processes, run_state, system
from launcher.locks import Lock
from launcher.machine import HANG_S, ROOT, STATE, UserError, echo
from launcher.starter import answers
from launcher.supervisor import LOCK
from launcher.system import BROKER, LOGS, POSTGRES, SERVICES

_DOWN_WITHIN_S = (len(SERVICES) + 3) * HANG_S


def down() -> int:
    """Stop what runs, in order; also what a killed supervisor left behind."""
    lock = _stopped()
    lock.release()
    echo("Packwalk is stopped")
    return 0


def _stopped() -> Lock:
    """Stop everything. Returns the lock, which keeps it so."""
    lock, ends_at = Lock(LOCK), time.monotonic() + _DOWN_WITHIN_S
    while not lock.try_acquire():
        supervisor = (run_state.read() or {}).get("processes", {}).get("supervisor")
        if supervisor:
            processes.send_signal(supervisor, signal.SIGKILL if time.monotonic() > ends_at else signal.SIGTERM)
        time.sleep(0.1)
    orphans.kill(system.postgres())
    run_state.remove()
    return lock


def status() -> int:
    """Say what runs and whether it is well. Returns 0 when everything is."""
    there = run_state.running()
    if there is None:
        echo("Packwalk is not running; ./packwalk up starts it")
        return 1
    if not there["ready"]:
        echo(f"Packwalk is being started or stopped; under way: {', '.join(there['under_way']) or 'nothing'}")
        return 1
    well = [
        _said_of(service, there, answers(f"http://127.0.0.1:{there['ports'][service]}/readyz")) for service in SERVICES
    ]
    well += [
        _said_of(part, there, processes.alive(there["processes"][part]))
        for part in (POSTGRES, BROKER)
        if part in there["processes"]
    ]
    return 0 if all(well) else 1


def _said_of(part: str, there: Mapping[str, Any], good: bool) -> bool:
    restarts = there["restarts"][part]
    where = there["kafka"] if part == BROKER else f"port {there['ports'][part]}"
    echo(f"{part:<10} {where:<17} {'ready' if good else 'NOT READY'}{restarted(restarts)}")
    return good


def restarted(times: int) -> str:
    """How often a part was started again, in words; nothing where it never was."""
    if not times:
        return ""
    return ", restarted once" if times == 1 else f", restarted {times} times"


def logs(service: str | None, *, follow: bool) -> int:
    """Show the logs of one service or all."""
    files = [LOGS / f"{name}.log" for name in _chosen(service, log_files.PARTS)]
    there = [str(file) for file in files if file.exists()]
    if not there:
        raise UserError("There are no logs yet; ./packwalk up makes some.")
    return subprocess.run(["tail", "-n", "200", *(["-F"] if follow else []), *there], check=False).returncode


def _chosen(one: str | None, of: Sequence[str]) -> Sequence[str]:
    if one and one not in of:
        raise UserError(f"There is no service '{one}'; there are {', '.join(of)}.")
    return [one] if one else of


def make_demo() -> int:
    """Make the demo in the system that runs."""
    port = run_state.require()["ports"]["gateway"]
    with demo_choice.recorded():
        demo.make(f"http://127.0.0.1:{port}")
    echo(demo_choice.welcome(port))
    return 0


def events(verb: str, service: str | None, rest: Sequence[str]) -> int:
    """Run a verb of events for one service, or for all."""
    there = run_state.require()
    worst = 0
    for name in _chosen(service, SERVICES):
        database = system.database(name, system.passwords(), there["ports"]["postgres"])
        env = environment.environment(**database.settings(), KAFKA_BOOTSTRAP_SERVERS=there["kafka"])
        command = system.command(name, "events", verb, *rest)
        worst = max(worst, subprocess.run(command, cwd=ROOT, env=env, check=False).returncode)
    return worst


def reset() -> int:
    """Stop, and remove all data; what is installed stays."""
    lock = _stopped()
    cluster = system.postgres()
    for data in (cluster.home, cluster.aside, STATE / BROKER):
        shutil.rmtree(data, ignore_errors=True)
    for file in (STATE / "secrets.json", *(system.key_file(service) for service in system.SIGNING)):
        file.unlink(missing_ok=True)
    lock.release()
    echo("All data is gone; ./packwalk up begins anew")
    return 0
