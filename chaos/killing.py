"""Whatever runs is killed in turn: each service, the broker, the database's server, and one of its sessions' processes."""

import random
import signal
from collections.abc import Iterator
from contextlib import suppress

import psutil

from chassis.testing import eventually
from launcher import processes
from launcher.installation import Installation
from launcher.starter import answers

SESSION = "a session of postgres"
PARTS = ("gateway", "booking", "postgres", "travel", "kafka", SESSION)


def in_turn(chance: random.Random) -> Iterator[str]:
    """Say what to kill next: each once before any comes again, in another order each time."""
    while True:
        yield from chance.sample(PARTS, len(PARTS))


def kill(installation: Installation, part: str, chance: random.Random) -> None:
    """Kill a part. Returns once it is gone; the supervisor starts it again."""
    if part == SESSION:
        _kill_a_session(installation, chance)
        return
    process = installation.run_state()["processes"][part]
    processes.send_signal(process, signal.SIGKILL)
    eventually(lambda: not processes.alive(process), f"{part} is gone")


def is_back(installation: Installation) -> bool:
    """Whether every part runs and is ready."""
    there = installation.run_state()
    return all(processes.alive(process) for process in there["processes"].values()) and all(
        answers(f"http://127.0.0.1:{there['ports'][service]}/readyz") for service in ("travel", "booking", "gateway")
    )


def _kill_a_session(installation: Installation, chance: random.Random) -> None:
    postmaster = psutil.Process(installation.run_state()["processes"]["postgres"][0])
    with suppress(psutil.NoSuchProcess):
        sessions = [one for one in postmaster.children() if "postgres: booking" in " ".join(one.cmdline())]
        if sessions:
            chance.choice(sessions).kill()
