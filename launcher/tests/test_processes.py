"""Nobody else's process is taken for ours."""

import os
import signal
import subprocess
import sys

from launcher import processes


def test_a_process_is_known_by_its_start_time_too() -> None:
    mine = processes.identity(os.getpid())
    assert processes.alive(mine)
    assert not processes.alive([mine[0], mine[1] + 1])


def test_a_process_that_ended_is_not_alive_and_is_not_signalled() -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as child:
        identity = processes.identity(child.pid)
        assert processes.alive(identity)
        processes.send_signal([identity[0], identity[1] + 1], signal.SIGKILL)
        assert child.poll() is None
        processes.send_signal(identity, signal.SIGKILL)
        assert child.wait() == -signal.SIGKILL
    assert not processes.alive(identity)
    processes.send_signal(identity, signal.SIGKILL)
