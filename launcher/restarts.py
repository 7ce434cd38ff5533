"""When a part that died is started again: at once at first, later after each death, at once again after a time of health."""

from dataclasses import dataclass

_PAUSES_S = (0.5, 1, 2, 5, 10)
_WELL_AFTER_S = 60


@dataclass
class Restarts:
    """What is known of one part. Instants are of a monotonic clock, in seconds."""

    deaths: int = 0
    due_at: float | None = None
    _in_a_row: int = 0
    _started_at: float = 0.0

    def died(self, now: float) -> float:
        """Note a death. Returns the pause until the next start, in seconds."""
        if now - self._started_at >= _WELL_AFTER_S:
            self._in_a_row = 0
        pause = _PAUSES_S[min(self._in_a_row, len(_PAUSES_S) - 1)]
        self._in_a_row += 1
        self.deaths += 1
        self.due_at = now + pause
        return pause

    def started(self, now: float) -> None:
        """Note that it was started again."""
        self.due_at = None
        self._started_at = now
