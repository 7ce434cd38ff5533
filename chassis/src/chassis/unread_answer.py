"""An answer that lies unsent because its client does not read."""

from chassis.connection_limits import ConnectionLimits


class UnreadAnswer:
    """The unsent bytes of one connection, and how much longer its client may leave them there."""

    def __init__(self, limits: ConnectionLimits) -> None:
        self._limits = limits
        self._unsent_bytes = 0
        self._left_s = limits.unread_s

    def client_reads(self) -> None:
        """Give the client its whole time again."""
        self._left_s = self._limits.unread_s

    def stalled(self, unsent_bytes: int, seconds: float) -> bool:
        """Count a time in which the client took what it took. Returns whether its time is over."""
        if not unsent_bytes or unsent_bytes <= self._unsent_bytes - self._limits.answer_bytes:
            self._unsent_bytes, self._left_s = unsent_bytes, self._limits.unread_s
            return False
        self._unsent_bytes = self._unsent_bytes or unsent_bytes
        self._left_s -= seconds
        return self._left_s <= 0
