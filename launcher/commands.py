"""Commands that run to their end, or until we are asked to stop."""

import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from launcher.machine import HANG_S, ROOT, UserError

_LAST_LINES = 15

_under_way: set[subprocess.Popen[str]] = set()
_changing = threading.Lock()
_stopping = threading.Event()


class Stopped(Exception):  # noqa: N818 - not an error: somebody asked for it
    """Somebody asked us to stop."""


def run(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    why: str = "",
    holding: Sequence[int] = (),
    to_its_end: bool = False,
) -> str:
    """Run a command. Returns what it printed. Raises UserError with its last words, Stopped after `stop_all`.

    holding: open files that the command gets too. to_its_end: `stop_all` lets it finish.
    """
    process = _started([str(part) for part in command], env, cwd, holding, stoppable=not to_its_end)
    try:
        said, _ = process.communicate()
    except BaseException:
        _end(process)
        raise
    finally:
        _under_way.discard(process)
    if _stopping.is_set():
        raise Stopped
    if process.returncode:
        tail = "\n".join(said.strip().splitlines()[-_LAST_LINES:])
        raise UserError(f"{why or command[0]}: failed ({process.returncode}).\n{tail}".rstrip())
    return said


def stop_all() -> None:
    """End every command that runs, and start no other from now on."""
    with _changing:
        _stopping.set()
        processes = list(_under_way)
        for process in processes:
            _signal(process, signal.SIGTERM)
        for process in processes:
            _end(process)


def _started(
    command: list[str], env: Mapping[str, str] | None, cwd: Path, holding: Sequence[int], *, stoppable: bool
) -> "subprocess.Popen[str]":
    with _changing:
        if _stopping.is_set():
            raise Stopped
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=None if env is None else dict(env),
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=tuple(holding),
            # Ctrl-C is for us; and whatever the command starts ends with it.
            start_new_session=True,
        )
        if stoppable:
            _under_way.add(process)
    return process


def _end(process: "subprocess.Popen[str]") -> None:
    for how in (signal.SIGTERM, signal.SIGKILL):
        _signal(process, how)
        with suppress(subprocess.TimeoutExpired):
            process.wait(HANG_S)
            return


def _signal(process: "subprocess.Popen[str]", how: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, how)
