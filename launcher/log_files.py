"""The logs of what runs, in `.packwalk/logs`: one file a part and the one before it, neither of them large."""

import os
import shutil

from launcher.system import BROKER, LOGS, POSTGRES, SERVICES

PARTS = (*SERVICES, BROKER, POSTGRES)
_LARGEST_BYTES = 20 * 2**20


def rotate() -> None:
    """Keep the logs of the run before as `.1`."""
    LOGS.mkdir(parents=True, exist_ok=True)
    for name in PARTS:
        log = LOGS / f"{name}.log"
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
        log.touch()


def rotate_large(largest_bytes: int = _LARGEST_BYTES) -> None:
    """Move what was logged to `.1` where a log has grown large. Whoever writes goes on with the same file, at its end."""
    for name in (*PARTS, "up"):
        log = LOGS / f"{name}.log"
        if log.exists() and log.stat().st_size > largest_bytes:
            shutil.copyfile(log, log.with_suffix(".log.1"))
            os.truncate(log, 0)
