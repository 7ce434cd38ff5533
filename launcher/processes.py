"""Processes by pid and start time, so that nobody else's is taken for ours after a pid came round again."""

import os
from contextlib import suppress
from pathlib import Path


def identity(pid: int) -> list[int]:
    """Return [pid, start time in clock ticks since boot]; the start time is 0 for a process that is gone."""
    return [pid, _started(pid)]


def alive(process: list[int]) -> bool:
    """Whether that very process runs still."""
    pid, started = process
    return started != 0 and _started(pid) == started


def send(process: list[int], signal_number: int) -> None:
    """Signal a process, if it is still the one."""
    if alive(process):
        with suppress(ProcessLookupError):
            os.kill(process[0], signal_number)


def _started(pid: int) -> int:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    fields = stat.rpartition(")")[2].split()
    return 0 if fields[0] == "Z" else int(fields[19])
