"""Wait for what shall become true, instead of for a time."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# The bound of every wait of every test. Only a hang reaches it: where twenty others want the processor, a service takes a minute to start.
HANG_S = 300


def eventually(true: Callable[[], T | None], what: str) -> T:
    """Wait until something is true. Returns what it then is. Raises AssertionError that names it when it does not become so."""
    ends_at = time.monotonic() + HANG_S
    while not (found := true()):
        if time.monotonic() > ends_at:
            raise AssertionError(f"{what}: not within {HANG_S} s")
        threading.Event().wait(0.02)
    return found


def reaches(wanted: int, count: Callable[[], int], what: str) -> None:
    """Wait until a count is reached, for as long as it grows. Raises AssertionError that names it when it stands still."""
    while (now := count()) < wanted:
        eventually(lambda: count() > now, f"{what}: {now} of {wanted}, and then no more")
