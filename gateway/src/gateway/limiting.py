"""How often somebody may do something. Counted in this process: with n replicas the limits are n times as high."""

import math
import time

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from chassis.problems import TooManyRequests
from gateway.settings import Settings


class Limits:
    """The limits of sign-in, registration and writes."""

    def __init__(self, settings: Settings) -> None:
        # Exact: an approximate window lets one more in where its minute turns.
        self._windows = MovingWindowRateLimiter(MemoryStorage())
        self._failures_here = parse(settings.sign_in_failures_per_account_and_address)
        self._failures_anywhere = parse(settings.sign_in_failures_per_account)
        self._sign_ins = parse(settings.sign_ins_per_address)
        self._registrations = parse(settings.registrations_per_address)
        self._writes = parse(settings.writes_per_account)

    async def sign_in(self, address: str) -> None:
        """Count an attempt to sign in. Raises TooManyRequests."""
        await self._count(self._sign_ins, "sign-in", address)

    async def guesses(self, email: str, address: str) -> None:
        """Look whether too many attempts failed lately. Raises TooManyRequests.

        Ask before the password is checked and again when it fitted: then a hundred guesses at once learn no more than ten in turn.
        """
        for limit, key in self._failures(email, address):
            if not await self._windows.test(limit, *key):
                raise await self._refusal(limit, *key)

    async def guessed_wrong(self, email: str, address: str) -> None:
        """Count a wrong password. Raises TooManyRequests when it was one too many."""
        for limit, key in self._failures(email, address):
            await self._count(limit, *key)

    def _failures(self, email: str, address: str) -> tuple[tuple[RateLimitItem, tuple[str, ...]], ...]:
        return (self._failures_here, ("here", email, address)), (self._failures_anywhere, ("anywhere", email))

    async def register(self, address: str) -> None:
        """Count a registration. Raises TooManyRequests."""
        await self._count(self._registrations, "register", address)

    async def write(self, account_id: str) -> None:
        """Count a write of an account. Raises TooManyRequests."""
        await self._count(self._writes, "write", account_id)

    async def _count(self, limit: RateLimitItem, *key: str) -> None:
        if not await self._windows.hit(limit, *key):
            raise await self._refusal(limit, *key)

    async def _refusal(self, limit: RateLimitItem, *key: str) -> TooManyRequests:
        window = await self._windows.get_window_stats(limit, *key)
        wait_s = max(1, math.ceil(window.reset_time - time.time()))
        words = f"Please wait {wait_s} second{'s' if wait_s > 1 else ''} and try again."
        return TooManyRequests(words, headers={"retry-after": str(wait_s)})
