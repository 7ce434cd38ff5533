"""Waiting that grows with each failure, and that ends at once when it is time to end."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress


class Backoff:
    """The pauses of one consumer, until its end."""

    def __init__(self) -> None:
        self._ending = asyncio.Event()

    def end(self) -> None:
        """End every pause, now and later."""
        self._ending.set()

    @property
    def ended(self) -> bool:
        """Whether it is time to end."""
        return self._ending.is_set()

    async def pause(self, pauses_s: Sequence[float], turn: int) -> bool:
        """Wait a little longer each turn. Returns False when it is time to end."""
        with suppress(TimeoutError):
            async with asyncio.timeout(pauses_s[min(turn, len(pauses_s) - 1)]):
                await self._ending.wait()
        return not self._ending.is_set()
