"""Processes by pid and start time, so that nobody else's is taken for ours after a pid came round again."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from launcher.machine import HANG_S, UserError

_LOOKS_EVERY_S = 0.05


def identity(pid: int) -> list[int]:
    """Return [pid, start time in clock ticks since boot]; the start time is 0 for a process that is gone."""
    return [pid, _started(pid)]


def alive(process: list[int]) -> bool:
    """Whether that very process runs still."""
    pid, started = process
    return started != 0 and _started(pid) == started


def send_signal(process: list[int], signal_number: int) -> None:
    """Signal a process, if it is still the one."""
    if alive(process):
        with suppress(ProcessLookupError):
            os.kill(process[0], signal_number)


def wait_or_kill(child: "subprocess.Popen[bytes]") -> None:
    """Wait until a child that was asked to end has ended; one that hangs is killed."""
    try:
        child.wait(HANG_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def kill_all(find: Callable[[], list[list[int]]]) -> bool:
    """Kill the processes that `find` lists until it lists none. Returns whether there were any. Raises UserError when they do not end."""
    found, ends_at = False, time.monotonic() + HANG_S
    while left := find():
        found = True
        if time.monotonic() > ends_at:
            raise UserError(f"Processes of an earlier start do not end: {', '.join(str(pid) for pid, _ in left)}")
        for process in left:
            send_signal(process, signal.SIGKILL)
        time.sleep(_LOOKS_EVERY_S)
    return found


def with_environment(variable: str, value: str) -> list[list[int]]:
    """List the processes that have a variable in their environment, whoever started them."""
    wanted = f"{variable}={value}".encode()
    return _matching(lambda folder: wanted in (folder / "environ").read_bytes().split(b"\0"))


def with_working_directory(place: Path) -> list[list[int]]:
    """List the processes whose working directory is `place`."""
    return _matching(lambda folder: (folder / "cwd").readlink() == place)


def name(process: list[int]) -> str:
    """Return what a process is called; nothing when it is gone."""
    with suppress(OSError):
        return Path(f"/proc/{process[0]}/comm").read_text().strip()
    return ""


def _matching(asked: Callable[[Path], bool]) -> list[list[int]]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        # It may end while we look, or be somebody else's, which we may not look into.
        with suppress(OSError):
            if asked(folder):
                found.append(identity(int(folder.name)))
    return [one for one in found if alive(one)]


def _started(pid: int) -> int:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    fields = stat.rpartition(")")[2].split()
    return 0 if fields[0] == "Z" else int(fields[19])
