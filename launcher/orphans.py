"""What a killed supervisor left behind: services, servers, and commands that were under way."""

import os
import signal
import time

from launcher import processes
from launcher.cluster import Cluster
from launcher.machine import HANG_S, STARTED_BY, STATE, UserError


def kill(cluster: Cluster) -> None:
    """End everything that any `up` of this checkout started. The caller holds the lock `up`."""
    # Postgres ends by its own means: its processes share memory, and the next server waits until all of them are gone.
    _kill(_marked(but="postgres"))
    cluster.stop()
    ends_at = time.monotonic() + HANG_S
    while left := _marked() + cluster.server_processes():
        if time.monotonic() > ends_at:
            raise UserError(f"Processes of an earlier start do not end: {', '.join(str(pid) for pid, _ in left)}")
        _kill(left)
        time.sleep(0.05)
    # Nobody works in the data any more. A server that is dead but not buried by its parent, as in many containers, would look alive to the
    # next one.
    cluster.lock_file.unlink(missing_ok=True)


def _marked(but: str = "") -> list[list[int]]:
    return [
        one
        for one in processes.with_environment(STARTED_BY, str(STATE))
        if one[0] != os.getpid() and processes.name(one) != but
    ]


def _kill(left: list[list[int]]) -> None:
    for process in left:
        processes.send_signal(process, signal.SIGKILL)
