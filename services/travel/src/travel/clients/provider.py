"""What every provider of travel times can do, and how it can fail."""

from datetime import datetime, timedelta
from typing import Protocol

from chassis.breaker import Failed, TooSlow, Unreachable
from travel.rules.batching import Matrix, MatrixLimits
from travel.rules.model import FallbackReason, Mode, Source, TripTime

__all__ = [
    "AccessDenied",
    "Element",
    "InvalidQuery",
    "InvalidResponse",
    "Provider",
    "RateLimited",
    "TooSlow",
    "Unreachable",
    "reason_of",
]

# One element of a matrix: the provider's travel time, or why there is none.
Element = TripTime | FallbackReason


class RateLimited(Failed):
    """Too many requests at once; a little later they may be answered."""


class InvalidResponse(Failed):
    """The answer cannot be understood."""


class AccessDenied(Failed):
    """The provider refuses us until an operator sees to the key or the billing. `why`: the provider's own word."""

    def __init__(self, why: str, rest_s: float) -> None:
        super().__init__(why)
        self.why = why
        self.rest_s = rest_s


class InvalidQuery(Exception):  # noqa: N818 - says nothing against the provider
    """The provider says that our query is wrong: a defect of ours, whatever the provider's state."""


class Provider(Protocol):
    """A service that knows how long ways take."""

    source: Source

    def limits(self, mode: Mode) -> MatrixLimits:
        """Return what one request may hold."""
        ...

    def horizon(self, mode: Mode) -> timedelta:
        """Return how far ahead a departure may lie."""
        ...

    async def fetch(self, mode: Mode, matrix: Matrix, depart_at: datetime) -> list[list[Element]]:
        """Fetch a matrix: a row for each origin, an element for each destination.

        Sets no limit of time: the caller does. Raises Unreachable, RateLimited, InvalidResponse, AccessDenied or InvalidQuery.
        """
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...


def reason_of(error: Exception) -> FallbackReason:
    """Return the reason that stands for an error."""
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return reason
    return FallbackReason.BROKEN


_REASONS = (
    (Unreachable, FallbackReason.AWAY),
    (TooSlow, FallbackReason.SLOW),
    (TimeoutError, FallbackReason.SLOW),
    (RateLimited, FallbackReason.LIMIT),
    (AccessDenied, FallbackReason.REFUSED),
    (InvalidQuery, FallbackReason.INVALID),
)
