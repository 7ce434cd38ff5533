"""Wait for what shall become true, instead of for a time."""

import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(true: Callable[[], T], what: str, within_s: float = 40) -> T:
    """Wait until something is true. Returns what it then is. Raises AssertionError that names it when it does not become so."""
    for _ in range(int(within_s * 50)):
        found = true()
        if found:
            return found
        threading.Event().wait(0.02)
    raise AssertionError(f"{what}: not within {within_s} s")
