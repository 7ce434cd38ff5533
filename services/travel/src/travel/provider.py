"""What every provider can do, and how it can fail."""

from datetime import datetime, timedelta
from typing import Protocol

from chassis.breaker import Failed, TooSlow, Unreachable
from travel.matrices import Limits, Matrix
from travel.model import Figure, Mode, Reason, Source

__all__ = ["Broken", "Cell", "Invalid", "Limited", "NeedsOperator", "Provider", "TooSlow", "Unreachable", "reason_of"]

# One element of a matrix: what the provider says of it, or why it says nothing.
Cell = Figure | Reason


class Limited(Failed):
    """Too many questions at once; a little later they may be answered."""


class Broken(Failed):
    """The answer cannot be understood."""


class NeedsOperator(Failed):
    """The provider will not serve us until somebody does something about the key or the billing. `why`: the provider's own word."""

    def __init__(self, why: str, rest_s: float) -> None:
        super().__init__(why)
        self.why = why
        self.rest_s = rest_s


class Invalid(Exception):  # noqa: N818 - says nothing against the provider
    """The provider says that our question is wrong: a defect of ours, whatever its state."""


class Provider(Protocol):
    """Somebody who knows how long ways take."""

    source: Source

    def limits(self, mode: Mode) -> Limits:
        """Return what one request may hold."""
        ...

    def horizon(self, mode: Mode) -> timedelta:
        """Return how far ahead a departure may lie."""
        ...

    async def ask(self, mode: Mode, matrix: Matrix, depart_at: datetime) -> list[list[Cell]]:
        """Ask for a matrix: a row for each origin, a cell for each destination.

        Takes as long as it takes: whoever asks sets the limit. Raises Unreachable, Limited, Broken, NeedsOperator or Invalid.
        """
        ...

    async def close(self) -> None:
        """Hang up."""
        ...


def reason_of(error: Exception) -> Reason:
    """Say in one word why a question was not answered."""
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return reason
    return Reason.BROKEN


_REASONS = (
    (Unreachable, Reason.AWAY),
    (TooSlow, Reason.SLOW),
    (TimeoutError, Reason.SLOW),
    (Limited, Reason.LIMIT),
    (NeedsOperator, Reason.REFUSED),
    (Invalid, Reason.INVALID),
)
