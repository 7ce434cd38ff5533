"""Delays after failures: none for the first few, then twice as long each time.

Counted in this process, and forgotten a day after the last failure, or earlier where very many fail.
"""

from collections import OrderedDict
from typing import NamedTuple

_FORGOTTEN_AFTER_S = 24 * 3600.0
_REMEMBERED_AT_MOST = 100_000
_DOUBLED_AT_MOST = 32

Key = tuple[str, ...]


class _Failures(NamedTuple):
    number: int
    last_at: float


class FailureDelays:
    """Failures by key. Times are seconds of one clock that never goes back."""

    def __init__(self, free: int, first_s: float, longest_s: float) -> None:
        self._free = free
        self._first_s = first_s
        self._longest_s = longest_s
        self._failures: OrderedDict[Key, _Failures] = OrderedDict()

    def wait_s(self, key: Key, now: float) -> float:
        """Return how long the next try of a key has to wait; 0: it may be made now."""
        failures = self._known(key, now)
        return max(0.0, failures.last_at + self._delay_s(failures.number) - now)

    def failed(self, key: Key, now: float) -> None:
        """Count a failure."""
        self._failures[key] = _Failures(self._known(key, now).number + 1, now)
        self._failures.move_to_end(key)
        if len(self._failures) > _REMEMBERED_AT_MOST:
            self._failures.popitem(last=False)

    def _known(self, key: Key, now: float) -> _Failures:
        failures = self._failures.get(key)
        if failures is None or failures.last_at + _FORGOTTEN_AFTER_S <= now:
            return _Failures(0, now)
        return failures

    def _delay_s(self, failures: int) -> float:
        if failures < self._free:
            return 0.0
        return min(self._first_s * 2.0 ** min(failures - self._free, _DOUBLED_AT_MOST), self._longest_s)
