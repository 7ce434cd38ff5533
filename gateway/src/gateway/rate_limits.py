"""Rate limits of sign-in, registration and writes. Counted in this process: with n replicas the limits are n times as high."""

import math
import time

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from chassis.problems import TooManyRequests
from gateway.rules.failure_delays import FailureDelays, Key
from gateway.settings import Settings


class RateLimits:
    """The limits of this process."""

    def __init__(self, settings: Settings) -> None:
        # Exact: an approximate window lets one more in where its minute turns.
        self._windows = MovingWindowRateLimiter(MemoryStorage())
        self._sign_ins = parse(settings.sign_ins_per_address)
        self._registrations = parse(settings.registrations_per_address)
        self._writes = parse(settings.writes_per_account)
        self.failures = FailureDelays(
            settings.sign_in_failures_free, settings.sign_in_delay_first_s, settings.sign_in_delay_longest_s
        )

    async def count_sign_in(self, client: str) -> None:
        """Count an attempt to sign in from an address or a browser. Raises TooManyRequests."""
        await self._count(self._sign_ins, "sign-in", client)

    def guess_key(self, slug: str | None, email: str, address: str) -> Key:
        """Return the key by which wrong passwords are counted. slug: of the named business, None: none was named."""
        return "guess", slug or "", email, address

    def refuse_guess(self, guess: Key) -> None:
        """Raise TooManyRequests while a key has to wait for its failures.

        Ask before a password is checked, and again when it fitted: then a hundred guesses at once learn no more than a few in turn.
        """
        wait_s = self.failures.wait_s(guess, time.monotonic())
        if wait_s:
            raise too_many_failures(wait_s)

    def count_wrong_guess(self, guess: Key) -> None:
        """Count a wrong password. Raises TooManyRequests, and counts nothing, when it was one too many."""
        self.refuse_guess(guess)
        self.failures.failed(guess, time.monotonic())

    async def count_registration(self, address: str) -> None:
        """Count a registration. Raises TooManyRequests."""
        await self._count(self._registrations, "register", address)

    async def count_write(self, account_id: str) -> None:
        """Count a write by an account. Raises TooManyRequests."""
        await self._count(self._writes, "write", account_id)

    async def _count(self, limit: RateLimitItem, *key: str) -> None:
        if not await self._windows.hit(limit, *key):
            raise await self._refusal(limit, *key)

    async def _refusal(self, limit: RateLimitItem, *key: str) -> TooManyRequests:
        window = await self._windows.get_window_stats(limit, *key)
        return _too_many(window.reset_time - time.time())


def too_many_failures(wait_s: float) -> TooManyRequests:
    """Refuse to look at a password for a while."""
    return _too_many(wait_s, "There were too many wrong passwords. ")


def _too_many(wait_s: float, why: str = "") -> TooManyRequests:
    seconds = max(1, math.ceil(wait_s))
    words = f"{why}Please wait {in_words(seconds)} and try again."
    return TooManyRequests(words, headers={"retry-after": str(seconds)})


def in_words(seconds: int) -> str:
    """Say how long to wait, never less: in seconds up to a minute and a half, then in minutes."""
    number, unit = (seconds, "second") if seconds <= 90 else (math.ceil(seconds / 60), "minute")
    return f"{number} {unit}{'' if number == 1 else 's'}"
