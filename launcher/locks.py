"""Locks between processes and threads: files that the kernel unlocks when their holder ends, however it ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from launcher.machine import STATE


class Lock:
    """A lock of this checkout. Children that are forked hold it too; commands that are run do not."""

    def __init__(self, name: str) -> None:
        folder = STATE / "locks"
        folder.mkdir(parents=True, exist_ok=True)
        self._file = os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)

    def fileno(self) -> int:
        """Return the open file, for a command that shall hold the lock as long as it lives."""
        return self._file

    def try_acquire(self) -> bool:
        """Take the lock unless another process has it. Returns whether it is ours now."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def acquire(self) -> Self:
        """Wait until the lock is ours."""
        fcntl.flock(self._file, fcntl.LOCK_EX)
        return self

    def release(self) -> None:
        """Close our end. A forked child that has the file open keeps the lock."""
        os.close(self._file)


@contextmanager
def exclusive(name: str) -> Iterator[Lock]:
    """Hold a lock during the block, which no other process or thread of this checkout enters meanwhile."""
    lock = Lock(name)
    try:
        yield lock.acquire()
    finally:
        lock.release()
