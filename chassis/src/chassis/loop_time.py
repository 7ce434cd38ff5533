"""Time as this process saw it: somebody else was slow only while our own event loop had time to look for the answer.

On a busy machine a process may get no processor for seconds. Its timers are then over at once, although the answers lie in its sockets,
and it would blame an upstream for what it did not read.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self

_TURNS = 20


class LoopTimeBudget:
    """So many seconds of the event loop's attention, counted in twentieths; a twentieth counts once, however late the loop comes to it.

    On a machine at leisure these are seconds of the clock. Use it as a context manager; several tasks may share it.
    """

    def __init__(self, seconds: float) -> None:
        self._turn_s = seconds / _TURNS
        self._turns_left = _TURNS
        self._limits: set[asyncio.Timeout] = set()
        self._next: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        self._wait()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._next:
            self._next.cancel()

    @property
    def left(self) -> float:
        """Return the share that is left, from 1 down to 0."""
        return self._turns_left / _TURNS

    @asynccontextmanager
    async def limit(self) -> AsyncIterator[None]:
        """End what runs in the block when the budget is used up. Raises TimeoutError."""
        async with asyncio.timeout(None if self._turns_left else 0) as limit:
            self._limits.add(limit)
            try:
                yield
            finally:
                self._limits.discard(limit)

    def _wait(self) -> None:
        self._next = asyncio.get_running_loop().call_later(self._turn_s, self._turn)

    def _turn(self) -> None:
        self._turns_left -= 1
        if self._turns_left:
            self._wait()
            return
        for limit in self._limits:
            limit.reschedule(0)


@asynccontextmanager
async def loop_timeout(seconds: float) -> AsyncIterator[None]:
    """End what runs in the block after so many seconds of the event loop's attention. Raises TimeoutError."""
    async with LoopTimeBudget(seconds) as whole, whole.limit():
        yield
