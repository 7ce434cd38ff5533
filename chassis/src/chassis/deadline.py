"""How long a request may still take; it shrinks on its way from service to service."""

import asyncio
from collections.abc import Mapping
from contextvars import ContextVar

HEADER = "x-deadline-ms"
_limit: ContextVar[asyncio.Timeout | None] = ContextVar("limit", default=None)
_ends_at: ContextVar[float | None] = ContextVar("deadline", default=None)


def begin(limit_s: float, offered_ms: str | None) -> float:
    """Start a request's time: ours, or the caller's where that is shorter. Returns seconds."""
    left = limit_s
    if offered_ms and offered_ms.isascii() and offered_ms.isdigit() and len(offered_ms) < 9:
        left = min(limit_s, int(offered_ms) / 1000)
    _ends_at.set(asyncio.get_running_loop().time() + left)
    return left


def hold(limit: asyncio.Timeout | None) -> None:
    """Remember what ends the request in progress when its time is over; None: nothing any more."""
    _limit.set(limit)


def lift() -> None:
    """Let the request in progress last as long as it will: its answer has begun."""
    _ends_at.set(None)
    if limit := _limit.get():
        limit.reschedule(None)


def remaining_s(at_most: float) -> float:
    """Return the seconds left of the request in progress, at most `at_most`; 0 when none are."""
    ends_at = _ends_at.get()
    if ends_at is None:
        return at_most
    return max(0.0, min(at_most, ends_at - asyncio.get_running_loop().time()))


def outgoing(at_most: float) -> Mapping[str, str]:
    """Return the header that tells the next service how long it has."""
    return {HEADER: str(int(remaining_s(at_most) * 1000))}
