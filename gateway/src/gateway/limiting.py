"""How often somebody may do something. Counted in this process: with n replicas the limits are n times as high."""

import math
import time

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from chassis.problems import TooManyRequests
from gateway.failure_delays import FailureDelays, Key
from gateway.settings import Settings


class Limits:
    """The limits of sign-in, registration and writes."""

    def __init__(self, settings: Settings) -> None:
        # Exact: an approximate window lets one more in where its minute turns.
        self._windows = MovingWindowRateLimiter(MemoryStorage())
        self._sign_ins = parse(settings.sign_ins_per_address)
        self._registrations = parse(settings.registrations_per_address)
        self._writes = parse(settings.writes_per_account)
        self.failures = FailureDelays(
            settings.sign_in_failures_free, settings.sign_in_delay_first_s, settings.sign_in_delay_longest_s
        )

    async def sign_in(self, who: str) -> None:
        """Count an attempt to sign in of an address or a browser. Raises TooManyRequests."""
        await self._count(self._sign_ins, "sign-in", who)

    def place(self, slug: str | None, email: str, address: str) -> Key:
        """Return what failed passwords are counted by. slug: of the business that was named, None: none was."""
        return "place", slug or "", email, address

    def refuse_guesses(self, place: Key) -> None:
        """Raise TooManyRequests while a place has to wait for its failures.

        Ask before a password is checked and again when it fitted: then a hundred guesses at once learn no more than a few in turn.
        """
        wait_s = self.failures.wait_s(place, time.monotonic())
        if wait_s:
            raise too_many_failures(wait_s)

    def guessed_wrong(self, place: Key) -> None:
        """Count a wrong password. Raises TooManyRequests, and counts nothing, when it was one too many."""
        self.refuse_guesses(place)
        self.failures.failed(place, time.monotonic())

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
