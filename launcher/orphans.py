"""What a killed supervisor left behind: services, servers, and commands that were under way."""

import os
import signal

from launcher import processes
from launcher.cluster import Cluster
from launcher.machine import STARTED_BY, STATE


def kill(cluster: Cluster) -> None:
    """End everything that any `up` of this checkout started. The caller holds the lock `up`."""
    # Postgres ends by its own means: its processes share memory, and the next server waits until all of them are gone.
    for process in _marked(but="postgres"):
        processes.send_signal(process, signal.SIGKILL)
    cluster.stop()
    processes.kill_all(lambda: _marked() + cluster.server_processes())
    # Nobody works in the data any more. A server that is dead but not buried by its parent, as in many containers, would look alive to the
    # next one.
    cluster.lock_file.unlink(missing_ok=True)


def _marked(but: str = "") -> list[list[int]]:
    return [
        one
        for one in processes.with_environment(STARTED_BY, str(STATE))
        if one[0] != os.getpid() and processes.name(one) != but
    ]
