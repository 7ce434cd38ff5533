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

    def taken(self) -> bool:
        """Take the lock unless somebody else has it. Returns whether it is ours now."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def take(self) -> Self:
        """Wait until the lock is ours."""
        fcntl.flock(self._file, fcntl.LOCK_EX)
        return self

    def let_go(self) -> None:
        """Close our end. A forked child that has the file open keeps the lock."""
        os.close(self._file)


@contextmanager
def alone(name: str) -> Iterator[Lock]:
    """Do something that no other process or thread of this checkout does at the same time."""
    lock = Lock(name)
    try:
        yield lock.take()
    finally:
        lock.let_go()
